from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from django.urls import get_resolver

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


def test_every_route_is_measured_under_load_or_says_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    pages = importlib.import_module("_load.pages")
    load = importlib.import_module("load")
    try:
        served = set(load.routes(get_resolver(), ""))
    finally:
        for name in [name for name in sys.modules if name == "load" or name.startswith("_load")]:
            del sys.modules[name]
    measured = {page.route for page in pages.PAGES}
    assert served - measured - set(pages.NO_PAGES) == set()
    assert (measured | set(pages.NO_PAGES)) - served == {"pages:gallery"}  # only where DEBUG is on
