"""Six people, each in a browser of their own, carry one person from a GP to a singing group and back to the GP."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from fingerpost.kernel.london import LONDON
from tests.system.person import Someone
from tests.system.story import directories, practice, provider, scheme
from tests.system.story.people import PRACTICE, SCHEME, SINGERS, WORKER, Referred, sign_in
from tests.system.story.pictures import PICTURES, Pictures

SHARED_DATA = Path(os.environ.get("FINGERPOST_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
ILLINOIS = SHARED_DATA / "directories" / "illinois-legal-aid" / "output"

Arrive = Callable[..., Someone]
WIN = Referred()


def test_six_people_carry_one_person_to_a_group_and_back(someone: Arrive, tmp_path: Path) -> None:
    pictures = Pictures()
    agreed_on = datetime.now(LONDON).date() - timedelta(days=3)

    administrator = sign_in(someone("administrator"), "administrator")
    when_the_library_is_imported(administrator, tmp_path, pictures)
    then_its_groups_are_found_by_words(administrator)

    gp = sign_in(someone("GP"), "gp")
    when_the_gp_refers(gp, agreed_on, pictures)
    when_the_desk_signposts(sign_in(someone("receptionist"), "receptionist"), pictures)

    lead = sign_in(someone("team lead"), "lead")
    when_the_lead_takes_it_on(lead, pictures)

    worker = sign_in(someone("link worker"), "worker")
    when_the_worker_listens(worker, pictures)
    when_the_worker_connects(worker, pictures)

    charity = someone("charity")
    when_the_charity_answers(charity, lead, pictures)
    then_the_worker_reads_the_answers(worker, pictures)
    when_the_worker_closes(worker, pictures)

    then_the_gp_knows(gp, agreed_on, pictures)
    then_the_manager_counts_and_sees_nobody(sign_in(someone("manager"), "manager"), pictures)
    assert pictures.taken == list(PICTURES)


def when_the_library_is_imported(administrator: Someone, folder: Path, pictures: Pictures) -> None:
    directories.bring_in(administrator, directories.zip_of_library(folder), "Allerwold Library")
    administrator.sees("17 rows read = 16 landed + 1 rejected.", "services.csv, line 5", "there is no name")
    pictures.take(administrator, "imported")


def then_its_groups_are_found_by_words(administrator: Someone) -> None:
    administrator.link("Search the directory").look("Directory")
    administrator.type("What are you looking for?", "sing")
    administrator.button("Search", within=administrator.page.locator("main"))
    administrator.link(SINGERS).look(SINGERS).sees("Nobody has checked it")


def when_the_gp_refers(gp: Someone, agreed_on: date, pictures: Pictures) -> None:
    practice.fill_in_referral(gp, WIN, agreed_on=agreed_on)
    pictures.take(gp, "refer")
    practice.look_it_over(gp, WIN)
    practice.send(gp)
    pictures.take(gp, "referral-sent")


def when_the_desk_signposts(receptionist: Someone, pictures: Pictures) -> None:
    practice.signpost(receptionist, "Reading Chairs")
    assert receptionist.page.locator("li.fp-lines__line").filter(has_text="Reading Chairs").count() == 2
    pictures.take(receptionist, "signposted")


def when_the_lead_takes_it_on(lead: Someone, pictures: Pictures) -> None:
    lead.menu("Queue").look("Queue").sees(WIN.name)
    pictures.take(lead, "queue")
    scheme.open_referral(lead, WIN)
    pictures.take(lead, "accept")
    scheme.take_on(lead, WORKER)


def when_the_worker_listens(worker: Someone, pictures: Pictures) -> None:
    worker.menu("Today").look("Today").sees(WIN.name)
    pictures.take(worker, "today")
    scheme.open_person(worker, WIN)
    scheme.log_attempt(worker)
    scheme.log_contact(worker)
    scheme.ask_how_life_feels(worker, 3, 4, 3, 7, before_saving=lambda: pictures_of(worker, pictures))
    scheme.write_plan(worker)


def pictures_of(worker: Someone, pictures: Pictures) -> None:
    pictures.take(worker, "how-life-feels")


def when_the_worker_connects(worker: Someone, pictures: Pictures) -> None:
    scheme.overview(worker, WIN).sees(scheme.MATTERS, scheme.GOAL)
    pictures.take(worker, "person")
    scheme.find_group(worker, "singing", SINGERS)
    worker.sees("0.2 miles away")
    pictures.take(worker, "find")
    scheme.prepare_connection(worker, SINGERS)
    worker.sees("It names nobody", "Not shared:")
    pictures.take(worker, "check-connection")
    scheme.send_connection(worker)


def when_the_charity_answers(charity: Someone, lead: Someone, pictures: Pictures) -> None:
    provider.open_mail(lead, provider.QUESTION, SINGERS)
    pictures.take(lead, "mail")
    link = provider.link_in(lead)
    provider.follow_every_link(charity, link, WIN.given_name, WIN.family_name, WIN.called + " ")
    pictures.take(charity, "provider-asked", phone=True)
    provider.say_yes(charity)
    charity.sees(f"{WIN.called} {WIN.family_name}", WIN.phone)
    charity.sees_nothing_of(WIN.postcode, "1948", WIN.reason, scheme.LISTENED, scheme.GOAL)
    pictures.take(charity, "provider-details", phone=True)
    provider.say_they_can_come(charity)
    pictures.take(charity, "provider-done", phone=True)
    provider.open_mail(lead, provider.KEEP, SINGERS)
    lead.sees_nothing_of(WIN.phone)
    provider.say_they_came(charity, provider.link_in(lead))
    provider.say_finished(charity, link)


def then_the_worker_reads_the_answers(worker: Someone, pictures: Pictures) -> None:
    scheme.find_person(worker, WIN).link(SINGERS).look(SINGERS).sees("Finished")
    pictures.take(worker, "connection")
    worker.link(re.compile("^Back to"))
    scheme.log_contact(worker, note="She goes every week now and needs nothing more from us.")


def when_the_worker_closes(worker: Someone, pictures: Pictures) -> None:
    scheme.say_how_it_ended(worker)
    pictures.take(worker, "close")
    worker.button("End the work and send").sees(f"The work with {WIN.called} is ended")


def then_the_gp_knows(gp: Someone, agreed_on: date, pictures: Pictures) -> None:
    practice.find_referral(gp, WIN).waits_for(re.compile("Download the letter"))
    gp.sees("Finished", scheme.CLOSED_BECAUSE)
    referral_code = gp.page.get_by_role("row").filter(has_text="871731000000106")
    assert agreed_on.strftime("%d/%m/%Y") in referral_code.inner_text()
    pictures.take(gp, "outcome")
    with gp.page.expect_download() as coming:
        gp.hands.press(gp.page.get_by_role("link", name=re.compile("Download the letter")))
    letter = text_of(Path(coming.value.path()).read_bytes())
    for words in (WIN.name, PRACTICE, SCHEME, SINGERS, scheme.STORY, "871731000000106"):
        assert words in letter
    day = f"{agreed_on.day} {agreed_on:%b %Y}"
    assert re.search(rf"871731000000106 Referral to social prescribing service \w+ {day}", letter)


def then_the_manager_counts_and_sees_nobody(manager: Someone, pictures: Pictures) -> None:
    manager.menu("Funnel").look().sees("Access: being referred and taken on", re.compile("Fewer than 8"))
    pictures.take(manager, "funnel")
    manager.sees_nothing_of(WIN.given_name, WIN.family_name, SINGERS)


def text_of(pdf: bytes) -> str:
    """Its words on one line: a letter breaks them where it likes."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.mark.skipif(not ILLINOIS.is_dir(), reason="needs the real directory of the shared data, absent here")
def test_real_directory_comes_in_through_the_page_and_counts_reconcile(
    someone: Arrive, tmp_path: Path
) -> None:
    administrator = sign_in(someone("administrator"), "administrator")
    files = {file.name: file.read_text() for file in ILLINOIS.glob("*.csv")}
    directories.bring_in(administrator, directories.zip_of(tmp_path / "real.zip", files), "Illinois")
    administrator.sees("429 listings, 520 places", "services.csv, line 431")
    read, landed, rejected = (
        int(number.replace(",", ""))
        for number in re.findall(
            r"([\d,]+) rows read = ([\d,]+) landed \+ ([\d,]+) rejected", administrator.words
        )[0]
    )
    assert read == landed + rejected and rejected >= 1
