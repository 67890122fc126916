"""How much each rule of suggestions weighs: to read, and to change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fingerpost.kernel import clock
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import HEAVIEST
from fingerpost.web.pages import forms
from fingerpost.web.staff.administration.frame import directory_links
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission


class WeightsForm(forms.PageForm):
    """One weight for each rule."""

    def __init__(self, *args: Any, rules: list[connections.Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule in rules:
            self.fields[rule.key] = forms.SelectField(
                label=rule.about,
                use="orders what is suggested to link workers",
                choices=[
                    (str(n), _("%(n)s: switched off") % {"n": 0} if n == 0 else str(n))
                    for n in range(HEAVIEST + 1)
                ],
            )


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def suggestion_rules(request: StaffRequest) -> HttpResponse:
    """Every rule in words, with its weight."""
    found = connections.suggestion_rules(request.actor)
    rules = [rule for rule, _changed in found]
    now = {rule.key: str(changed.weight if changed else rule.weight) for rule, changed in found}
    form = (
        WeightsForm(request.POST, rules=rules)
        if request.method == "POST"
        else WeightsForm(initial=now, rules=rules)
    )
    if request.method == "POST" and form.is_valid():
        for key, weight in form.cleaned_data.items():
            if weight != now[key]:
                connections.weigh_rule(key=key, weight=int(weight), by=request.actor, at=clock.now())
        messages.success(request, _("Saved. Suggestions are ordered so from now on."))
        return HttpResponseRedirect(reverse("staff:suggestion_rules"))
    context = {
        "title": _("How suggestions are made"),
        "subnavigation": directory_links(request.actor, here="staff:suggestion_rules"),
        "form": form,
        "names": [rule.key for rule in rules],
        "changed": [(rule, one) for rule, one in found if one],
    }
    return render(request, "staff/administration/suggestion_rules.html", context)
