from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fingerpost.disclosure import Suppressed
from fingerpost.web.pages import navigation
from fingerpost.web.pages.brand import Brand, contrast, faults, stylesheet
from fingerpost.web.pages.catalogue import compiled, languages
from fingerpost.web.pages.charts import bar_chart, line_chart
from fingerpost.web.pages.navigation import NavItem, items_for, register
from fingerpost.web.pages.timeline import Entry, by_day


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_items", {})
    yield


@pytest.mark.usefixtures("registry")
def test_navigation_shows_what_may_be_opened_at_most_six_in_order() -> None:
    routes = [
        "pages:help",
        "pages:privacy",
        "pages:accessibility",
        "pages:brand",
        "pages:logo",
        "pages:language",
        "pages:membership",
    ]
    register(*(NavItem(label=route, route=route, order=-at) for at, route in enumerate(routes)))
    register(NavItem(label="Secret", route="pages:help", permission="see"))
    assert [link.text for link in items_for(())] == list(reversed(routes))[:6]
    register(NavItem(label="Gone", route="nowhere:at-all", order=-99))
    assert "Gone" not in [link.text for link in items_for(())]


@pytest.mark.usefixtures("registry")
def test_navigation_entry_needs_its_permission_and_marks_where_one_is() -> None:
    register(
        NavItem(label="Help", route="pages:help", permission="see", order=1),
        NavItem(label="Privacy", route="pages:privacy", order=2, under=("pages:logo",)),
    )
    assert [link.text for link in items_for(())] == ["Privacy"]
    assert [link.current for link in items_for({"see"}, path="/help/more/")] == [True, False]
    assert [link.current for link in items_for({"see"}, path="/elsewhere/", route="pages:logo")] == [
        False,
        True,
    ]


def test_brand_that_cannot_be_used_is_told_with_every_fault(tmp_path: Path) -> None:
    assert faults(Brand(organisation="Fells")) == []
    assert len(faults(Brand(colour="teal", logo=str(tmp_path / "logo.gif")))) == 2
    assert "cannot be read" in faults(Brand(logo=str(tmp_path / "logo.svg")))[0]


def test_text_on_the_brand_colour_can_always_be_read() -> None:
    for colour in ("#ffffff", "#000000", "#f4d35e", "#1d4f4c"):
        chosen = Brand(colour=colour)
        assert contrast(chosen.text_colour, colour) >= 4.5
        assert f"--fp-brand: {colour};" in stylesheet(chosen)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_timeline_is_grouped_by_london_day_newest_first() -> None:
    late, early, other = (
        Entry(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "late"),
        Entry(datetime(2026, 7, 1, 9, tzinfo=UTC), "early"),
        Entry(datetime(2026, 6, 30, 9, tzinfo=UTC), "other"),
    )
    assert by_day([other, late, early]) == [(date(2026, 7, 1), [early, late]), (date(2026, 6, 30), [other])]


def test_bars_never_give_a_suppressed_number_away() -> None:
    chart = bar_chart(
        "Steps", [("a", 40, ""), ("b", 20, ""), ("c", Suppressed(7), "")], counts="People", of_first=True
    )
    assert [bar.width for bar in chart.bars] == [100.0, 50.0, 3.0]
    assert [bar.share for bar in chart.bars] == ["", "50 in 100", ""]
    other = bar_chart("Steps", [("a", Suppressed(7), ""), ("b", 20, "")], counts="People", of_first=True)
    assert other.bars[1].share == ""


def test_line_stands_at_true_distances_within_its_scale() -> None:
    chart = line_chart(
        "Score",
        [(date(2026, 3, 11), 10), (date(2026, 3, 1), 0), (date(2026, 3, 6), 5)],
        low=0,
        high=10,
        low_words="",
        high_words="",
    )
    first, middle, last = chart.points
    assert (first.y, last.y) == (chart.bottom, chart.top)
    assert middle.x == pytest.approx((first.x + last.x) / 2)
    assert (
        len(line_chart("One", [(date(2026, 3, 1), 3)], low=0, high=10, low_words="", high_words="").points)
        == 1
    )


@pytest.mark.parametrize("path", list(languages()), ids=lambda path: path.parts[-3])
def test_compiled_catalogue_is_that_of_its_source(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == compiled(path), (
        "run python -m fingerpost.web.pages.catalogue compile"
    )
