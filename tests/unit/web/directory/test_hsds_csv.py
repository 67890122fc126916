from __future__ import annotations

from collections import Counter
from datetime import time

import pytest
from tests.factories.listings import hsds, shared_data

from fingerpost.kernel.errors import Faults
from fingerpost.web.directory.enums import FaultKind, ListingStatus
from fingerpost.web.directory.hsds_csv import read_hsds
from fingerpost.web.directory.records import DirectoryRecords

SERVICES = (
    "id,organization_id,name,status,email,url\n1,10,Choir,active,sing@choir.example,https://choir.example\n"
)
ORGANIZATIONS = "id,name\n10,Town Choir\n"


def _faults(records: DirectoryRecords) -> Counter[FaultKind]:
    counts: Counter[FaultKind] = Counter()
    for fault in records.faults:
        counts[fault.kind] += fault.rows
    return counts


def test_illinois_has_exactly_the_faults_that_are_known_of_it() -> None:
    folder = shared_data("directories/illinois-legal-aid/output")
    records = read_hsds({path.name: path.read_bytes() for path in folder.glob("*.csv")})
    assert (len(records.listings), len(records.locations), len(records.providers)) == (429, 520, 33)
    assert (len(records.schedules), len(records.phones), len(records.postal_addresses)) == (2492, 955, 33)
    by_file = Counter((f.file, f.kind) for f in records.faults)
    assert by_file["services.csv", FaultKind.PROVIDER_ABSENT] == 341
    assert by_file["services.csv", FaultKind.STATUS_MISSING] == 430
    assert by_file["services.csv", FaultKind.LOCATION_LINK_MISSING] == 429
    assert by_file["services.csv", FaultKind.SCHEDULE_LINK_MISSING] == 429
    assert by_file["locations.csv", FaultKind.COORDINATES_MISSING] == 520
    assert by_file["phones.csv", FaultKind.PHONE_NUMBER_MISSING] == 19
    assert by_file["phones.csv", FaultKind.PHONE_NUMBER_MALFORMED] == 8  # the words "no phone"
    assert {record.status for record in records.listings} == {ListingStatus.NOT_STATED}
    assert all(record.latitude is None for record in records.locations)


def test_illinois_row_without_id_and_name_is_the_only_listing_rejected() -> None:
    folder = shared_data("directories/illinois-legal-aid/output")
    records = read_hsds({path.name: path.read_bytes() for path in folder.glob("*.csv")})
    (reject,) = [r for r in records.rejects if r.file == "services.csv"]
    assert (reject.line, reject.column, reject.value) == (431, "id, name", "")
    assert reject.row == {"organization_id": "24441"}


def test_rows_read_are_records_and_rejects_in_every_file() -> None:
    files = hsds(
        organizations=ORGANIZATIONS,
        services=SERVICES + "1,10,Again,,,\n,10,,,,\n2,99,Band,,,\n",
        locations="id,name\n5,Hall\n",
        service_at_locations="id,service_id,location_id\n,1,5\n,1,6\n",
        phones="number,service_id,organization_id\n01632 960001,1,\n01632 960001,1,\n,1,\nring us,1,\n"
        "01632 960002,,77\n",
    )
    records = read_hsds(files)
    kinds = {
        "organizations.csv": records.providers,
        "services.csv": records.listings,
        "locations.csv": records.locations,
        "service_at_locations.csv": records.at_locations,
        "phones.csv": records.phones,
    }
    for file, landed in kinds.items():
        rejected = [r for r in records.rejects if r.file == file]
        assert records.rows_read[file] == len(landed) + len(rejected), file
    assert Counter(r.file for r in records.rejects) == {
        "services.csv": 2,
        "service_at_locations.csv": 1,
        "phones.csv": 3,
    }
    reasons = {(r.file, r.line): r for r in records.rejects}
    assert "line 2" in reasons["services.csv", 3].reason
    assert reasons["phones.csv", 6].column == "organization_id"


