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
from fingerpost.web.directory.capacity import NOT_KNOWN, CapacityNow
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
from fingerpost.web.directory.formula_signs import guarded
from fingerpost.web.directory.hsds_csv import read_hsds
from fingerpost.web.directory.lifecycle import LISTING_TRANSITIONS
from fingerpost.web.directory.models import Listing, ListingPhone, Location, Provider, SourceImport
from fingerpost.web.directory.policies import can_import, can_report, can_search, can_vouch_for_email
from fingerpost.web.directory.published_types import (
    Page,
    PublishedCriteria,
    PublishedListing,
    PublishedPair,
    PublishedPlace,
    PublishedProvider,
)
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
from fingerpost.web.directory.schedule_words import when_words
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
from fingerpost.web.directory.selectors.published import (
    page_of,
    published_by_id,
    published_listing,
    published_listings,
    published_page,
    published_pair,
    published_pairs,
    taxonomies,
    taxonomy_terms,
)
from fingerpost.web.directory.selectors.published_rows import published_rows
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
    "Page",
    "NOT_KNOWN",
    "PhoneRecord",
    "PostalAddressRecord",
    "Provider",
    "ProviderRecord",
    "PublishedCriteria",
    "PublishedListing",
    "PublishedPair",
    "PublishedPlace",
    "PublishedProvider",
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
    "guarded",
    "import_directory",
    "imports",
    "inert",
    "land",
    "listing",
    "listing_details",
    "listings_by_id",
    "open_listings",
    "page_of",
    "phones_of",
    "published_by_id",
    "published_listing",
    "published_listings",
    "published_page",
    "published_pair",
    "published_pairs",
    "published_rows",
    "read_hsds",
    "refuse_email",
    "register_listing",
    "rejects_csv",
    "report_evidence",
    "search",
    "set_capacity",
    "set_status",
    "taxonomies",
    "taxonomy_terms",
    "vouch_for_email",
    "when_of",
    "when_words",
]
