"""The door of the directory."""

from __future__ import annotations

from fingerpost.web.directory.actions.emails import confirm_email, refuse_email, vouch_for_email
from fingerpost.web.directory.actions.feeds import due_feeds, keep_feed
from fingerpost.web.directory.actions.importing import import_directory, import_feed
from fingerpost.web.directory.actions.keeping import (
    register_listing,
    report_evidence,
    set_capacity,
    set_status,
)
from fingerpost.web.directory.actions.landing import SourceDetails, land
from fingerpost.web.directory.actions.meanings import (
    restore_lay_meaning,
    save_lay_meaning,
    switch_off_lay_meaning,
)
from fingerpost.web.directory.actions.speaking import say, take_back
from fingerpost.web.directory.actions.trying import (
    apply_import,
    drop_old_tries,
    try_import,
    undo_import,
)
from fingerpost.web.directory.capacity import CapacityNow
from fingerpost.web.directory.enums import (
    Accompaniment,
    AssuranceKind,
    CapacityState,
    ChangeKind,
    Day,
    EmailState,
    EvidenceKind,
    FaultKind,
    ForGender,
    ImportState,
    ListingStatus,
    LocationKind,
    PartOfDay,
    SourceKind,
    Way,
)
from fingerpost.web.directory.feed_rounds import read_feed
from fingerpost.web.directory.feeds.fetching import Fetcher
from fingerpost.web.directory.hsds_csv import read_hsds
from fingerpost.web.directory.languages import OFFERED as LANGUAGES_OFFERED
from fingerpost.web.directory.languages import language_name
from fingerpost.web.directory.lifecycle import LISTING_TRANSITIONS
from fingerpost.web.directory.models import (
    Feed,
    FeedReading,
    Listing,
    ListingPhone,
    Location,
    Provider,
    SourceImport,
)
from fingerpost.web.directory.policies import can_import, can_report, can_search, can_vouch_for_email
from fingerpost.web.directory.readers import read_files
from fingerpost.web.directory.records import (
    AccessibilityRecord,
    AttributeRecord,
    ContactRecord,
    CostOptionRecord,
    DirectoryRecords,
    FundingRecord,
    IdentifierRecord,
    LanguageRecord,
    ListingAtLocationRecord,
    ListingRecord,
    LocationRecord,
    PhoneRecord,
    PostalAddressRecord,
    ProviderRecord,
    Reject,
    RoomCountRecord,
    ScheduleExceptionRecord,
    ScheduleRecord,
    ServiceAreaRecord,
    TaxonomyRecord,
    TermRecord,
)
from fingerpost.web.directory.report import FileCounts, ImportReport, inert, rejects_csv
from fingerpost.web.directory.search_types import SearchCriteria, SearchHit, SearchResults
from fingerpost.web.directory.selectors.hits import capacities_of, doubts_of
from fingerpost.web.directory.selectors.listings import (
    ListingDetails,
    contact_route,
    email_state,
    faults_of_source,
    imports,
    listing,
    listing_details,
    listings_by_id,
    open_listings,
    phones_of,
    when_of,
)
from fingerpost.web.directory.selectors.meanings import Meaning, lay_meanings
from fingerpost.web.directory.selectors.search import search
from fingerpost.web.directory.sheet_targets import TARGETS, Target, guessed
from fingerpost.web.directory.sheets import read_tables
from fingerpost.web.directory.upload import files_at, files_in_zip

__all__ = [
    "AccessibilityRecord",
    "Accompaniment",
    "AssuranceKind",
    "AttributeRecord",
    "CapacityNow",
    "CapacityState",
    "ChangeKind",
    "ContactRecord",
    "Day",
    "CostOptionRecord",
    "DirectoryRecords",
    "EmailState",
    "EvidenceKind",
    "FaultKind",
    "Feed",
    "FeedReading",
    "Fetcher",
    "FileCounts",
    "ForGender",
    "FundingRecord",
    "IdentifierRecord",
    "ImportReport",
    "LANGUAGES_OFFERED",
    "ImportState",
    "LISTING_TRANSITIONS",
    "LanguageRecord",
    "Listing",
    "ListingAtLocationRecord",
    "ListingDetails",
    "ListingPhone",
    "ListingRecord",
    "ListingStatus",
    "Location",
    "LocationKind",
    "LocationRecord",
    "Meaning",
    "PartOfDay",
    "PhoneRecord",
    "PostalAddressRecord",
    "Provider",
    "ProviderRecord",
    "Reject",
    "RoomCountRecord",
    "ScheduleExceptionRecord",
    "ScheduleRecord",
    "SearchCriteria",
    "SearchHit",
    "SearchResults",
    "ServiceAreaRecord",
    "SourceDetails",
    "SourceImport",
    "SourceKind",
    "TARGETS",
    "Target",
    "TaxonomyRecord",
    "TermRecord",
    "Way",
    "apply_import",
    "can_import",
    "can_report",
    "can_search",
    "can_vouch_for_email",
    "capacities_of",
    "confirm_email",
    "contact_route",
    "doubts_of",
    "drop_old_tries",
    "due_feeds",
    "email_state",
    "faults_of_source",
    "files_at",
    "files_in_zip",
    "guessed",
    "import_directory",
    "import_feed",
    "imports",
    "inert",
    "keep_feed",
    "land",
    "language_name",
    "lay_meanings",
    "listing",
    "listing_details",
    "listings_by_id",
    "open_listings",
    "phones_of",
    "read_files",
    "read_feed",
    "read_hsds",
    "read_tables",
    "refuse_email",
    "register_listing",
    "rejects_csv",
    "report_evidence",
    "restore_lay_meaning",
    "save_lay_meaning",
    "search",
    "set_capacity",
    "set_status",
    "switch_off_lay_meaning",
    "say",
    "take_back",
    "try_import",
    "undo_import",
    "vouch_for_email",
    "when_of",
]
