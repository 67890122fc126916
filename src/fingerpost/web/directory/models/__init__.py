"""The tables of the directory, by room."""

from __future__ import annotations

from fingerpost.web.directory.models.feeds import (
    Feed,
    FeedItem,
    FeedReading,
)
from fingerpost.web.directory.models.keeping import (
    Capacity,
    EmailAddress,
    Evidence,
    ListingChange,
    SearchWord,
    SourceFault,
)
from fingerpost.web.directory.models.lay_meanings import (
    LayMeaning,
)
from fingerpost.web.directory.models.listings import (
    Listing,
    Provider,
)
from fingerpost.web.directory.models.parts import (
    Assurance,
    CostOption,
    Funding,
    Identifier,
    Language,
    ListingContact,
    ListingPhone,
    RoomCount,
    Schedule,
    ScheduleException,
    ServiceArea,
)
from fingerpost.web.directory.models.places import (
    Accessibility,
    AddressDecision,
    ListingAtLocation,
    Location,
    PostalAddress,
    PrivateAddress,
)
from fingerpost.web.directory.models.saving import (
    SavedSearch,
)
from fingerpost.web.directory.models.searching import (
    SearchFacts,
    SearchLexeme,
)
from fingerpost.web.directory.models.sources import (
    ImportedChange,
    RejectedRow,
    Source,
    SourcedModel,
    SourceImport,
    TriedFiles,
)
from fingerpost.web.directory.models.taxonomies import (
    Attribute,
    Taxonomy,
    TaxonomyTerm,
)
from fingerpost.web.directory.models.trust import (
    AreaRules,
    ListingTrust,
    ListingUse,
    OwnerAnswer,
    OwnerQuestion,
    Proposal,
    RiskTaken,
    Verification,
)
from fingerpost.web.directory.models.words import (
    DistinctPair,
    FieldWord,
    ListingMerge,
)

__all__ = [
    "Accessibility",
    "AddressDecision",
    "AreaRules",
    "Assurance",
    "Attribute",
    "Capacity",
    "CostOption",
    "DistinctPair",
    "EmailAddress",
    "Evidence",
    "Feed",
    "FeedItem",
    "FeedReading",
    "FieldWord",
    "Funding",
    "Identifier",
    "ImportedChange",
    "Language",
    "LayMeaning",
    "Listing",
    "ListingAtLocation",
    "ListingChange",
    "ListingContact",
    "ListingMerge",
    "ListingPhone",
    "ListingTrust",
    "ListingUse",
    "Location",
    "OwnerAnswer",
    "OwnerQuestion",
    "PostalAddress",
    "PrivateAddress",
    "Proposal",
    "Provider",
    "RejectedRow",
    "RiskTaken",
    "RoomCount",
    "SavedSearch",
    "Schedule",
    "ScheduleException",
    "SearchFacts",
    "SearchLexeme",
    "SearchWord",
    "ServiceArea",
    "Source",
    "SourceFault",
    "SourceImport",
    "SourcedModel",
    "Taxonomy",
    "TaxonomyTerm",
    "TriedFiles",
    "Verification",
]
