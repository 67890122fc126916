"""Where things are: the checkout, and the one folder that holds all state."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "FINGERPOST_HOME"
STATE_FOLDER = ".fingerpost"


@dataclass(frozen=True)
class Places:
    """The folders of one checkout. Only `state`, `.venv` and `node_modules` are ever written to."""

    root: Path
    state: Path

    @classmethod
    def of(cls, root: Path, environ: Mapping[str, str] | None = None) -> Places:
        """The places of a checkout; `FINGERPOST_HOME` moves the state folder."""
        chosen = (os.environ if environ is None else environ).get(HOME_VARIABLE, "").strip()
        state = Path(chosen).expanduser() if chosen else root / STATE_FOLDER
        return cls(root=root.resolve(), state=state.absolute())

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def requirements(self) -> Path:
        return self.root / "requirements"

    @property
    def tools(self) -> Path:
        """Tools of the set-up itself: uv, and Node where the machine has none."""
        return self.state / "tools"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def demo(self) -> Path:
        """All that belongs to the demo; `--fresh` removes it whole."""
        return self.state / "demo"

    @property
    def tests(self) -> Path:
        """The cluster of the tests, apart from the demo's so that neither can harm the other."""
        return self.state / "tests"

    def make_state(self) -> None:
        """Create the state folder, private to its owner when it is new."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.logs.mkdir(mode=0o700, exist_ok=True)
