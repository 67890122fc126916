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
from fingerpost.web.directory.actions.trusting import keep_trust, rebuild_trust, verify
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
from fingerpost.web.directory.hsds_csv import read_hsds
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
from fingerpost.web.directory.selectors.search import search
from fingerpost.web.directory.selectors.trust import (
    area_rules,
    last_question,
    trust_kept,
    trust_of_listings,
    verifications_of,
)
from fingerpost.web.directory.trust import TRUST_RULES, Trust
from fingerpost.web.directory.trust_enums import HowVerified, TrustReason, TrustState
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
    "HowVerified",
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
    "TRUST_RULES",
    "Trust",
    "TrustReason",
    "TrustState",
    "Way",
    "area_rules",
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
    "keep_trust",
    "land",
    "last_question",
    "listing",
    "listing_details",
    "listings_by_id",
    "open_listings",
    "phones_of",
    "read_hsds",
    "rebuild_trust",
    "refuse_email",
    "register_listing",
    "rejects_csv",
    "report_evidence",
    "search",
    "set_capacity",
    "set_status",
    "trust_kept",
    "trust_of_listings",
    "verifications_of",
    "verify",
    "vouch_for_email",
    "when_of",
]
