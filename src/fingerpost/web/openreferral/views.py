"""The nine endpoints of Open Referral UK 3.0, the description for programs, and the package."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.cache import is_tried_too_often
from fingerpost.web.foundation.scope import scope
from fingerpost.web.geography.api import locate
from fingerpost.web.openreferral import objects
from fingerpost.web.openreferral.answers import answering, envelope, problem, written
from fingerpost.web.openreferral.package import package as written_package
from fingerpost.web.openreferral.parameters import ROUTE_CALLED, USUAL_PER_PAGE, Asked, BadParameter
from fingerpost.web.openreferral.schema import openapi
from fingerpost.web.pages.everybody import TooOften

ROOT = "/open-referral-uk"
VERSION = "HSDS-UK-3.0"
# A package reads the whole directory. What is in it changes at most a few times a day.
PACKAGES_AN_HOUR, ALL_PACKAGES_AN_HOUR, AN_HOUR = 6, 60, timedelta(hours=1)
PROFILE = "https://docs.openreferraluk.org/en/latest/"


def _address() -> str:
    """Where this interface stands: from the settings, never from a header."""
    return settings.FINGERPOST_BASE_URL.rstrip("/") + ROOT


@answering(ROUTE_CALLED["api"])
def api(actor: Actor, asked: Asked) -> HttpResponse:
    return written({"version": VERSION, "profile": PROFILE, "openapi_url": f"{_address()}/openapi.json"})


@answering(ROUTE_CALLED["api"])
def description(actor: Actor, asked: Asked) -> HttpResponse:
    return written(openapi(server=_address()))


@answering(ROUTE_CALLED["services"])
def services(actor: Actor, asked: Asked) -> HttpResponse:
    page = directory.published_page(actor, _criteria(asked))
    return written(envelope(page, [objects.service_in_list(one) for one in page.items]))


@answering(ROUTE_CALLED["service"])
def service(actor: Actor, asked: Asked, id: str) -> HttpResponse:
    return written(objects.service(directory.published_listing(actor, listing_id=_id(id))))


@answering(ROUTE_CALLED["service_at_locations"])
def service_at_locations(actor: Actor, asked: Asked) -> HttpResponse:
    criteria = _criteria(asked)
    if asked["postcode"] and criteria.near is None:
        fault = BadParameter(
            "postcode", f"{asked['postcode']} is not known here.", "a postcode that is in use in this area"
        )
        return problem(400, "The question cannot be answered as it stands.", [fault])
    page = directory.published_pairs(actor, criteria)
    return written(envelope(page, [objects.service_at_location_in_list(one) for one in page.items]))


@answering(ROUTE_CALLED["service_at_location"])
def service_at_location(actor: Actor, asked: Asked, id: str) -> HttpResponse:
    return written(objects.service_at_location(directory.published_pair(actor, pair_id=_id(id))))


@answering(ROUTE_CALLED["taxonomies"])
def taxonomies(actor: Actor, asked: Asked) -> HttpResponse:
    page = directory.page_of(directory.taxonomies(actor), **_paging(asked))
    return written(envelope(page, [objects.taxonomy(one) for one in page.items]))


@answering(ROUTE_CALLED["taxonomy"])
def taxonomy(actor: Actor, asked: Asked, id: str) -> HttpResponse:
    found = directory.taxonomies(actor).filter(id=_id(id)).first()
    if found is None:
        raise _absent()
    return written(objects.taxonomy(found))


@answering(ROUTE_CALLED["taxonomy_terms"])
def taxonomy_terms(actor: Actor, asked: Asked) -> HttpResponse:
    page = directory.page_of(directory.taxonomy_terms(actor), **_paging(asked))
    return written(envelope(page, [objects.taxonomy_term(one) for one in page.items]))


@answering(ROUTE_CALLED["taxonomy_term"])
def taxonomy_term(actor: Actor, asked: Asked, id: str) -> HttpResponse:
    found = directory.taxonomy_terms(actor).filter(id=_id(id)).first()
    if found is None:
        raise _absent()
    return written(objects.taxonomy_term(found))


@answering(ROUTE_CALLED["package"])
def package(actor: Actor, asked: Asked) -> HttpResponseBase:
    """Sent while it is written: in a scope of its own, since this one closes before the first byte leaves."""
    for who, most in ((asked.who, PACKAGES_AN_HOUR), ("everybody", ALL_PACKAGES_AN_HOUR)):
        if is_tried_too_often("package", f"{actor.system_id}:{who}", most=most, every=AN_HOUR):
            raise TooOften
    title, at = settings.FINGERPOST_BRAND["organisation"], clock.now()
    content = () if asked.is_head else _in_scope(actor, title, at)
    response = StreamingHttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="open-referral-uk.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _in_scope(actor: Actor, title: str, at: datetime) -> Iterator[bytes]:
    with scope(actor):
        yield from written_package(actor, title=title, at=at)


@login_not_required
def nothing(request: HttpRequest, rest: str) -> HttpResponseBase:
    return problem(404, "There is no such address here.")


def _criteria(asked: Asked) -> directory.PublishedCriteria:
    postcode = asked["postcode"]
    return directory.PublishedCriteria(
        words=asked["search"] or "",
        term_id=asked["taxonomy_term_id"],
        taxonomy_id=asked["taxonomy_id"],
        minimum_age=asked["minimum_age"],
        maximum_age=asked["maximum_age"],
        starts_from=asked["start_time"],
        ends_by=asked["end_time"],
        day=asked["day"] or "",
        modified_after=asked["modified_after"],
        near=locate(postcode) if postcode else None,
        outward_code=Postcode(postcode).outward if postcode else "",
        within_metres=asked["proximity"],
        **_paging(asked),
    )


def _paging(asked: Asked) -> dict[str, int]:
    return {"page": asked["page"] or 1, "per_page": asked["per_page"] or USUAL_PER_PAGE}


def _id(text: str) -> UUID:
    """An id as it is written in the lists. Any other text names nothing that is here."""
    try:
        found = UUID(text)
    except ValueError:
        raise _absent() from None
    if str(found) != text.lower():
        raise _absent()
    return found


def _absent() -> NotFound:
    return NotFound("There is no such thing here.", expected="an id from a list")