def test_equal_rows_without_ids_both_land_with_keys_of_their_own() -> None:
    files = hsds(services=SERVICES, phones="number,service_id\n01632 960001,1\n01632 960001,1\n")
    first, second = read_hsds(files).phones
    assert first.key != second.key
    assert [p.key for p in read_hsds(files).phones] == [first.key, second.key]


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("status", "sometimes", FaultKind.STATUS_UNKNOWN),
        ("email", "not an address", FaultKind.EMAIL_MALFORMED),
        ("url", "javascript:alert(1)", FaultKind.URL_MALFORMED),
        ("minimum_age", "old", FaultKind.NUMBER_MALFORMED),
        ("minimum_age", "inf", FaultKind.NUMBER_MALFORMED),
        ("minimum_age", "1e999", FaultKind.NUMBER_MALFORMED),
        ("minimum_age", "nan", FaultKind.NUMBER_MALFORMED),
        ("assured_date", "yesterday", FaultKind.DATE_MALFORMED),
    ],
)
def test_malformed_cell_is_a_named_fault_and_nothing_is_made_of_it(
    column: str, value: str, kind: FaultKind
) -> None:
    records = read_hsds(hsds(services=f"id,name,{column}\n1,Choir,{value}\n"))
    (fault,) = [f for f in records.faults if f.kind is kind]
    assert (fault.line, fault.column, fault.value, fault.about) == (2, column, value, ("listing", "1"))
    (listing,) = records.listings
    assert (listing.email, listing.url, listing.minimum_age, listing.assured_on) == ("", "", None, None)
    assert listing.row[column] == value


def test_hsds_3_addresses_go_to_places_or_post_and_counts_hold() -> None:
    files = hsds(
        services=SERVICES,
        locations="id,name\n5,Hall\n",
        addresses="location_id,address_type,address_1,address_2,city,postal_code\n"
        "5,physical,1 Bell Lane,Rear,Allerwold,QX1 1JY\n5,postal,PO Box 1,,Allerwold,QX1 9ZZ\n"
        "5,physical,2 Bell Lane,,,\n",
    )
    records = read_hsds(files)
    (hall,) = records.locations
    assert (hall.address, hall.town, hall.postcode) == ("1 Bell Lane\nRear", "Allerwold", "QX1 1JY")
    assert [a.address for a in records.postal_addresses] == ["PO Box 1"]
    assert records.merged == {"addresses.csv": 1}
    assert [r.line for r in records.rejects] == [4]


def test_schedules_follow_a_link_to_listing_and_place() -> None:
    files = hsds(
        services=SERVICES,
        locations="id,name\n5,Hall\n",
        service_at_locations="id,service_id,location_id\n7,1,5\n",
        schedules="service_at_location_id,freq,byday,opens_at,closes_at\n7,MONTHLY,1WE,19:30,9:00\n",
    )
    records = read_hsds(files)
    (when,) = records.schedules
    assert (when.listing_key, when.location_key, when.frequency, when.byday) == ("1", "5", "MONTHLY", "1WE")
    assert (when.opens_at, when.closes_at) == (time(19, 30), time(9))
    assert _faults(records)[FaultKind.TIMES_REVERSED] == 1


def test_files_that_cannot_be_read_are_told_together() -> None:
    files = hsds(
        organizations="name\nTown Choir\n",
        locations='id,name\n1,"unclosed\n',
        phones="number,number\n1,2\n",
    )
    with pytest.raises(Faults) as caught:
        read_hsds(files)
    text = str(caught.value)
    assert len(caught.value.faults) == 4
    for words in ("organizations.csv", "locations.csv", "phones.csv", "services.csv"):
        assert words in text


def test_file_and_column_that_nothing_reads_are_named_or_kept() -> None:
    records = read_hsds(hsds(services="id,name,mascot\n1,Choir,a wren\n", metadata="id\n1\n"))
    assert [f.file for f in records.faults if f.kind is FaultKind.FILE_NOT_READ] == ["metadata.csv"]
    assert records.listings[0].row["mascot"] == "a wren"
