from __future__ import annotations

import io
import json
import logging
import logging.config
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from fingerpost.cli.serve import LOGGING
from fingerpost.web.foundation import links
from fingerpost.web.foundation.log_safety import HIDDEN, LEFT_OUT, HidePersonalData, without_words


def said(name: str, message: str, *args: Any, error: BaseException | None = None, **more: Any) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.WARNING, "x", 1, message, args, info)
    vars(record).update(more)
    assert HidePersonalData().filter(record)
    return f"{logging.Formatter().format(record)} {vars(record)}"


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


def a_request(path: str, route: str, **arguments: Any) -> SimpleNamespace:
    match = SimpleNamespace(route=route, args=(), kwargs=arguments) if route else None
    return SimpleNamespace(path=path, method="GET", resolver_match=match)


def test_token_of_a_signed_link_never_reaches_a_log() -> None:
    token = links.token_for_id(uuid4())
    told = said("fingerpost.portal", "Gone: %s", f"/p/{token}/say/full/")
    assert told.startswith(f"Gone: /p/{HIDDEN}/say/full/")
    assert token not in told


def test_messages_of_our_own_are_left_as_they_are() -> None:
    one = uuid4()
    assert said("fingerpost.x", "message %s: attempt %d, now %s", one, 2, "sent").startswith(
        f"message {one}: attempt 2, now sent"
    )


def test_words_of_other_libraries_are_left_out_and_numbers_kept() -> None:
    told = said("axes.handlers", "Locking out %s after %d", "who: Ann Oakley", 3)
    assert told.startswith(f"Locking out {LEFT_OUT} after 3")
    assert "Oakley" not in told


def test_address_of_an_email_is_left_out_wherever_it_stands() -> None:
    assert "ann@" not in said("fingerpost.x", "refused ann@person.example for good")


def test_page_is_told_by_its_path_when_it_holds_ids_only() -> None:
    one = uuid4()
    path = f"/cases/{one}/"
    request = a_request(path, "cases/<uuid:case_id>/", case_id=one)
    assert said("django.request", "%s: %s", "Not Found", path, request=request).startswith(
        f"Not Found: {path}"
    )


@pytest.mark.parametrize(
    ("request_", "place"),
    [
        (a_request("/p/oakley/", "p/<str:token>/", token="oakley"), "/p/<str:token>/"),
        (a_request("/oakley/", ""), "(no page of ours)"),
    ],
)
def test_path_with_words_is_told_by_its_pattern(request_: SimpleNamespace, place: str) -> None:
    told = said("django.request", "%s: %s", "Not Found", request_.path, request=request_)
    assert told.startswith(f"Not Found: {place}")
    assert "oakley" not in told


def test_why_a_form_was_refused_is_kept_unless_it_quotes_the_browser() -> None:
    from django.middleware.csrf import REASON_BAD_REFERER, REASON_NO_CSRF_COOKIE

    request = a_request("/x/", "x/")
    assert REASON_NO_CSRF_COOKIE in said(
        "django.security.csrf", "Forbidden (%s): %s", REASON_NO_CSRF_COOKIE, "/x/", request=request
    )
    quoted = REASON_BAD_REFERER % "https://other.example/?who=oakley"
    assert "oakley" not in said("django.security.csrf", "Forbidden (%s): %s", quoted, "/x/", request=request)


def test_message_made_of_what_a_browser_sent_is_left_out() -> None:
    request = a_request("/x/", "x/")
    told = said("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'oakley'", request=request)
    assert told.startswith(f"{LEFT_OUT} /x/")
    assert "oakley" not in told
    assert "oakley" not in said("asyncio", "Task exception was never retrieved: ValueError('oakley')")


def test_traceback_names_code_and_kind_and_never_repeats_the_error() -> None:
    told = said("fingerpost.x", "it failed: %s", ValueError("oakley"), error=raised(ValueError("oakley")))
    assert "it failed: ValueError" in told
    assert "in raised" in told
    assert "oakley" not in told


def test_errors_behind_an_error_are_told_in_order() -> None:
    word = "oak" + "ley"  # a traceback shows lines of code, these too
    try:
        try:
            raise KeyError(word)
        except KeyError as first:
            raise OSError(2, word, word) from first
    except OSError as error:
        error.add_note(word)
        told = without_words(error)
    assert "oakley" not in told
    assert told.index("KeyError") < told.index("which was the cause of:") < told.index("(errno 2)")


def test_group_of_errors_tells_each() -> None:
    group = ExceptionGroup("oakley", [raised(ValueError("oakley")), raised(TypeError("oakley"))])
    told = without_words(group)
    assert "ValueError" in told and "TypeError" in told
    assert "oakley" not in told


def test_name_that_our_code_lacks_is_said() -> None:
    assert "cannot find it" in without_words(ImportError("cannot find it"))


def test_what_is_handed_along_stays_only_when_it_is_no_text() -> None:
    one = uuid4()
    told = said("fingerpost.x", "done", words="oakley", count=3, id_of_it=one, job={"name": "oakley"})
    assert "oakley" not in told
    assert "'count': 3" in told and str(one) in told


def test_call_with_too_few_arguments_takes_nothing_with_it() -> None:
    assert said("fingerpost.x", "%s and %s", 1).startswith("%s and %s")


def test_every_handler_of_the_product_and_of_its_server_has_the_filter() -> None:
    for told in (settings.LOGGING, json.loads(LOGGING.read_text())):
        named = {
            name
            for name, each in told["filters"].items()
            if each["()"].endswith("log_safety.HidePersonalData")
        }
        assert named
        for name, handler in told["handlers"].items():
            assert named & set(handler["filters"]), name


def test_access_log_of_the_server_tells_no_token_and_no_query() -> None:
    told = json.loads(LOGGING.read_text())
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(HidePersonalData())
    access = logging.Logger("granian.access")
    access.addHandler(handler)
    token = links.token_for_id(uuid4())
    one = uuid4()
    for path in (f"/p/{token}/", "/oakley/", f"/cases/{one}/", "/find-person/?words=oakley"):
        access.info('"%(method)s %(path)s" %(status)d', {"method": "GET", "path": path, "status": 200})
    access.info('"%(method)s %(path)s"', {"method": "OAKLEY", "path": "/", "header": "oakley"})
    access.info("%(header)s", {"header": "oakley"})
    text = out.getvalue().lower()
    assert token not in text and "oakley" not in text
    assert f"/cases/{one}/" in text and "/find-person/" in text
    assert "granian.access" in told["loggers"]
