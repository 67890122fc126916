"""One form, one effect: a form pressed twice leads to the first result instead of doing its work again.

if form.is_valid():
    return once(form, by=request.actor, at=clock.now(), perform=lambda: accept_and_say_where(form))
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.submissions import earlier_result, remember
from fingerpost.web.pages.forms.base import PageForm


def once(form: PageForm, *, by: Actor, at: datetime, perform: Callable[[], str]) -> HttpResponseRedirect:
    """Run `perform` (it returns the address of the result) unless this form was handled already.

    `form` needs a `SubmissionKeyField` called `submission`. What `perform` refuses is raised, nothing kept.
    """
    key: UUID = form.cleaned_data["submission"]
    found = earlier_result(by=by, key=key)
    return HttpResponseRedirect(found if found is not None else _perform_once(key, by, at, perform))


def _perform_once(key: UUID, by: Actor, at: datetime, perform: Callable[[], str]) -> str:
    try:
        with transaction.atomic():
            path = perform()
            remember(by=by, key=key, result_path=path, at=at)
        return path
    except IntegrityError:
        # Two presses at the same moment: the other one was first and has been committed by now.
        found = earlier_result(by=by, key=key)
        if found is None:
            raise
        return found
