"""What every test may use: a real database (`plugins/database.py`), a planted world, a browser, the time taken."""

from __future__ import annotations

import logging
import os

from hypothesis import settings

logging.getLogger("mail.log").setLevel(logging.ERROR)  # every line of the loopback mail server's talk

# No deadlines: how long an example takes says how busy the machine is. The same examples each time, so that a failure
# belongs to the change that made it; FINGERPOST_EXPLORE=1 looks for new ones.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile("explore" if os.environ.get("FINGERPOST_EXPLORE") == "1" else "suite")

pytest_plugins = [
    "tests.plugins.database",
    "tests.plugins.planted",
    "tests.plugins.spread",
    "tests.plugins.timing",
    "tests.plugins.browser",
]
