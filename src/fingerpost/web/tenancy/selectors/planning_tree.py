"""What a list of the tree would change: every fault of every line first, then the changes. Writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.ids import new_id
from fingerpost.web.tenancy.enums import OrganisationKind
from fingerpost.web.tenancy.listed import FIRST_DAY, Listed, ReadList
from fingerpost.web.tenancy.models import Belonging, Organisation
from fingerpost.web.tenancy.selectors.access import below
from fingerpost.web.tenancy.selectors.planning import Plan, by_code, changed, iso, new_change
from fingerpost.web.tenancy.selectors.tree import parent_on
from fingerpost.web.tenancy.tree_rules import MAY_BE_PART_OF, NEEDS_SUCCESSOR

Fault = tuple[str, str, str, str]
MOST_LINES = 50  # of one code


@dataclass
class _Ground:
    """What is here, and what the lines that still stand would add."""

    here: dict[str, Organisation]
    root: Organisation
    reach: frozenset[UUID]
    moves: dict[UUID, list[Belonging]]
    today: date
    lines: dict[str, list[Listed]] = field(default_factory=lambda: defaultdict(list))
    made: dict[str, UUID] = field(default_factory=dict)

    def kind_of(self, code: str) -> OrganisationKind | None:
        held = self.here.get(code)
        if held is not None:
            return OrganisationKind(held.kind)
        said = next((row.kind for row in self.lines.get(code, ()) if row.kind), "")
        return OrganisationKind(said) if said else None

    def days_of(self, code: str) -> tuple[date | None, date | None]:
        """When it opens and closes, as the list has it, or else as it is here."""
        held = self.here.get(code)
        rows = self.lines.get(code, ())
        opens = next((row.opens_on for row in rows if row.opens_on), held.opens_on if held else None)
        closes = next((row.closes_on for row in rows if row.closes_on), held.closes_on if held else None)
        return opens, closes


def plan_tree(read: ReadList, *, root: Organisation, today: date) -> Plan:
    """A line that is refused takes with it those that stand on it; each is told with its reason."""
    here = by_code()
    if root.code:
        here[root.code] = root
    moves: dict[UUID, list[Belonging]] = defaultdict(list)
    for one in Belonging.objects.filter(withdrawn_at=None):
        moves[one.organisation_id].append(one)
    ground = _Ground(here, root, below([root.pk]), moves, today)
    rows = _standing(read, list(read.rows), ground)
    plan = Plan(known=len(ground.reach))
    for code in _parents_first(ground):
        _plan_one(plan, ground, code)
    _told(plan, rows)
    return plan


def _standing(read: ReadList, rows: list[Listed], ground: _Ground) -> list[Listed]:
    """The lines against which nothing stands; asked again until no further one falls."""
    rows = _without_crowds(read, rows)
    while True:
        ground.lines = defaultdict(list)
        for row in rows:
            ground.lines[row.code].append(row)
        circles = _circles(ground)
        refused: set[int] = set()
        for row in rows:
            faults = _faults(row, ground, circles)
            for fault in faults:
                read.refuse(row.line, *fault)
            if faults:
                refused.add(row.line)
        if not refused:
            return rows
        rows = [row for row in rows if row.line not in refused]


def _without_crowds(read: ReadList, rows: list[Listed]) -> list[Listed]:
    """Lines of one code are compared with each other: a list that has one code and nothing else would take for ever."""
    crowded = {code for code, lines in Counter(row.code for row in rows).items() if lines > MOST_LINES}
    for row in rows:
        if row.code in crowded:
            reason = _("more than %(most)s lines have this code") % {"most": MOST_LINES}
            read.refuse(row.line, "code", row.code, reason, _("Give a line for each change, and no more."))
    return [row for row in rows if row.code not in crowded]


def _faults(row: Listed, ground: _Ground, circles: set[str]) -> list[Fault]:
    held = ground.here.get(row.code)
    faults = _faults_of_known(row, held, ground) if held else _faults_of_new(row, ground)
    faults += _against_other_lines(row, ground)
    if row.code in circles and row.part_of:
        faults.append(
            (
                "part of",
                row.part_of,
                _("the lines of this list make it part of itself"),
                _("Look at what these lines are part of: one of them has a slip."),
            )
        )
    if row.part_of:
        faults += _faults_of_place(row, held, ground)
    elif row.part_of_from:
        faults.append(
            (
                "part of",
                "",
                _("a day is given, and not what it is part of"),
                _("Give the code of the larger one."),
            )
        )
    return faults


def _faults_of_new(row: Listed, ground: _Ground) -> list[Fault]:
    faults = []
    if not any(one.name for one in ground.lines[row.code]):
        faults.append(
            (
                "code",
                row.code,
                _("this code is not known, and no name is given"),
                _("Correct it, or give a name."),
            )
        )
    kind = ground.kind_of(row.code)
    if kind is None:
        faults.append(
            ("kind", "", _("this code is not known, and no kind is given"), _("Correct it, or give a kind."))
        )
    elif kind == OrganisationKind.SYSTEM:
        faults.append(
            (
                "kind",
                row.kind,
                _("a system is not made by a list"),
                _("It is set up by a command: fingerpost."),
            )
        )
    return faults


def _faults_of_known(row: Listed, held: Organisation, ground: _Ground) -> list[Fault]:
    faults = []
    if held.pk not in ground.reach:
        faults.append(
            (
                "code",
                row.code,
                _("%(name)s is not part of %(root)s") % {"name": held.name, "root": ground.root.name},
                _("Ask whoever administers it."),
            )
        )
    if row.kind and row.kind != held.kind:
        faults.append(
            (
                "kind",
                row.kind,
                _("%(name)s is a %(kind)s here") % {"name": held.name, "kind": held.get_kind_display()},
                _("Leave the kind empty, or correct the code."),
            )
        )
    closes = row.closes_on if row.closes_on != held.closes_on else None
    if closes and (held.kind in NEEDS_SUCCESSOR or _has_open_parts(held, closes, ground)):
        faults.append(
            (
                "closed on",
                closes.isoformat(),
                _("somebody has to go on in its place, or with what is part of it"),
                _("Close it on its own page, where that is asked."),
            )
        )
    if row.opens_on and held.closes_on and not row.closes_on and row.opens_on >= held.closes_on:
        faults.append(
            ("opened on", row.opens_on.isoformat(), _("it closed before this day"), _("Check both days."))
        )
    return faults


def _has_open_parts(held: Organisation, day: date, ground: _Ground) -> bool:
    return held.kind != OrganisationKind.PRACTICE and any(
        one.is_open(day) and parent_on(one, day, moves=ground.moves.get(one.pk, ())) == held.pk
        for one in ground.here.values()
    )


def _against_other_lines(row: Listed, ground: _Ground) -> list[Fault]:
    faults: list[Fault] = []
    for other in ground.lines[row.code]:
        if other.line == row.line:
            continue
        said = {"line": other.line}
        if row.part_of and other.part_of and row.part_of_from == other.part_of_from:
            if row.part_of != other.part_of:
                faults.append(
                    (
                        "part of",
                        row.part_of,
                        _("line %(line)s makes it part of another at the same time") % said,
                        _("Keep one, or give each its day."),
                    )
                )
            elif other.line < row.line:
                faults.append(("code", row.code, _("line %(line)s says the same") % said, _("Take one out.")))
        for column in ("name", "kind"):
            mine, theirs = getattr(row, column), getattr(other, column)
            if other.line < row.line and mine and theirs and mine != theirs:
                faults.append(
                    (
                        column,
                        mine,
                        _("line %(line)s says otherwise") % said,
                        _("Correct one of the two lines."),
                    )
                )
        if other.line < row.line and not row.part_of and not other.part_of:
            faults.append(
                ("code", row.code, _("line %(line)s has this code already") % said, _("Take one out."))
            )
    return faults


def _faults_of_place(row: Listed, held: Organisation | None, ground: _Ground) -> list[Fault]:
    kind, larger = ground.kind_of(row.code), ground.kind_of(row.part_of)
    parent = ground.here.get(row.part_of)
    if larger is None:
        return [("part of", row.part_of, _("this code is not known"), _("Correct it, or add a line for it."))]
    faults: list[Fault] = []
    if parent is not None and parent.pk not in ground.reach:
        faults.append(
            ("part of", row.part_of, _("%(name)s is not yours") % {"name": parent.name}, _("Choose another."))
        )
    if kind is not None and larger not in MAY_BE_PART_OF[kind]:
        faults.append(
            (
                "part of",
                row.part_of,
                _("a %(kind)s cannot be part of a %(larger)s") % {"kind": kind.label, "larger": larger.label},
                _("Correct the kind or the code."),
            )
        )
    since = _since(row, held, parent, ground)
    if since is None:
        faults.append(
            (
                "part of since",
                "",
                _("it is part of another today, and no day is given for the change"),
                _("Give the day from which it is part of this one."),
            )
        )
        return faults
    (opens, closes), (parent_opens, parent_closes) = ground.days_of(row.code), ground.days_of(row.part_of)
    if (opens and since < opens and row.part_of_from) or (closes and since >= closes):
        faults.append(
            (
                "part of since",
                since.isoformat(),
                _("it is not open on this day"),
                _("Check the days of the line."),
            )
        )
    if (parent_opens and max(since, opens or since) < parent_opens) or (
        parent_closes and since >= parent_closes
    ):
        faults.append(
            (
                "part of since",
                since.isoformat(),
                _("%(code)s is not open on this day") % {"code": row.part_of},
                _("Check the days of both lines."),
            )
        )
    return faults


def _since(
    row: Listed, held: Organisation | None, parent: Organisation | None, ground: _Ground
) -> date | None:
    """From when the line holds; none when it would change what holds and does not say from when."""
    if row.part_of_from:
        return row.part_of_from
    if held is None:
        return ground.days_of(row.code)[0] or ground.days_of(row.part_of)[0] or FIRST_DAY
    stands = parent_on(held, ground.today, moves=ground.moves.get(held.pk, ()))
    if stands is None or (parent is not None and parent.pk == stands):
        return held.opens_on or ground.days_of(row.part_of)[0] or FIRST_DAY
    return None


def _circles(ground: _Ground) -> set[str]:
    """Codes from which the lines of the list lead back to themselves."""
    onward = {code: {row.part_of for row in rows if row.part_of} for code, rows in ground.lines.items()}
    state: dict[str, int] = {}
    found: set[str] = set()
    for start in onward:
        path: list[str] = []
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            code, is_left = waiting.pop()
            if is_left:
                state[code] = 2
                path.pop()
            elif state.get(code) == 1:
                found |= set(path[path.index(code) :])
            elif code not in state:
                state[code] = 1
                path.append(code)
                waiting.append((code, True))
                waiting.extend((other, False) for other in onward.get(code, ()))
    return found


def _parents_first(ground: _Ground) -> list[str]:
    order: list[str] = []
    done: set[str] = set()
    for start in ground.lines:
        waiting = [(start, False)]
        while waiting:
            code, is_ready = waiting.pop()
            if is_ready:
                order.append(code)
            elif code not in done and code in ground.lines:
                done.add(code)
                waiting.append((code, True))
                waiting.extend((row.part_of, False) for row in ground.lines[code] if row.part_of)
    return order


def _plan_one(plan: Plan, ground: _Ground, code: str) -> None:
    rows = sorted(ground.lines[code], key=lambda row: row.part_of_from or FIRST_DAY)
    held = ground.here.get(code)
    places = [row for row in rows if row.part_of]
    if held is None:
        first = _first_place(places, ground.today)
        whole = replace(
            rows[0],
            name=next(row.name for row in rows if row.name),
            kind=next(row.kind for row in rows if row.kind),
            opens_on=ground.days_of(code)[0],
            closes_on=ground.days_of(code)[1],
            part_of_from=first.part_of_from if first else None,
        )
        parent_id = _id_of(first.part_of, ground) if first else ground.root.pk
        ground.made[code] = new_id()
        plan.changes.append(
            new_change(whole, ground.made[code], parent_id=parent_id) | {"line": rows[0].line}
        )
        places = [row for row in places if row is not first]
    for row in rows if held is not None else ():
        change = changed(held, row) if held else None
        if change:
            plan.changes.append(change | {"line": row.line})
            plan.closing += "closes_on" in change["after"]
    for row in places:
        _plan_move(plan, ground, row, held)


def _first_place(places: list[Listed], today: date) -> Listed | None:
    begun = [row for row in places if (row.part_of_from or FIRST_DAY) <= today]
    return begun[-1] if begun else (places[0] if places else None)


def _plan_move(plan: Plan, ground: _Ground, row: Listed, held: Organisation | None) -> None:
    parent_id = _id_of(row.part_of, ground)
    since = _since(row, held, ground.here.get(row.part_of), ground) or FIRST_DAY
    if (
        held is not None
        and parent_on(held, max(since, FIRST_DAY), moves=ground.moves.get(held.pk, ())) == parent_id
    ):
        return
    plan.changes.append(
        {
            "kind": "moved",
            "id": str(_id_of(row.code, ground)),
            "code": row.code,
            "belonging": str(new_id()),
            "parent": str(parent_id),
            "since": iso(since),
            "line": row.line,
        }
    )


def _id_of(code: str, ground: _Ground) -> UUID:
    held = ground.here.get(code)
    return held.pk if held is not None else ground.made[code]


def _told(plan: Plan, rows: list[Listed]) -> None:
    """Where each line that stands went: it made something new, changed something, or says what is so already."""
    by_line = {one["line"]: one["kind"] for one in reversed(plan.changes)}
    for row in rows:
        kind = by_line.get(row.line, "")
        plan.outcomes["new" if kind == "new" else "changed" if kind else "same"] += 1
