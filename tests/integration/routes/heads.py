"""The heads that every answer carries, whatever it is: what is missing or loose, in words."""

from __future__ import annotations

import re

from django.http import HttpResponse

_ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_POLICY = {
    "default-src": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "style-src": "'self'",
}
_LOOSE = re.compile(r"unsafe|\*|https?:|(?<!img-src 'self' )data:|blob:")
_LIMITED = ("camera", "microphone", "geolocation", "payment", "usb")
# The sent e-mail in its locked box: its own styles, shown in a page of ours, no script and no form.
_BOX = {"X-Frame-Options": "SAMEORIGIN"}
_BOX_POLICY = {"frame-ancestors": "'self'", "form-action": "'none'", "style-src": "'unsafe-inline'"}
BOXED = "staff:message_html"


def faults_of_heads(response: HttpResponse, *, boxed: bool = False) -> list[str]:
    """Every head that is missing or weaker than it should be."""
    always, wanted_policy = (_ALWAYS | _BOX, _POLICY | _BOX_POLICY) if boxed else (_ALWAYS, _POLICY)
    faults = [
        f"{name} is {response.get(name)!r}" for name, wanted in always.items() if response.get(name) != wanted
    ]
    policy = response.get("Content-Security-Policy", "")
    given = dict(part.strip().split(" ", 1) for part in policy.split(";") if " " in part.strip())
    faults += [
        f"{name} is {given.get(name)!r}"
        for name, wanted in wanted_policy.items()
        if given.get(name) != wanted
    ]
    if boxed and "script-src" in given:
        faults.append(f"the box may run scripts: {given['script-src']}")
    if not boxed and (found := _LOOSE.search(policy)):
        faults.append(f"the policy is loosened by {found[0]!r}")
    limits = response.get("Permissions-Policy", "")
    return faults + [f"{feature} is not refused" for feature in _LIMITED if f"{feature}=()" not in limits]


def faults_of_keeping(response: HttpResponse) -> list[str]:
    """Whether a browser, or anything between, may keep an answer that is not for everybody."""
    told = response.get("Cache-Control", "")
    if response.status_code == 301 or "no-store" in told:
        return []
    return [f"may be kept: Cache-Control is {told!r}"]
