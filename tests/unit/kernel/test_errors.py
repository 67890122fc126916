import inspect
import pickle

import pytest

from fingerpost.kernel import errors
from fingerpost.kernel.errors import (
    Conflict,
    FaultList,
    Faults,
    FingerpostError,
    IllegalTransition,
    InvalidValue,
    NotAllowed,
    SourceFault,
)
from fingerpost.kernel.words import N_, Phrase

ALL = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, FingerpostError)]


class Lazy:
    def __str__(self) -> str:
        return "translated late"


def test_tree_drawn_in_docstring_names_every_error_with_its_exit_code() -> None:
    for cls in ALL:
        assert f"{cls.__name__} ({cls.exit_code})" in (errors.__doc__ or "")


def test_exit_codes_differ_except_where_faults_group_values() -> None:
    codes = [cls.exit_code for cls in ALL if cls is not Faults]
    assert len(set(codes)) == len(codes)
    assert not set(codes) & {0, 2}  # success, and argparse's own


@pytest.mark.parametrize("cls", ALL)
def test_every_error_survives_pickling_with_its_words(cls: type[FingerpostError]) -> None:
    error = cls("It broke.", expected="A whole one.", remedy="Mend it.")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is cls
    assert str(again) == "It broke. A whole one. Mend it."


def test_text_of_an_error_accepts_lazy_objects_and_translates_templates() -> None:
    error = InvalidValue(Phrase(N_("Too long: {count}."), count=3), expected=Lazy())
    welsh = {"Too long: {count}.": "Rhy hir: {count}."}
    assert error.in_words(lambda text: welsh.get(text, text)) == "Rhy hir: 3. translated late"
    assert str(error) == "Too long: 3. translated late"


def test_fault_list_with_several_faults_raises_them_all_at_once_and_flat() -> None:
    faults = FaultList()
    with faults.catching():
        raise InvalidValue("The name is missing.", field="name")
    with faults.catching():
        raise Faults(faults=[InvalidValue("No day.", field="day"), InvalidValue("No year.", field="year")])
    with pytest.raises(Faults) as caught:
        faults.raise_any("The form has faults.")
    assert [fault.field for fault in caught.value.faults] == ["name", "day", "year"]
    assert str(caught.value).splitlines() == [
        "The form has faults.",
        "  - The name is missing.",
        "  - No day.",
        "  - No year.",
    ]


def test_fault_list_when_empty_raises_nothing() -> None:
    FaultList().raise_any()


def test_fault_list_lets_foreign_errors_through() -> None:
    with pytest.raises(ZeroDivisionError), FaultList().catching():
        1 / 0  # noqa: B018


def test_errors_carry_what_a_caller_needs_to_act() -> None:
    assert NotAllowed("No.", reason="no_involvement").reason == "no_involvement"
    assert Conflict("Changed.", changed={"goal": "Walk"}).changed == {"goal": "Walk"}
    assert SourceFault("Bad row.", line=431, column="id").line == 431
    moved = IllegalTransition("Closed stays closed.", current="closed", wanted="open", allowed=["closed"])
    assert str(moved) == "Closed stays closed. From here it can become: closed."
