from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListingStatus(models.TextChoices):
    """HSDS 3.1 service statuses, and one of ours for a source that says nothing."""

    ACTIVE = "active", _("running")
    TEMPORARILY_CLOSED = "temporarily_closed", _("closed for a while")
    INACTIVE = "inactive", _("not running")
    DEFUNCT = "defunct", _("ended for good")
    NOT_STATED = "not_stated", _("not stated by the source")


class Way(models.TextChoices):
    """How a person takes part."""

    IN_PERSON = "in_person", _("at a place")
    AT_HOME = "at_home", _("in your home")
    BY_PHONE = "by_phone", _("by phone")
    ONLINE = "online", _("online")


class ForGender(models.TextChoices):
    ANYONE = "", _("anyone")
    WOMEN = "women", _("women")
    MEN = "men", _("men")


class Day(models.TextChoices):
    """A day of the week, in the letters of RFC 5545."""

    MONDAY = "mo", _("Monday")
    TUESDAY = "tu", _("Tuesday")
    WEDNESDAY = "we", _("Wednesday")
    THURSDAY = "th", _("Thursday")
    FRIDAY = "fr", _("Friday")
    SATURDAY = "sa", _("Saturday")
    SUNDAY = "su", _("Sunday")


class PartOfDay(models.TextChoices):
    """Before midday, until five, and after."""

    MORNING = "morning", _("in the morning")
    AFTERNOON = "afternoon", _("in the afternoon")
    EVENING = "evening", _("in the evening")


class LocationKind(models.TextChoices):
    PHYSICAL = "physical", _("a place")
    POSTAL = "postal", _("an address for post")
    VIRTUAL = "virtual", _("online")


class CapacityState(models.TextChoices):
    TAKING = "taking", _("taking people")
    WAITING_LIST = "waiting_list", _("waiting list")
    FULL = "full", _("full")
    UNKNOWN = "unknown", _("not known")


class EvidenceKind(models.TextChoices):
    """What is learnt about a listing by using it. `full` changes its capacity and never its trust."""

    DECLINED = "declined", _("declined a person")
    BOUNCED = "bounced", _("a message to it came back")
    FULL = "full", _("said it was full")
    NOT_RUNNING = "not_running", _("is said not to be running any more")
    WRONG_DETAILS = "wrong_details", _("has details that are wrong")
    SILENT = "silent", _("did not answer")
    ANSWERED = "answered", _("answered")
    STILL_RIGHT = "still_right", _("was said by its provider to be right")


# What makes somebody who chooses a listing think twice.
DOUBTFUL_EVIDENCE = (EvidenceKind.BOUNCED, EvidenceKind.NOT_RUNNING, EvidenceKind.WRONG_DETAILS)


class EmailState(models.TextChoices):
    """How far an e-mail address may be relied on."""

    UNCHECKED = "unchecked", _("came from a source; nobody has checked it")
    CHECKED = "checked", _("a member of staff says it is right")
    CONFIRMED = "confirmed", _("whoever it belongs to has answered from it")
    REFUSED = "refused", _("asked not to be written to")


class SourceKind(models.TextChoices):
    HSDS_CSV = "hsds_csv", _("HSDS tables (CSV)")
    HSDS_PACKAGE = "hsds_package", _("HSDS data package")
    FEED_ORUK3 = "feed_oruk3", _("Open Referral UK 3.0 feed")
    FEED_ORUK1 = "feed_oruk1", _("Open Referral UK 1.0 feed")
    FEED_RPDE = "feed_rpde", _("OpenActive feed")
    SHEET = "sheet", _("spreadsheet")
    VOCABULARY = "vocabulary", _("list of terms")
    PROVIDER = "provider", _("the provider itself")
    STEWARD = "steward", _("the keepers of this directory")
    TYPED = "typed", _("entered here")
    DEMO = "demo", _("the invented town")


