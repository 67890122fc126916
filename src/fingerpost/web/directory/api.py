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
from fingerpost.web.directory.capacity import CapacityNow
from fingerpost.web.directory.enums import (
    CapacityState,
    EmailState,
    EvidenceKind,
    FaultKind,
    ForGender,
    ListingStatus,
    LocationKind,
    SourceKind,
    Way,
)
from fingerpost.web.directory.feed_rounds import read_feed
from fingerpost.web.directory.feeds.fetching import Fetcher
from fingerpost.web.directory.hsds_csv import read_hsds
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
from fingerpost.web.directory.selectors.search import search
from fingerpost.web.directory.upload import files_at, files_in_zip

__all__ = [
    "CapacityNow",
    "CapacityState",
    "ContactRecord",
    "DirectoryRecords",
    "EmailState",
    "EvidenceKind",
    "FaultKind",
    "Feed",
    "FeedReading",
    "Fetcher",
    "FileCounts",
    "ForGender",
    "ImportReport",
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
    "due_feeds",
    "email_state",
    "faults_of_source",
    "files_at",
    "files_in_zip",
    "import_directory",
    "import_feed",
    "imports",
    "inert",
    "keep_feed",
    "land",
    "listing",
    "listing_details",
    "listings_by_id",
    "open_listings",
    "phones_of",
    "read_feed",
    "read_hsds",
    "refuse_email",
    "register_listing",
    "rejects_csv",
    "report_evidence",
    "search",
    "set_capacity",
    "set_status",
    "vouch_for_email",
    "when_of",
]
