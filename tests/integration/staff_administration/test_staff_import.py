"""A list of staff is shown first, applied as it was shown, and taken back; nothing else is changed by it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook, load_workbook
from tests.factories.browsing import Browser, hidden
from tests.factories.world import World, email_of

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, NotAllowed
from fingerpost.web.foundation import jobs
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Role, StaffImport

HEADING = ("Name", "E-mail", "Role", "Organisation", "First day", "Last day")
PAGE = "/organisations/staff/"


def words(page: HttpResponse) -> str:
    inside = page.content.decode().partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))


def as_csv(*rows: Sequence[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADING, *rows])
    return out.getvalue().encode()


def as_workbook(*rows: Sequence[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in (HEADING, *rows):
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


def send(who: Browser, content: bytes, name: str = "staff.csv") -> HttpResponse:
    page = who.get(PAGE)
    return who.post(PAGE, {"upload": SimpleUploadedFile(name, content), **hidden(page)})


def tried(who: Browser, *rows: Sequence[object], name: str = "staff.csv") -> str:
    content = as_workbook(*rows) if name.endswith("xlsx") else as_csv(*rows)
    answer = send(who, content, name)
    assert answer.status_code == 302, words(answer)
    return str(answer["Location"])


def kinds(world: World) -> dict[int, str]:
    with world.as_("administrator"):
        [newest, *_rest] = StaffImport.objects.order_by("-id")
        return {one["line"]: one["kind"] for one in newest.outcomes}


def causes(world: World) -> str:
    with world.as_("administrator"):
        [newest, *_rest] = StaffImport.objects.order_by("-id")
        return "\n".join(p["cause"] for one in newest.outcomes for p in one["problems"])


def roles(world: World, who: str) -> list[str]:
    at = world.at + timedelta(minutes=1)
    with world.as_("administrator"):
        held = tenancy.Membership.objects.filter(user__email=email_of(who), starts_at__lte=at)
        return [one.role for one in held if one.ends_at is None or one.ends_at > at]


def test_everything_is_shown_first_then_done_then_taken_back(world: World, administrator: Browser) -> None:
    path = tried(
        administrator,
        ("Nia New", "nia.new@staff.example", "Link worker", "", "", ""),
        ("Wyn", email_of("worker"), "team lead", world.scheme.name, "", ""),
        ("", email_of("second_worker"), "", "", "", world.at.date()),
        ("Lee", email_of("lead"), "Team lead", "", "", ""),
        ("Nobody", "not an address", "boss", "", "31/02/2026", ""),
        name="staff.xlsx",
    )
    assert kinds(world) == {2: "invite", 3: "change", 4: "leave", 5: "same", 6: "rejected"}
    shown = words(administrator.get(path))
    assert "Nothing has happened yet" in shown and "Team lead, until now Link worker" in shown
    for fault in ("does not look like an e-mail", "no role called “boss”", "no date that can be understood"):
        assert fault in shown  # all faults of the row at once
    assert roles(world, "worker") == ["link_worker"] and not open_invitations(world)

    mail.outbox.clear()
    with jobs.held() as waiting:
        administrator.post(f"{path}apply/")
        with clock.fixed(world.at):
            waiting.run_due()
    assert [message.to for message in mail.outbox] == [["nia.new@staff.example"]]
    assert roles(world, "worker") == ["team_lead"]
    with world.as_("administrator"):
        [leaver] = tenancy.Membership.objects.filter(user__email=email_of("second_worker"))
        assert leaver.ends_at is not None and not tenancy.User.objects.filter(email__startswith="nia")
    assert "applied already" in after(administrator, f"{path}apply/", path)

    later(administrator)
    administrator.post(f"{path}undo/")
    assert roles(world, "worker") == ["link_worker"] and roles(world, "second_worker") == ["link_worker"]
    assert not open_invitations(world)
    assert "taken back" in words(administrator.get(path))
    assert "nothing here to undo" in after(administrator, f"{path}undo/", path)


def later(who: Browser) -> None:
    who.world = replace(who.world, at=who.world.at + timedelta(seconds=30))


def after(who: Browser, address: str, path: str) -> str:
    who.post(address)
    return words(who.get(path)) + who.get(path).content.decode()


def open_invitations(world: World) -> list[tenancy.Invitation]:
    with world.as_("administrator"):
        return list(tenancy.open_invitations(organisation_id=world.scheme.id))


def test_what_was_taken_up_stays_and_is_told(world: World, administrator: Browser) -> None:
    path = tried(
        administrator,
        ("Nia New", "nia.new@staff.example", "link worker", "", "", ""),
        ("Wyn", email_of("worker"), "team lead", "", "", ""),
    )
    mail.outbox.clear()
    with jobs.held() as waiting, clock.fixed(world.at):
        administrator.post(f"{path}apply/")
        waiting.run_due()
        found = re.search(r"https?://[^/\s]+(/accounts/invitation/\S+)", mail.outbox[0].body)
        assert found
        Client().post(found[1], {"name": "Nia New", "password": "three quiet green lamps"})
    with world.as_("administrator") as by:
        [lead] = tenancy.Membership.objects.filter(
            user__email=email_of("worker"), ends_at=None, role="team_lead"
        )
        tenancy.end_membership(membership=lead, by=by, at=world.at + timedelta(minutes=1))
    administrator.post(f"{path}undo/")
    shown = words(administrator.get(path))
    assert "They have taken up the invitation" in shown and "Their access has been changed since" in shown
    with world.as_("administrator"):
        assert tenancy.Membership.objects.get(user__email="nia.new@staff.example").ends_at is None


def test_no_row_reaches_beyond_what_its_importer_may_do(world: World, administrator: Browser) -> None:
    path = tried(
        administrator,
        ("Me", email_of("administrator"), "manager or commissioner", "", "", ""),
        ("Gus", "gus@staff.example", "link worker", world.other_scheme.name, "", ""),
        ("Gus", "gus@staff.example", "link worker", "No Such Place", "", ""),
        ("Una", "una@staff.example", "link worker", "", "", ""),
        ("Una", "una@staff.example", "team lead", world.scheme.name, "", ""),
        ("Ola", "ola@staff.example", "link worker", "", "", world.at.date()),
        ("Pat", email_of("lead"), "team lead", "", "2026-03-02", "2026-03-01"),
        ("Fay", "fay@staff.example", "link worker", "", "31/12/2027", ""),
        ("Kit", email_of("lead"), "link worker", "", "", "2001-01-01"),
        ("=1+1", "kay@staff.example", "link worker", "", "", ""),
    )
    found = kinds(world)
    assert {line for line, kind in found.items() if kind != "rejected"} == {5}
    told = causes(world)
    for cause in (
        "You cannot change your own access",
        "You do not administer “",
        "There is no organisation called “No Such Place”",
        "The same person stands in row",
        "They have no role here that could end",
        "The last day is before the first day",
        "The first day is still to come",
        "There is a formula here",
    ):
        assert cause in told, cause
    rejects = administrator.get(f"{path}to-put-right.csv").content.decode()
    assert "gus@staff.example" in rejects and "Ask its own administrator" in rejects


def test_last_administrator_stays_unless_another_comes_in_the_same_list(world: World) -> None:
    job = world.job()
    with world.as_(job):
        only = sheet(as_csv(("", email_of("administrator"), "", world.scheme.name, "", world.at.date())))
        done = tenancy.try_staff_import(sheet=only, source="a", by=job, at=world.at)
        assert "last administrator" in done.outcomes[0]["problems"][0]["cause"]
        both = sheet(
            as_csv(
                ("", email_of("administrator"), "", world.scheme.name, "", world.at.date()),
                ("Lee", email_of("lead"), "administrator", world.scheme.name, "", ""),
            )
        )
        done = tenancy.try_staff_import(sheet=both, source="b", by=job, at=world.at)
        assert [one["kind"] for one in done.outcomes] == ["leave", "change"]


def sheet(content: bytes) -> tenancy.StaffSheet:
    return tenancy.read_staff_sheet("staff.csv", content)


def test_what_has_changed_since_is_not_done_but_shown_again(world: World, administrator: Browser) -> None:
    path = tried(administrator, ("Wyn", email_of("worker"), "team lead", "", "", ""))
    with world.as_("administrator") as by:
        [held] = tenancy.Membership.objects.filter(user__email=email_of("worker"))
        tenancy.change_role(membership=held, role=Role.MANAGER, by=by, at=world.at)
        kept = StaffImport.objects.get()
        with pytest.raises(Conflict):
            tenancy.apply_staff_import(imported=kept, by=by, at=world.at)
    later(administrator)
    answer = administrator.post(f"{path}apply/")
    assert answer["Location"] != path
    assert "until now Manager or commissioner" in words(administrator.get(str(answer["Location"])))
    with world.as_("administrator") as by, pytest.raises(NotAllowed):
        tenancy.apply_staff_import(imported=kept, by=by, at=world.at + timedelta(days=2))
    assert roles(world, "worker") == ["manager"]


def test_no_other_role_sees_or_applies_a_list(
    world: World, administrator: Browser, browser: Callable[[str], Browser]
) -> None:
    path = tried(administrator, ("Nia New", "nia.new@staff.example", "link worker", "", "", ""))
    for who in ("lead", "manager", "gp"):
        assert browser(who).get(path).status_code == 403
        assert browser(who).post(f"{path}apply/").status_code == 403
    assert not open_invitations(world)


def test_template_comes_back_as_a_list_and_names_every_role(world: World, administrator: Browser) -> None:
    given = administrator.get(f"{PAGE}template.xlsx")
    book = load_workbook(io.BytesIO(given.content))
    assert [cell.value for cell in book["Staff"][1]] == list(HEADING)
    names = [row[0].value for row in book["Roles"].iter_rows(min_row=2)]
    assert len(names) == len(Role)
    for number, name in enumerate(names):
        book["Staff"].append([f"N {number}", f"n{number}@staff.example", name])
    out = io.BytesIO()
    book.save(out)
    answer = send(administrator, out.getvalue(), "staff.xlsx")
    assert answer.status_code == 302, words(answer)
    assert set(kinds(world).values()) == {"invite"}