class FaultKind(models.TextChoices):
    """What a source left out or got wrong. The row still lands; nothing is made up in its place."""

    STATUS_MISSING = "status_missing", _("does not say whether it is running")
    STATUS_UNKNOWN = "status_unknown", _("has a status that is not in the standard")
    PROVIDER_MISSING = "provider_missing", _("does not say which organisation is behind it")
    PROVIDER_ABSENT = "provider_absent", _("names an organisation that is not in the source")
    LOCATION_LINK_MISSING = "location_link_missing", _("is linked to no location")
    SCHEDULE_LINK_MISSING = "schedule_link_missing", _("is linked to no schedule")
    COORDINATES_MISSING = "coordinates_missing", _("has no coordinates")
    COORDINATES_MALFORMED = "coordinates_malformed", _("has coordinates that are not a place")
    ADDRESS_MISSING = "address_missing", _("has no address")
    TOWN_MISSING = "town_missing", _("has an address without a town")
    PHONE_NUMBER_MISSING = "phone_number_missing", _("has a phone row without a number")
    PHONE_NUMBER_MALFORMED = "phone_number_malformed", _("has words where a phone number should be")
    EMAIL_MISSING = "email_missing", _("has no e-mail address")
    EMAIL_MALFORMED = "email_malformed", _("has an e-mail address that cannot be one")
    URL_MALFORMED = "url_malformed", _("has a web address that cannot be one")
    TIMES_MISSING = "times_missing", _("has a day without opening times")
    TIMES_MALFORMED = "times_malformed", _("has opening times that cannot be read")
    TIMES_REVERSED = "times_reversed", _("closes before it opens")
    NUMBER_MALFORMED = "number_malformed", _("has a number that cannot be read")
    DATE_MALFORMED = "date_malformed", _("has a date that cannot be read")
    ID_MISSING = "id_missing", _("has rows without an id of their own")
    ENCODING_GUESSED = "encoding_guessed", _("is not in UTF-8; it was read as Windows-1252")
    VALUE_MALFORMED = "value_malformed", _("has a cell that does not fit its column")
    PLACE_ABSENT = "place_absent", _("names a place that is not in the source")
    PARENT_ABSENT = "parent_absent", _("is below a term that is not in the source")
    ENDED = "ended", _("is not shown to anybody: its source says that it has ended")
    FILE_MISSING = "file_missing", _("is not among the files")
    FILE_NOT_READ = "file_not_read", _("is a file that this import does not read")
    NAME_MISSING = "name_missing", _("has no name; the first line of its address stands for it")
    SAID_IN_TWO_WAYS = "said_in_two_ways", _("is described in two ways; the first is kept")
    KIND_NOT_READ = "kind_not_read", _("is a kind of item that this import does not read")
    LIST_CHANGED = "list_changed", _("changed while it was read, so nothing is taken to be gone")
    ITEM_ABSENT = "item_absent", _("is in the list of the feed and cannot be read by itself")
    COLLECTION_FAILED = (
        "collection_failed",
        _("could not be read to its end, so what it said before still holds"),
    )
    COLUMN_NOT_READ = "column_not_read", _("has a column that is kept but not used")


class ReadingState(models.TextChoices):
    """Of one reading of a feed. A stopped one goes on where it was; a lapsed one is begun again."""

    READING = "reading", _("being read")
    STOPPED = "stopped", _("stopped before its end")
    DONE = "done", _("read to its end")
    LAPSED = "lapsed", _("stopped, and begun again since")


class ImportState(models.TextChoices):
    BEGUN = "begun", _("its columns are not agreed yet")
    TRIED = "tried", _("looked at; nothing has been changed")
    HELD = "held", _("held until somebody has looked")
    REPLACED = "replaced", _("held, and read again since")
    APPLIED = "applied", _("applied")
    UNDONE = "undone", _("undone")


class ChangeKind(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    GONE = "gone", _("gone")


class Accompaniment(models.TextChoices):
    NOT_KNOWN = "", _("not known")
    WELCOME = "yes", _("somebody may come along")
    ASK = "ask", _("ask first")
    ALONE = "no", _("people come on their own")


class AssuranceKind(models.TextChoices):
    DBS = "dbs", _("criminal record checks (DBS)")
    INSURANCE = "insurance", _("insurance")
    SAFEGUARDING = "safeguarding", _("safeguarding policy")
    HEALTH_AND_SAFETY = "health_and_safety", _("health and safety policy")
    DATA_PROTECTION = "data_protection", _("data protection")
    ACCREDITATION = "accreditation", _("accreditation")
    OTHER = "other", _("other")


class WithdrawnWhy(models.TextChoices):
    """Why an assurance holds no more. What was entered by mistake never held; what was revoked did until then."""

    MISTAKE = "mistake", _("it was entered by mistake")
    REVOKED = "revoked", _("whoever gave it has taken it back")


# Whose word counts where several sources speak of one field: the smaller counts more.
SOURCE_RANKS = {
    SourceKind.PROVIDER: 10,
    SourceKind.STEWARD: 20,
    SourceKind.TYPED: 30,
    SourceKind.FEED_ORUK3: 50,
    SourceKind.FEED_ORUK1: 50,
    SourceKind.FEED_RPDE: 50,
    SourceKind.HSDS_PACKAGE: 50,
    SourceKind.HSDS_CSV: 50,
    SourceKind.SHEET: 60,
    SourceKind.VOCABULARY: 60,
    SourceKind.DEMO: 60,
}
