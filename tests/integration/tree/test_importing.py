"""Practices from the national list, and the tree above them from a CSV file: tried, applied, undone."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.listings import shared_data
from tests.factories.tree import Tree

from fingerpost.interchange.practices import COLUMNS, read_practice_list
from fingerpost.kernel.errors import Conflict, Faults, InvalidValue, NotAllowed, SourceFault
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationImport, OrganisationKind, Role
from fingerpost.web.tenancy.models import Belonging, Organisation

REAL = "geography/gp-practices.parquet"


def line(code: str, name: str = "Bridge Street Surgery", **other: Any) -> dict[str, Any]:
    row = dict.fromkeys(COLUMNS)
    row |= {"OrganisationCode": code, "OrganisationName": name, "PCDS": "TS1 1AA", "Status": "Active"}
    return row | {"OpenDate": date(2000, 1, 1), "PrescribingSetting": "GP Practice"} | other


def practices(
    tree: Tree, *rows: dict[str, Any], who: str = "above", areas: tuple[str, ...] = ()
) -> OrganisationImport:
    with tree.world.as_(who) as by:
        return tenancy.try_practices(
            rows=rows, source="list.parquet", root=tree.system, areas=areas, by=by, at=tree.world.at
        )


def of_tree(tree: Tree, text: str | bytes, *, who: str = "above") -> OrganisationImport:
    content = text if isinstance(text, bytes) else text.encode()
    with tree.world.as_(who) as by:
        return tenancy.try_tree(name="tree.csv", content=content, root=tree.system, by=by, at=tree.world.at)


def apply(tree: Tree, done: OrganisationImport, **how: bool) -> OrganisationImport:
    with tree.world.as_("above") as by:
        return tenancy.apply_import(done=done, by=by, at=tree.world.at, **how)


def undo(tree: Tree, done: OrganisationImport) -> OrganisationImport:
    with tree.world.as_("above") as by:
        return tenancy.undo_import(done=done, by=by, at=tree.world.at)


def state(tree: Tree) -> list[tuple[Any, ...]]:
    """The whole tree as it stands: what an undo has to bring back, to the letter."""
    with tree.world.as_("above"):
        kept = Organisation.objects.order_by("id").values_list(
            "id", "kind", "name", "code", "parent_id", "postcode", "opens_on", "closes_on"
        )
        return list(kept)


def reconciles(done: OrganisationImport) -> bool:
    counts = done.counts
    went = sum(counts[name] for name in ("new", "changed", "same", "rejected")) + sum(
        counts["left_out"].values()
    )
    return bool(counts["read"] == went)


def test_real_list_reconciles_lands_is_the_same_again_and_is_undone(tree: Tree) -> None:
    rows = list(read_practice_list(shared_data(REAL)))
    before = state(tree)
    done = practices(tree, *rows, areas=("TS", "DL"))
    assert state(tree) == before, "trying changes nothing"
    counts = done.counts
    assert reconciles(done) and counts["read"] == len(rows) == 15_199
    expected = {
        row["OrganisationCode"]
        for row in rows
        if row["PrescribingSetting"] == "GP Practice"
        and str(row["PCDS"])[:2] in ("TS", "DL")
        and row["Status"] in ("Active", "Proposed")
    }
    assert counts["new"] == len(expected) > 50 and counts["gone"] == 0
    apply(tree, done)
    with tree.world.as_("above"):
        landed = Organisation.objects.filter(kind="practice").exclude(code="")
        assert set(landed.values_list("code", flat=True)) == expected
        assert set(landed.values_list("parent_id", flat=True)) == {tree.system.pk}
    again = practices(tree, *rows, areas=("TS", "DL"))
    assert reconciles(again) and again.plan == [] and again.counts["same"] == len(expected)
    undo(tree, done)
    assert state(tree) == before


def test_every_reject_is_named_with_its_line_its_cause_and_what_to_do(tree: Tree) -> None:
    done = practices(
        tree,
        line("A81001"),
        line("a8 1001"),
        line("A81002", "=HYPERLINK(1)"),
        line("A81003", "", PCDS="nowhere"),
        line("A81004", OpenDate=date(2020, 1, 1), CloseDate=date(2019, 1, 1)),
        line("A81005", Status="Lost"),
        line("A81001", "Again"),
        line("U10001", "A network's code"),
        line("A81006", "With \u202e signs"),
        line("B81006", PrescribingSetting="Hospital Service"),
    )
    assert (
        reconciles(done) and done.counts["rejected"] == 8 and done.counts["left_out"] == {"other_setting": 1}
    )
    assert [one["line"] for one in done.rejects] == [3, 4, 5, 5, 6, 7, 8, 9, 10]
    assert all(one["column"] and one["reason"] and one["remedy"] for one in done.rejects)
    assert (
        "line 2 has this code already" in done.rejects[6]["reason"] and "North" in done.rejects[7]["reason"]
    )


def test_changes_are_told_closures_take_their_day_and_a_name_in_capitals_is_the_same(tree: Tree) -> None:
    apply(tree, practices(tree, line("A81001"), line("A81002", "Mill Surgery"), line("A81003", "Old House")))
    before = state(tree)
    next_list = (
        line("A81001", "BRIDGE STREET SURGERY"),
        line("A81002", "Mill Lane Surgery", Status="Closed", CloseDate=date(2026, 3, 31)),
    )
    done = practices(tree, *next_list)
    assert reconciles(done)
    assert [done.counts[name] for name in ("same", "changed", "gone", "closing")] == [1, 1, 1, 1]
    assert done.counts["gone_names"] == ["Old House (A81003)"]
    apply(tree, done)
    with tree.world.as_("above"):
        held = Organisation.objects.get(code="A81002")
        assert (held.name, held.closes_on) == ("Mill Lane Surgery", date(2026, 4, 1))
        assert Organisation.objects.get(code="A81003").closes_on is None, "not being listed closes nobody"
    undo(tree, done)
    assert state(tree) == before


def test_shrinking_list_is_held_for_somebody_to_look(tree: Tree) -> None:
    rows = [line(f"A8{number:04d}", f"Surgery {number}") for number in range(40)]
    apply(tree, practices(tree, *rows))
    done = practices(tree, *rows[:20])
    assert (done.state, done.counts["gone"]) == ("held", 20)
    with pytest.raises(NotAllowed) as refusal:
        apply(tree, done)
    assert refusal.value.reason == "held"
    apply(tree, done, although_held=True)


def test_undo_is_refused_with_everything_that_stands_on_it_since(tree: Tree) -> None:
    done = apply(
        tree, practices(tree, line("A81001"), line("A81002", "Mill Surgery"), line("A81003", "Old House"))
    )
    job = tree.world.job()
    with tree.world.as_(job):
        first, second = (Organisation.objects.get(code=code) for code in ("A81001", "A81002"))
        tenancy.open_account(
            email="new@staff.example",
            name="N",
            role=Role.CLINICIAN,
            organisation=first,
            by=job,
            at=tree.world.at,
        )
        tenancy.cover_practice(scheme=tree.world.scheme, practice=second, starts_on=date(2026, 3, 1), by=job)
        Organisation.objects.filter(code="A81003").update(name="Renamed")
    before = state(tree)
    with pytest.raises(Faults) as refusal:
        undo(tree, done)
    said = refusal.value.in_words()
    assert (
        "accounts (1)" in said
        and "schemes that take its referrals (1)" in said
        and "A81003 was changed" in said
    )
    assert state(tree) == before


def test_plan_is_not_applied_twice_nor_to_a_tree_that_has_changed_meanwhile(tree: Tree) -> None:
    first, second = practices(tree, line("A81001")), practices(tree, line("A81001"))
    apply(tree, first)
    with pytest.raises(InvalidValue):
        apply(tree, first)
    with pytest.raises(Conflict) as refusal:
        apply(tree, second)
    assert "A81001" in refusal.value.in_words()
    undo(tree, first)
    with pytest.raises(InvalidValue):
        undo(tree, first)


def test_only_administrators_of_the_whole_system_import_and_no_sql_goes_round_it(tree: Tree) -> None:
    for who in ("in_north", "at_practice", "gp", "counting_north"):
        with pytest.raises(NotAllowed):
            practices(tree, line("A81001"), who=who)
    done = apply(tree, practices(tree, line("A81001")))
    with connection.cursor() as cursor:
        for who in ("in_north", "gp"):
            with tree.world.as_(who):
                cursor.execute("SELECT tenancy_take_back_new(%s)", [done.pk])
                assert cursor.fetchone()[0] == 0
                assert not OrganisationImport.objects.exists()
                with pytest.raises(DatabaseError), transaction.atomic():
                    Organisation.objects.filter(code="A81001").delete()
                with pytest.raises(DatabaseError), transaction.atomic():
                    OrganisationImport.objects.filter(pk=done.pk).update(plan=[])
    from tests.factories.tree import plant_tree

    away = plant_tree(mark=" away")
    with away.world.as_("above") as by, pytest.raises(NotAllowed):
        tenancy.try_practices(rows=[line("A81001")], source="x", root=tree.system, by=by, at=tree.world.at)
    with away.world.as_(away.world.job()) as by, pytest.raises(NotAllowed):
        tenancy.try_practices(rows=[line("A81001")], source="x", root=tree.system, by=by, at=tree.world.at)


HEADING = "code,name,kind,part of,part of since,opened on,closed on\n"


def test_tree_lands_moves_practices_and_is_undone(tree: Tree) -> None:
    apply(tree, practices(tree, line("A81001"), line("A81002", "Mill Surgery")))
    before = state(tree)
    text = HEADING + (
        "A81001,,,U20001,2026-04-01,,\n"  # before the line of its network, and from a day that lies ahead
        "A81002,,,U10001,01/02/2026,,\n"
        "U20001,New Network,network,P10001,,2020-07-01,\n"
        "P10001,Allerwold Place,place,QVA,,,\n"
        "U10001,North,network,P10001,2026-01-01,,\n"
        "U10002,South,network,QVA,,,\n"
    )
    done = of_tree(tree, text)
    assert reconciles(done) and done.rejects == []
    assert [done.counts[name] for name in ("new", "changed", "same")] == [2, 3, 1]
    apply(tree, done)
    with tree.world.as_("above"):
        parents = dict(Organisation.objects.exclude(code="").values_list("code", "parent__code"))
        assert (
            parents["A81002"] == "U10001" and parents["U20001"] == "P10001" and parents["U10001"] == "P10001"
        )
        assert parents["A81001"] == "QVA", "its day has not come"
    again = of_tree(tree, text)
    assert again.plan == [] and again.counts["same"] == 6
    tree.world.at += timedelta(days=40)
    with tree.world.as_(tree.world.job()) as by:
        assert tenancy.make_moves_due(by=by, at=tree.world.at) == 1
    tree.world.at -= timedelta(days=40)
    undo(tree, done)
    with tree.world.as_("above"):
        live = Belonging.objects.filter(withdrawn_at=None, starts_on__gt=date(2000, 1, 1))
        assert not live.exclude(organisation__code__in=("A81001", "A81002")).exists()
    assert state(tree) == before


def test_all_faults_of_a_tree_are_told_at_once(tree: Tree) -> None:
    done = of_tree(
        tree,
        HEADING
        + "U30001,One,network,U30002,2026-01-01,,\n"  # 2, 3: a circle
        + "U30002,Two,network,U30001,2026-01-01,,\n"
        + "U30003,Three,network,QVA,2026-01-01,,\n"  # 4, 5: two at one time
        + "U30003,Three,network,P99999,2026-01-01,,\n"
        + "P30004,Four,place,U10001,,,\n"  # 6: a place below a network
        + "U30005,Five,network,QVA,,2026-02-01,2026-01-01\n"  # 7: days that cross
        + "U30006,@SUM(A1),network,QVA,,,\n"  # 8: a formula
        + "A81999,,,QVA,,,\n"  # 9: unknown
        + "U10001,North,practice,QVA,,,\n"  # 10: another kind
        + "U30007,Seven,castle,QVA,tomorrow,,\n"  # 11: no kind, no day
        + "U30008,Eight,network,U30005,,,\n"  # 12: stands on a refused line
        + "U10002,,,U30010,,,\n"  # 13: would change what holds today, and from when?
        + "U30010,Ten,place,QVA,,,\n"  # the one line that stands
        + "QZZ,Another,system,,,,\n",
    )
    assert reconciles(done) and done.counts["new"] == 1
    told = {one["line"]: [] for one in done.rejects}
    for one in done.rejects:
        told[one["line"]].append(one["reason"])
    said = {number: "; ".join(reasons) for number, reasons in told.items()}
    assert set(said) == {*range(2, 14), 15}
    assert "part of itself" in said[2] and "part of itself" in said[3]
    assert "at the same time" in said[4] and "at the same time" in said[5] and "not known" in said[5]
    assert "cannot be part of" in said[6] and "closes before it opens" in said[7] and "formula" in said[8]
    assert "no name" in said[9] and "is a primary care network here" in said[10]
    assert "kind is not known" in said[11] and "no day" in said[11]
    assert (
        "not known" in said[12]
        and "no day is given for the change" in said[13]
        and "not made by a list" in said[15]
    )


def test_list_does_not_close_what_others_stand_on(tree: Tree) -> None:
    with tree.world.as_(tree.world.job()):
        Organisation.objects.filter(pk=tree.world.scheme.pk).update(code="S10001")
    done = of_tree(tree, HEADING + "U10001,,,,,,2026-04-01\nS10001,,,,,,2026-04-01\n")
    assert [one["line"] for one in done.rejects] == [2, 3] and done.plan == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "heading"),
        (b"code,name,code\n", "code ×2"),
        (b"name,colour\n", "- code; ? colour"),
        ("code,name\nU10009,caf\xe9\n".encode("latin-1"), "not a CSV file in UTF-8"),
        (b"PK\x03\x04\x00\x00", "not a CSV file in UTF-8"),
        (b'code,name\nU10009,"never closed\n', "breaks off"),
        (b"code,name\nU10009," + b"x" * 1_001, "breaks off"),
        (b"code\n" + b"x" * (100 * 1024 * 1024), "larger than"),
    ],
)
def test_files_that_are_no_list_are_refused_in_words(tree: Tree, content: bytes, said: str) -> None:
    with pytest.raises(SourceFault) as refusal:
        of_tree(tree, content)
    assert said in refusal.value.in_words()


def test_ten_thousand_lines_are_answered_in_seconds(tree: Tree) -> None:
    """A hundred thousand, the most there may be: prove organisations."""
    lines = "".join(f"U{number:06d},Network {number},network,QVA,,,\n" for number in range(10_000))
    began = time.perf_counter()
    assert of_tree(tree, HEADING + lines).counts["new"] == 10_000
    # One code again and again: compared with each other, these would take for ever.
    crowd = of_tree(tree, HEADING + "U10001,North,network,QVA,,,\n" * 10_000)
    assert crowd.counts["rejected"] == 10_000
    assert time.perf_counter() - began < 30


def test_files_in_utf_16_and_with_the_mark_are_read(tree: Tree) -> None:
    text = HEADING + "U10009,N\u00fcrnberg,network,QVA,,,\n"
    for content in (text.encode("utf-16"), text.encode("utf-8-sig"), tenancy.tree_template().encode()):
        assert of_tree(tree, content).counts["read"] >= 1


def parquet(**columns: list[Any]) -> io.BytesIO:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    out.seek(0)
    return out


def test_parquet_that_is_none_or_too_large_or_lacks_columns_is_refused() -> None:
    for source, said in (
        (io.BytesIO(b"PAR1 and nothing"), "cannot be read"),
        (io.BytesIO(b""), "cannot be read"),
        (parquet(OrganisationCode=["A"]), "columns are missing"),
        (parquet(**dict.fromkeys(COLUMNS, ["A"] * 100_001)), "too many"),
    ):
        with pytest.raises(SourceFault) as refusal:
            list(read_practice_list(source))
        assert said in refusal.value.in_words()


def test_job_of_the_command_imports_as_well(tree: Tree) -> None:
    job = replace(tree.world.job(), organisation_ids=frozenset())
    with tree.world.as_(job) as by:
        assert tenancy.root_of_system() == tree.system
        done = tenancy.try_practices(
            rows=[line("A81001")], source="x", root=tree.system, by=by, at=tree.world.at
        )
        tenancy.apply_import(done=done, by=by, at=tree.world.at)
        tenancy.undo_import(done=done, by=by, at=tree.world.at)
    assert tree.system.kind == OrganisationKind.SYSTEM
