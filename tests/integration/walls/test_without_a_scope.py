"""A job, a command and a body that streams, each outside any scope: they see nobody."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.test import override_settings
from django.urls import include, path
from procrastinate.contrib.django import app
from tests.factories.world import World, a_referral, build_world
from tests.integration.routes.planted import sign_in

from fingerpost.kernel.errors import NoScopeError
from fingerpost.web.foundation import jobs, worker
from fingerpost.web.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


def look() -> str:
    """What can be seen from here: by the models, and by SQL."""
    try:
        by_models = str(Person.objects.count())
    except NoScopeError:
        by_models = "refused"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
        return f"{by_models} {cursor.fetchone()[0]}"


def stream(request: HttpRequest) -> StreamingHttpResponse:
    within = look()

    def body() -> Iterator[str]:
        yield f"within {within};"
        yield f"after {look()};"
        held = Person.objects.all
        try:
            yield from (person.full_name for person in held())
        except NoScopeError:
            yield "refused"

    return StreamingHttpResponse(body(), content_type="text/plain")


urlpatterns = [path("stream/", stream), path("", include("fingerpost.web.config.urls"))]


@pytest.fixture
def world() -> World:
    world = build_world()
    a_referral(world)
    with world.as_("gp"):
        assert look() == "1 1"
    return world


def test_streamed_body_sees_nobody_once_its_request_is_over(world: World) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        answer = sign_in(world.gp, world.at).get("/stream/")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == b"within 1 1;after refused 0;refused"


def test_job_that_opens_no_scope_sees_nobody(world: World) -> None:
    seen: dict[str, str] = {}

    @app.task(name="tests.look_around")
    def look_around() -> None:
        seen["outside"] = look()
        with jobs.in_scope(system_id=world.system_id, organisation_ids=[world.practice.id], reason="a test"):
            seen["inside"] = look()

    try:
        look_around.defer()
        worker.run(until_empty=True)
    finally:
        del app.tasks["tests.look_around"]
    assert seen == {"outside": "refused 0", "inside": "1 1"}


def test_management_command_that_opens_no_scope_sees_nobody(world: World) -> None:
    with pytest.raises((NoScopeError, CommandError), match="scope"):
        call_command("dumpdata", "people.Person", stdout=io.StringIO())
    out = io.StringIO()
    call_command(
        "dumpdata",
        "people.Person",
        "people.Involvement",
        "referrals.Referral",
        use_base_manager=True,
        stdout=out,
    )
    assert json.loads(out.getvalue()) == []


def test_a_process_of_its_own_that_opens_no_scope_sees_nobody(world: World) -> None:
    code = (
        "import django; django.setup()\n"
        "from tests.integration.walls.test_without_a_scope import look\n"
        "print(look())"
    )
    environ = os.environ | {"DATABASE_URL": _address()}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("refused 0", 0), done.stderr


def _address() -> str:
    assert connection.settings_dict["NAME"] in os.environ["DATABASE_URL"]
    return os.environ["DATABASE_URL"]
