"""The Chromium of the system tests, which never skip for the lack of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from fingerpost.localstack.browser import find_chromium


@pytest.fixture(scope="session")
def chromium_program() -> Path:
    """The path of a Chromium that starts, for Playwright's `executable_path`."""
    found = find_chromium()
    if found is None:
        pytest.fail("No Chromium was found: 'python3 run.py test' installs it or says how to.", pytrace=False)
    return found
