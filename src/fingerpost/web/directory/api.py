"""The door of the directory."""

from __future__ import annotations

from fingerpost.web.directory.actions.emails import confirm_email, refuse_email, vouch_for_email
from fingerpost.web.directory.actions.importing import import_directory
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
from fingerpost.web.directory.capacity import CapacityNow
from fingerpost.web.directory.enums import (
    CapacityState,
    Day,
    EmailState,
    EvidenceKind,
    FaultKind,
    ForGender,
    ListingStatus,
    LocationKind,
    PartOfDay,
    SourceKind,
    Way,
)
from fingerpost.web.directory.hsds_csv import read_hsds
from fingerpost.web.directory.languages import OFFERED as LANGUAGES_OFFERED
from fingerpost.web.directory.languages import language_name
from fingerpost.web.directory.lifecycle import LISTING_TRANSITIONS
from fingerpost.web.directory.models import Listing, ListingPhone, Location, Provider, SourceImport
from fingerpost.web.directory.policies import can_import, can_report, can_search, can_vouch_for_email
from fingerpost.web.directory.records import (
    ContactRecord,
    DirectoryRecords,
    ListingAtLocationRecord,
    ListingRecord,
    LocationRecord,
    PhoneRecord,
    PostalAddressRecord,
    ProviderRecord,
    Reject,
    ScheduleRecord,
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
from fingerpost.web.directory.upload import files_at, files_in_zip

__all__ = [
    "CapacityNow",
    "CapacityState",
    "ContactRecord",
    "Day",
    "DirectoryRecords",
    "EmailState",
    "EvidenceKind",
    "FaultKind",
    "FileCounts",
    "ForGender",
    "ImportReport",
    "LANGUAGES_OFFERED",
    "LISTING_TRANSITIONS",
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
    "ScheduleRecord",
    "SearchCriteria",
    "SearchHit",
    "SearchResults",
    "SourceDetails",
    "SourceImport",
    "SourceKind",
    "Way",
    "can_import",
    "can_report",
    "can_search",
    "can_vouch_for_email",
    "capacities_of",
    "confirm_email",
    "contact_route",
    "doubts_of",
    "email_state",
    "faults_of_source",
    "files_at",
    "files_in_zip",
    "import_directory",
    "imports",
    "inert",
    "land",
    "language_name",
    "lay_meanings",
    "listing",
    "listing_details",
    "listings_by_id",
    "open_listings",
    "phones_of",
    "read_hsds",
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
    "vouch_for_email",
    "when_of",
]
