"""The door of geography."""

from __future__ import annotations

from fingerpost.web.geography.actions import PostcodesLanded, import_and_keep_report, import_postcodes
from fingerpost.web.geography.models import PostcodeImport
from fingerpost.web.geography.points import Box, Point, box_around, distance_km
from fingerpost.web.geography.policies import can_import_geography
from fingerpost.web.geography.postcode_files import read_postcodes
from fingerpost.web.geography.records import FileTally, PostcodeRow, PostcodesRead, Reject
from fingerpost.web.geography.selectors import (
    Area,
    area_of,
    codes_of,
    locate,
    locate_many,
    middle_of,
    postcode_imports,
    postcodes_known,
)

__all__ = [
    "Area",
    "Box",
    "FileTally",
    "Point",
    "PostcodeImport",
    "PostcodeRow",
    "PostcodesLanded",
    "PostcodesRead",
    "Reject",
    "area_of",
    "box_around",
    "codes_of",
    "can_import_geography",
    "distance_km",
    "import_and_keep_report",
    "import_postcodes",
    "locate",
    "locate_many",
    "middle_of",
    "postcode_imports",
    "postcodes_known",
    "read_postcodes",
]
