"""The case data of an E01: every text comes back, hostile text cannot break the table."""

import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.ewf.defects import DefectError
from image.ewf.header import (
    CaseHeader,
    clean_header,
    decode_header,
    decode_header2,
    encode_header,
    encode_header2,
    header_date,
)
from image.ewf.header_text import clean_value
from image.times import Instant

ZONE = timezone(timedelta(hours=1))
HEADER = CaseHeader(
    case_number="2026-117",
    exhibit_reference="JB1",
    description="Laufwerk aus Büro, Пример, 例",
    examiner="A. Example",
    notes="sealed",
    model="WDC WD10EZEX",
    serial="WD-WCC3F1",
    program_version="dwitness 0.1",
    system_version="Linux 6.1",
    acquired=datetime(2026, 11, 22, 10, 5, 27, tzinfo=ZONE),
    system_date=datetime(2026, 11, 22, 10, 5, 28, tzinfo=ZONE),
)
texts = st.text(max_size=60)
dates = st.integers(0, 2**33).map(lambda seconds: datetime.fromtimestamp(seconds, ZONE))
headers = st.builds(
    CaseHeader,
    case_number=texts,
    exhibit_reference=texts,
    description=texts,
    examiner=texts,
    notes=texts,
    model=texts,
    serial=texts,
    program_version=texts,
    system_version=texts,
    acquired=st.none() | dates,
    system_date=st.none() | dates,
)


@given(headers)
def test_header2_gives_back_what_was_cleaned(header: CaseHeader) -> None:
    assert decode_header2(encode_header2(header)) == clean_header(header)[0]


@given(headers)
def test_a_clean_header_stays_as_it_is(header: CaseHeader) -> None:
    clean, _ = clean_header(header)
    assert clean_header(clean) == (clean, ())


@given(headers)
def test_the_ascii_header_gives_back_its_ascii(header: CaseHeader) -> None:
    found = decode_header(encode_header(header))
    clean, _ = clean_header(header)
    assert found.case_number == clean.case_number.encode("ascii", "replace").decode()
    assert found.acquired == (header.acquired and header.acquired.replace(tzinfo=None))
    assert found.model == ""


def test_tabs_and_line_ends_are_replaced_and_told() -> None:
    clean, replaced = clean_header(replace(HEADER, notes="a\tb\r\nc\x00d", program_version="diskwitness 0.1.0"))
    assert clean.notes == "a b  c\ufffdd"
    assert clean.program_version == "diskwitness"
    told = [(item.field, item.reason) for item in replaced]
    assert told[0] == ("notes", "tabs and line ends were replaced by spaces")
    assert ("program_version", "cut to 11 characters") in told


def test_a_long_value_is_cut_and_told() -> None:
    assert clean_value("é" * 3000, 2999) == ("é" * 2999, ("cut to 2999 characters",))
    assert clean_value("𝒳" * 10, 5)[0] == "𝒳" * 2


DIALECTS = [
    b"1\r\nmain\r\nc\tn\ta\te\tt\tm\tu\tp\tr\r\n2026-117\tJB1\td\tA\tn\t2002 3 4 10 19 59\t\t0\tf\r\n\r\n",
    b"1\nmain\nc\tn\ta\te\tt\tav\tov\tm\tu\tp\tr\n2026-117\tJB1\td\tA\tn\tADI2\tW\t2002 3 4 10 19 59\t\t0\tf\n",
    b"3\nmain\na\tc\tn\te\tt\tav\tov\tm\tu\tp\nd\t2026-117\tJB1\tA\tn\t5\tLinux\t1015237199\t\t0\n\nsrce\n0\t1\n",
]


@pytest.mark.parametrize("text", DIALECTS, ids=["EnCase 1", "FTK Imager", "linen"])
def test_the_header_of_every_dialect_is_read(text: bytes) -> None:
    found = decode_header(zlib.compress(text))
    assert (found.case_number, found.exhibit_reference, found.description) == ("2026-117", "JB1", "d")
    assert found.acquired is not None
    assert found.acquired.replace(tzinfo=UTC) == datetime(2002, 3, 4, 10, 19, 59, tzinfo=UTC)


@pytest.mark.parametrize("byte_order", ["utf-16-le", "utf-16-be"])
def test_header2_is_read_in_both_byte_orders(byte_order: str) -> None:
    text = "\ufeff3\nmain\na\tc\nBüro\t7\n"
    assert decode_header2(zlib.compress(text.encode(byte_order))).description == "Büro"


@given(st.binary(max_size=200))
def test_no_header_text_breaks_the_reader(text: bytes) -> None:
    assert isinstance(decode_header(zlib.compress(text)), CaseHeader)
    assert isinstance(decode_header2(zlib.compress(text)), CaseHeader)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_header_are_a_defect(data: bytes) -> None:
    with pytest.raises(DefectError):
        decode_header(b"\x00" + data)


def test_a_header_that_inflates_without_end_is_refused() -> None:
    with pytest.raises(DefectError, match="more than"):
        decode_header(zlib.compress(bytes(40_000_000), 9))


def test_a_header_date_is_local_and_whole_seconds() -> None:
    date = header_date(Instant("2026-11-22T09:05:27.123456Z", 60))
    assert date.isoformat() == "2026-11-22T10:05:27+01:00"
