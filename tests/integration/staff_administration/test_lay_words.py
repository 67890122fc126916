from __future__ import annotations

import pytest
from django.urls import reverse
from tests.factories.browsing import Browser, hidden
from tests.factories.listings import found, land, names
from tests.factories.world import World, build_world

from fingerpost.kernel.errors import Faults, NotAllowed, NotFound
from fingerpost.web.directory import api as directory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world()
    land(world)
    return world


def _save(world: World, who: str = "administrator", **fields: object) -> str:
    values: dict[str, object] = {"phrases": ["at my wits' end"], "needs": ["company"], "words": []}
    with world.as_(who) as actor:
        return directory.save_lay_meaning(**{**values, **fields}, by=actor, at=world.at)  # type: ignore[arg-type]


def test_what_a_steward_says_is_what_search_reads(world: World) -> None:
    assert found(world, words="at my wits end").total == 0
    key = _save(world)
    assert set(names(found(world, words="at my wits' end"))) == {"Wednesday Lunch Club", "Phone Friends"}
    _save(world, key=key, needs=["safety_at_home"])
    assert names(found(world, words="at my wits end")) == ["Larkrise Refuge"]
    with world.as_("administrator") as actor:
        directory.switch_off_lay_meaning(key=key, by=actor, at=world.at)
    assert found(world, words="at my wits end").total == 0


def test_a_misspelt_word_of_an_own_phrase_is_put_right(world: World) -> None:
    _save(world, phrases=["brassic"])
    assert found(world, words="brasic").corrections == {"brasic": "brassic"}


def test_an_entry_that_came_with_the_product_is_changed_switched_off_and_brought_back(world: World) -> None:
    _save(world, key="lonely", phrases=["lonely"], needs=["safety_at_home"])
    assert names(found(world, words="lonely")) == ["Larkrise Refuge"]
    with world.as_("administrator") as actor:
        directory.switch_off_lay_meaning(key="lonely", by=actor, at=world.at)
        (off,) = [one for one in directory.lay_meanings(actor) if one.entry.key == "lonely"]
        assert (off.entry.phrases, off.changed_by) == ((), actor.label)
    assert found(world, words="lonely").total == 0
    with world.as_("administrator") as actor:
        directory.restore_lay_meaning(key="lonely", by=actor, at=world.at)
    assert len(names(found(world, words="lonely"))) == 2


def test_all_faults_of_an_entry_are_told_at_once(world: World) -> None:
    with pytest.raises(Faults) as told:
        _save(world, phrases=["skint", "one two three four five six seven"], needs=[])
    words = " ".join(str(fault) for fault in told.value.faults)
    assert "“skint” stands in the entry that begins with “skint”" in words
    assert "is not something that can be looked for" in words
    assert "Say what it means" in words
    with pytest.raises(Faults):
        _save(world, phrases=[" "], needs=["noise"])


def test_only_who_keeps_the_directory_changes_words(world: World) -> None:
    with pytest.raises(NotAllowed):
        _save(world, "worker")
    with pytest.raises(NotFound):
        _save(world, key="no-such-entry")


def test_pages_list_change_and_add(world: World, administrator: Browser) -> None:
    listed, new = reverse("staff:lay_words"), reverse("staff:new_lay_meaning")
    assert "skint" in administrator.get(listed).content.decode()
    assert "bailiffs" in administrator.get(reverse("staff:lay_meaning", args=["skint"])).content.decode()
    form = hidden(administrator.get(new))
    refused = administrator.post(new, form | {"phrases": "skint", "needs": ["money"]})
    assert "stands in the entry" in refused.content.decode()
    assert administrator.post(new, form | {"phrases": "brassic", "needs": ["money"]}).status_code == 302
    assert "brassic" in administrator.get(listed).content.decode()


def test_phrases_are_shown_as_they_are_written_also_when_switched_off(administrator: Browser) -> None:
    listed = reverse("staff:lay_words")
    assert "can&#39;t pay the electric, " in administrator.get(listed).content.decode()
    off = reverse("staff:switch_off_lay_meaning", args=["cant-pay-the-electric"])
    assert administrator.post(off, hidden(administrator.get(listed))).status_code == 302
    shown = administrator.get(listed).content.decode()
    assert "can&#39;t pay the electric" in shown and "cant pay the electric" not in shown
