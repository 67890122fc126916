from __future__ import annotations

import re
from pathlib import Path

import pytest

from fingerpost.kernel.errors import ConfigurationError
from fingerpost.web.pages.assets import build

PACKAGES = Path(__file__).parents[4] / "node_modules"
# Names of XML languages look like addresses and are never fetched.
_ADDRESS = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]", re.IGNORECASE)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not PACKAGES.is_dir():
        pytest.skip("the npm packages are not installed: run npm ci --ignore-scripts")
    output = tmp_path_factory.mktemp("assets")
    build(output, packages=PACKAGES)
    return output / "fingerpost"


def test_nothing_served_names_another_host(built: Path) -> None:
    served = [path for path in built.rglob("*") if path.is_file()]
    assert {"fingerpost.css", "fingerpost.js", "nhsuk-frontend.min.js", "favicon.svg"} <= {
        p.name for p in served
    }
    found = {path.name: _ADDRESS.findall(path.read_text(encoding="utf-8")) for path in served}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_style_sheet_has_no_typeface_of_the_nhs_and_no_missing_image(built: Path) -> None:
    css = (built / "fingerpost.css").read_text(encoding="utf-8")
    assert "Frutiger" not in css and "@font-face" not in css
    images = set(re.findall(r"url\(\"?(images/[^)\"]+)", css))
    assert {name for name in images if not (built / name).is_file()} == set()


def test_script_links_to_no_source_map(built: Path) -> None:
    assert all("sourceMappingURL" not in path.read_text() for path in built.glob("*.js"))


def test_build_without_the_packages_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="npm ci"):
        build(tmp_path / "out", packages=tmp_path)
