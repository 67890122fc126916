"""What every test may use: a real database (`plugins/database.py`), a browser, the time each folder took."""

from __future__ import annotations

pytest_plugins = ["tests.plugins.database", "tests.plugins.timing", "tests.plugins.browser"]
