"""Which tests run in one process: those of a file, and files that share what takes long to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

# By the beginning of a path: the founded town and its browser; the forms read off every page.
TOGETHER = {
    "tests/system/": "the town",
    "tests/integration/attacks/test_every_form.py": "every form",
    "tests/integration/attacks/test_more_than_asked.py": "every form",
    "tests/integration/attacks/test_forms_with_ids_of_others.py": "every form",
}


def group_of(path: str) -> str:
    """The name of the group of a file; most files are alone."""
    return next((group for start, group in TOGETHER.items() if path.startswith(start)), path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest group is begun first, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: group_of(item.nodeid) != "the town")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid.split("::", 1)[0])

    return ByGroup(config, log)
