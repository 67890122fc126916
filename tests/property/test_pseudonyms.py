from __future__ import annotations

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost.interchange.keys import ProjectKey
from fingerpost.interchange.pseudonyms import Kind, Pseudonymiser

IDS = st.one_of(st.uuids(), st.text(min_size=1, max_size=40).filter(lambda text: text == text.strip()))
KINDS = st.sampled_from(Kind)
PROJECTS = st.from_regex(r"[a-z0-9][a-z0-9-]{2,20}", fullmatch=True)
SEEDS = st.integers(0, 2**32)


def _names(seed: int, project: str) -> Pseudonymiser:
    return Pseudonymiser(ProjectKey(random.Random(seed).randbytes(32)), project=project)


@settings(max_examples=60)
@given(seed=SEEDS, project=PROJECTS, kind=KINDS, values=st.lists(IDS, min_size=2, max_size=8, unique_by=str))
def test_pseudonyms_in_a_project_keep_sameness_and_difference(
    seed: int, project: str, kind: Kind, values: list[object]
) -> None:
    first, again = _names(seed, project), _names(seed, project)
    made = [first.of(kind, str(value)) for value in values]

    assert made == [again.of(kind, str(value)) for value in values]
    assert len(set(made)) == len(values)
    assert all(re.fullmatch("[0-9a-f]{32}", pseudonym) for pseudonym in made)


@settings(max_examples=60)
@given(
    seed=SEEDS,
    other_seed=SEEDS,
    projects=st.tuples(PROJECTS, PROJECTS),
    values=st.sets(st.uuids(), min_size=1, max_size=8),
)
def test_extracts_of_two_projects_share_no_pseudonym(
    seed: int, other_seed: int, projects: tuple[str, str], values: set[object]
) -> None:
    pairs = {(seed, projects[0]), (seed, projects[1]), (other_seed, projects[0]), (other_seed, projects[1])}
    made = [{_names(*pair).of(kind, str(value)) for kind in Kind for value in values} for pair in pairs]

    assert sum(map(len, made)) == len(set().union(*made)) == len(pairs) * len(Kind) * len(values)
    assert len({_names(*pair).fingerprint for pair in pairs}) == len(pairs)


@settings(max_examples=40)
@given(seed=SEEDS, project=PROJECTS, value=st.uuids())
def test_pseudonym_does_not_hold_a_part_of_its_id(seed: int, project: str, value: object) -> None:
    text = str(value).replace("-", "")
    made = _names(seed, project).of(Kind.PERSON, str(value))

    assert not any(text[start : start + 10] in made for start in range(len(text) - 9))
