"""The pages of the tree: seen, changed by hand, filled from lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from tests.factories.browsing import Browser, hidden
from tests.factories.listings import shared_data
from tests.factories.tree import Tree

from fingerpost.web.tenancy.models import Organisation

IMPORTS = "/organisations/imports/"


@pytest.fixture
def browser(tree: Tree) -> Callable[[str], Browser]:
    return lambda who: Browser(tree.world, who)


def words(page: HttpResponse) -> str:
    inside = page.content.decode().partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))


def upload(who: Browser, name: str, content: bytes, **given: object) -> HttpResponse:
    page = who.get(IMPORTS)
    return who.post(
        IMPORTS, {"upload": [SimpleUploadedFile(name, content)], "areas": "", **hidden(page), **given}
    )


def day_of(name: str, day: int, month: int, year: int) -> dict[str, object]:
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


def test_tree_shows_everything_with_one_organisation_and_with_a_thousand(
    tree: Tree, browser: Callable[[str], Browser]
) -> None:
    above = browser("above")
    page = above.get("/organisations/tree/")
    said = words(page)
    assert "Vale" in said and "2 organisations below" in said and "<details" in page.content.decode()
    with tree.world.as_("above"):
        from django.db import connection

        Organisation.objects.bulk_create(
            Organisation(
                system_id=tree.world.system_id,
                kind="practice",
                name=f"Surgery {number:04d}",
                parent=tree.north,
            )
            for number in range(1_000)
        )
        with connection.execute_wrapper(_counting(made := [])):
            assert above.get("/organisations/tree/").status_code == 200
    page = above.get("/organisations/tree/")
    assert "Surgery 0001" in words(page) and "752 more are in the list" in words(page)
    assert len(made) < 40 and len(page.content) < 400_000


def _counting(made: list[str]) -> Callable[..., object]:
    def wrapper(
        execute: Callable[..., object], sql: str, params: object, many: bool, context: object
    ) -> object:
        made.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def test_organisation_is_added_renamed_moved_closed_and_opened_again_by_hand(
    tree: Tree, browser: Callable[[str], Browser]
) -> None:
    above, world = browser("above"), tree.world
    address = f"/organisations/{tree.north.pk}/add/"
    given = {"name": "New Surgery", "kind": "practice", "code": "a99001", **hidden(above.get(address))}
    assert above.post(address, given).status_code == 302
    with world.as_("above"):
        made = Organisation.objects.get(code="A99001")
    home = f"/organisations/{made.pk}/"
    again = above.post(address, {**given, **hidden(above.get(address))})
    assert "The code A99001 is that of New Surgery" in words(again)
    details = above.get(f"{home}details/")
    answer = above.post(f"{home}details/", {"name": "Old Surgery", "code": "A99001", **hidden(details)})
    assert answer.status_code == 302
    move = above.get(f"{home}move/")
    answer = above.post(
        f"{home}move/", {"parent": str(tree.south.pk), **day_of("starts_on", 1, 6, 2026), **hidden(move)}
    )
    assert answer.status_code == 302
    said = words(above.get(home))
    assert "Old Surgery" in above.get(home).content.decode() and "from Mon 1 Jun on" in said
    close = above.get(f"{home}close/")
    answer = above.post(f"{home}close/", {**day_of("closes_on", 1, 7, 2026), **hidden(close)})
    assert "Choose who goes on, or that nobody does" in words(answer)
    answer = above.post(
        f"{home}close/",
        {"successor": str(world.practice.pk), **day_of("closes_on", 1, 7, 2026), **hidden(close)},
    )
    assert answer.status_code == 302
    said = words(above.get("/organisations/tree/"))
    assert (
        f"Old Surgery closes. {world.practice.name} stands in for it" in said and "ahead: Wed 1 Jul" in said
    )
    assert "closes on Wed 1 Jul" in said and f"{world.practice.name} goes on" in said
    assert above.post(f"{home}reopen/").status_code == 302
    assert "closes" not in words(above.get("/organisations/tree/"))
    given = {"successor": "nobody", **day_of("closes_on", 1, 8, 2026), **hidden(above.get(f"{home}close/"))}
    assert above.post(f"{home}close/", given).status_code == 302
    said = words(above.get(home))
    assert "Closes on Sat 1 Aug" in said and "Goes on in its place" not in said


def test_list_is_uploaded_looked_at_applied_and_undone(tree: Tree, browser: Callable[[str], Browser]) -> None:
    above = browser("above")
    answer = upload(
        above, "gp-practices.parquet", shared_data("geography/gp-practices.parquet").read_bytes(), areas="TS"
    )
    assert answer.status_code == 302, words(answer)
    address = answer["Location"]
    said = words(above.get(address))
    assert "Read 15,199" in said and "outside the postcode areas" in said and "Apply the list" in said
    with tree.world.as_("above"):
        assert not Organisation.objects.filter(code__startswith="A81").exists()
    assert above.post(f"{address}apply/").status_code == 302
    assert "Undo this import" in words(above.get(address))
    with tree.world.as_("above"):
        landed = Organisation.objects.filter(code__startswith="A81").count()
    assert landed > 20
    assert above.post(f"{address}undo/").status_code == 302
    with tree.world.as_("above"):
        assert not Organisation.objects.filter(code__startswith="A81").exists()


def test_rejects_come_as_a_file_and_faults_of_the_file_at_its_box(
    tree: Tree, browser: Callable[[str], Browser]
) -> None:
    above = browser("above")
    answer = upload(
        above, "tree.csv", b"code,name,kind,part of\nU20001,=1+1,network,QVA\nU20002,Two,network,QZZ\n"
    )
    said = words(above.get(answer["Location"]))
    assert "Rejected 2" in said and "Line 3" in said and "This code is not known" in said
    rejects = above.get(answer["Location"] + "rejects.csv").content.decode()
    assert "2,name,'=1+1,a spreadsheet would run this as a formula" in rejects
    template = above.get(IMPORTS + "template.csv")
    assert template["Content-Type"].startswith("text/csv") and b"part of since" in template.content
    for name, content, fault in (
        ("tree.csv", b"\xff\xff", "is not a CSV file in UTF-8"),
        ("list.parquet", b"PAR1", "cannot be read as a Parquet file"),
        ("list.xlsx", b"PK", "spreadsheet workbook"),
    ):
        assert fault in words(upload(above, name, content)), name


def test_list_says_of_each_organisation_what_it_changes(
    tree: Tree, browser: Callable[[str], Browser]
) -> None:
    above, head = browser("above"), b"code,name,kind,part of,part of since\n"
    lines = b"U20003,Upper,place,QVA,2026-03-01\nU20004,Lower,network,U20003,\nU10001,Far North,,QVA,\n"
    answer = upload(above, "tree.csv", head + lines)
    said = words(above.get(answer["Location"]))
    assert "Upper U20003 New: " in said and "part of Vale since Sun 1 Mar" in said
    assert "Name: “Far North” instead of “North”" in said
    assert above.post(f"{answer['Location']}apply/").status_code == 302
    answer = upload(above, "tree.csv", head + b"U10001,,,U20003,2026-06-01\n")
    said = words(above.get(answer["Location"]))
    assert "Far North U10001 Part of Upper from Mon 1 Jun on" in said


def test_held_list_is_applied_only_by_somebody_who_has_looked(
    tree: Tree, browser: Callable[[str], Browser]
) -> None:
    from tests.integration.tree.test_importing import apply, line, practices

    rows = [line(f"A8{number:04d}", f"Surgery {number}") for number in range(20)]
    apply(tree, practices(tree, *rows))
    held = practices(tree, rows[0])
    above = browser("above")
    address = f"{IMPORTS}{held.pk}/"
    assert "This list is held" in words(above.get(address))
    assert "is held" in words(above.post(f"{address}apply/"))
    assert above.post(f"{address}apply/", {"looked": "yes"}).status_code == 302


def test_pages_of_lists_are_for_administrators_of_the_whole_system(
    tree: Tree, browser: Callable[[str], Browser]
) -> None:
    from tests.integration.tree.test_importing import line, practices

    done = practices(tree, line("A81001"))
    for who in ("in_north", "at_practice"):
        part = browser(who)
        for address in (IMPORTS, f"{IMPORTS}{done.pk}/", f"{IMPORTS}{done.pk}/rejects.csv"):
            assert part.get(address).status_code == 403
        for verb in ("apply", "undo"):
            assert part.post(f"{IMPORTS}{done.pk}/{verb}/").status_code == 403
        assert "Import practices" not in words(part.get("/organisations/tree/"))
