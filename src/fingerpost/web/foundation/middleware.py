"""The request transaction: opened before anything reads the database, rolled back when the request fails."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse

from fingerpost.web.foundation import scope

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_FAILED = "_fingerpost_failed"


def mark_failed(request: HttpRequest) -> None:
    """Roll this request back at its end, also when a page has been made out of what went wrong."""
    setattr(request, _FAILED, True)


class RequestTransactionMiddleware:
    """Owns `transaction.atomic()` for the whole request.

    `ATOMIC_REQUESTS` opens its transaction around the view only, too late for the middlewares that read users and
    memberships under row-level security. A view that raises, or any 5xx, rolls everything back.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            with transaction.atomic():
                response = self.get_response(request)
                if response.status_code >= 500 or getattr(request, _FAILED, False):
                    transaction.set_rollback(True)
                self._finish_rendering(response)
                return response
        finally:
            scope.leave()

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        mark_failed(request)

    @staticmethod
    def _finish_rendering(response: HttpResponseBase) -> None:
        # A lazy template would otherwise query after the scope has closed.
        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response.render()
