"""What every test may use: a real database (`tests/plugins/database.py`) and the time each folder takes."""

from __future__ import annotations

pytest_plugins = ["tests.plugins.database", "tests.plugins.timing"]
