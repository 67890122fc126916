"""The extract tables, version 0: journeys and their pathway events.

The declarations are the contract: Parquet schemas, checks and the data dictionary are made from them.
A change that an old reader survives (a new nullable column, a new code) raises the minor version; any
other raises the major one. Why dates and not times, and what is pseudonymised: decisions 0040 and 0041.
"""

from __future__ import annotations

from fingerpost.codes.pathway import COMPLETION_REASONS, LOSS_REASONS, STEPS, EventKind
from fingerpost.interchange.declarations import (
    Column,
    ColumnType,
    FilledOnlyWhen,
    Link,
    PersonalDataClass,
    Release,
    Table,
)

__all__ = ["JOURNEY", "MAJOR", "MINOR", "PATHWAY_EVENT", "SCHEMA_VERSION", "TABLES", "table_named"]

MAJOR, MINOR = 0, 1
SCHEMA_VERSION = f"{MAJOR}.{MINOR}"

_LONDON_DAY = "day, Europe/London"
_REASONS = (*(loss.code for loss in LOSS_REASONS), *(done.code for done in COMPLETION_REASONS))


def _pseudonym(name: str, meaning: str, empty_means: str = "") -> Column:
    return Column(
        name=name,
        type=ColumnType.PSEUDONYM,
        meaning=meaning,
        nullable=bool(empty_means),
        empty_means=empty_means,
        personal_data=PersonalDataClass.PSEUDONYM,
    )


def _day(name: str, meaning: str, empty_means: str = "") -> Column:
    return Column(
        name=name,
        type=ColumnType.DATE,
        meaning=meaning,
        unit=_LONDON_DAY,
        nullable=bool(empty_means),
        empty_means=empty_means,
        personal_data=PersonalDataClass.INDIRECT,
        release=Release.GROUPING,
    )


JOURNEY = Table(
    name="journey",
    meaning="One person's way through one episode, from the first thing recorded about it.",
    key=("journey_pseudonym",),
    columns=(
        _pseudonym("journey_pseudonym", "The journey."),
        _pseudonym(
            "person_pseudonym",
            "The person whose journey it is; the same in every journey of that person within the project.",
            empty_means="nobody was identified, as when someone was signposted at a front desk",
        ),
        _pseudonym(
            "scheme_pseudonym",
            "The scheme that held the journey when the extract was made.",
            empty_means="no scheme was involved",
        ),
        _pseudonym(
            "referrer_pseudonym",
            "The organisation that the referral or signposting came from.",
            empty_means="nobody referred: the person came by themselves, or it was not recorded",
        ),
        Column(
            name="source",
            type=ColumnType.CODE,
            meaning="The kind of source the journey began with, as a code of the web half's list of sources.",
            nullable=True,
            empty_means="not recorded",
            personal_data=PersonalDataClass.INDIRECT,
            release=Release.GROUPING,
        ),
        _day("minted_on", "The day the journey's first event was recorded."),
    ),
)

PATHWAY_EVENT = Table(
    name="pathway_event",
    meaning="One dated fact about a journey. A mistake is not taken out: it stays, with the day on which "
    "it was taken back, beside the event entered_in_error that took it back.",
    key=("journey_pseudonym", "ordinal"),
    links=(Link(column="journey_pseudonym", target="journey", target_column="journey_pseudonym"),),
    conditions=(
        FilledOnlyWhen(column="lost_after", other="event", values=(EventKind.LOST,), always=True),
        FilledOnlyWhen(
            column="reason",
            other="event",
            values=(EventKind.LOST, EventKind.CLOSED, EventKind.ENTERED_IN_ERROR),
            always=False,
        ),
    ),
    columns=(
        _pseudonym("journey_pseudonym", "The journey the event belongs to."),
        Column(
            name="ordinal",
            type=ColumnType.INTEGER,
            meaning="The event's place in its journey, by the moment it occurred, then the moment it was "
            "recorded, then its id. Keeps the order of events of one day.",
            unit="1 is the first",
        ),
        Column(
            name="event",
            type=ColumnType.CODE,
            meaning="What happened, in the pathway vocabulary.",
            values=tuple(EventKind),
            personal_data=PersonalDataClass.INDIRECT,
            release=Release.GROUPING,
        ),
        Column(
            name="lost_after",
            type=ColumnType.CODE,
            meaning="For a loss: the step last reached.",
            nullable=True,
            empty_means="the event is not a loss",
            values=tuple(STEPS),
            personal_data=PersonalDataClass.INDIRECT,
            release=Release.GROUPING,
        ),
        Column(
            name="reason",
            type=ColumnType.CODE,
            meaning="Why the journey was lost, why the case closed, or why an entry was taken back.",
            nullable=True,
            empty_means="the event has no reason, or it was not recorded",
            values=_REASONS,
            personal_data=PersonalDataClass.INDIRECT,
            release=Release.GROUPING,
        ),
        _day("occurred_on", "The day it happened."),
        _day("recorded_on", "The day it was recorded. Later than occurred_on when it was entered late."),
        _day(
            "taken_back_on",
            "The day on which this event was recorded as a mistake, alone or with its whole journey. "
            "From that day the event does not stand.",
            empty_means="the event stands",
        ),
    ),
)

TABLES: tuple[Table, ...] = (JOURNEY, PATHWAY_EVENT)


def table_named(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)
