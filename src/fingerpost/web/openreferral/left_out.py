"""What the package leaves out, and why. Whatever is not named here is in it, and comes back when it is read again.

A test walks every field of every table of the directory: it must be the same after a package has been brought
into an empty directory, or stand here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Tables (`Assurance`), fields (`Listing.closed_by`) or fields of every table (`*.id`)."""

    what: tuple[str, ...]
    why: str


LEFT_OUT: tuple[LeftOut, ...] = (
    LeftOut(
        what=("PrivateAddress", "AddressDecision", "Location.is_confidential"),
        why="confidential places and everything that belongs to them are not published at all",
    ),
    LeftOut(
        what=("Assurance", "RiskTaken"),
        why="what was checked (numbers of policies, who looked) and who took a risk are for those who choose a "
        "listing here, and another area has to look for itself",
    ),
    LeftOut(
        what=("Evidence", "ListingTrust", "Verification", "ListingUse"),
        why="what is known of a listing by using it is not the provider's to answer for in public; trust is computed "
        "anew from what is known where it is used",
    ),
    LeftOut(
        what=("OwnerQuestion", "OwnerAnswer", "Proposal", "EmailAddress"),
        why="what passes between a provider and the keepers of the directory is private: addresses written to, "
        "refusals, proposals with their notes",
    ),
    LeftOut(
        what=("AreaRules", "LayMeaning", "DistinctPair", "ListingMerge", "FieldWord", "SavedSearch"),
        why="how this area and its people keep and use their directory; what counts in the end is in the listing",
    ),
    LeftOut(
        what=(
            "Source",
            "SourceImport",
            "ImportedChange",
            "RejectedRow",
            "SourceFault",
            "TriedFiles",
            "Feed",
            "FeedItem",
            "FeedReading",
        ),
        why="where this directory has its listings from; for whoever reads the package this directory is the source",
    ),
    LeftOut(
        what=(
            "SearchFacts",
            "SearchLexeme",
            "SearchWord",
            "ListingChange",
            "Listing.related_words",
            "Listing.search_vector",
            "ServiceArea.south",
            "ServiceArea.west",
            "ServiceArea.north",
            "ServiceArea.east",
        ),
        why="made from the rest when it is written",
    ),
    LeftOut(
        what=(
            "*.id",
            "*.system_id",
            "*.source",
            "*.source_key",
            "*.source_row",
            "*.fingerprint",
            "*.landed_by",
            "*.gone_at",
        ),
        why="who keeps a row and where it came from: another keeper's are others. What is gone is not published",
    ),
    LeftOut(
        what=(
            "Listing.status_by_person",
            "Listing.closed_at",
            "Listing.closed_by",
            "Listing.closed_reason",
            "Listing.merged_into",
        ),
        why="closed and merged listings are not published; who closed one for a while, and why, stays inside",
    ),
    LeftOut(
        what=("Listing.source_modified_at",),
        why="the package says when a listing last changed here, which is what its reader asks",
    ),
    LeftOut(
        what=("Listing.assured_by",),
        why="the standard has a place for the e-mail address of whoever made sure; a name of a person is left out",
    ),
    LeftOut(
        what=("Location.placed_by",),
        why="coordinates are published whether they were given or looked up by postcode; to a reader they were given",
    ),
    LeftOut(what=("Capacity.set_by",), why="who said that there is room is a person's name or a link"),
)
# Where what comes back is the same in meaning and not to the letter.
NOT_TO_THE_LETTER: tuple[str, ...] = (
    "space around words is not kept",
    "times are kept to the minute",
    "an area without a name is given its description, or its codes, for a name",
    "a web or e-mail address that cannot be one is left out",
    "what was said about room is published only while it holds",
    "a schedule with days and no frequency is weekly",
)
