"""What an E01 says twice must agree: a pair of fields that disagree, every checksum right, is a finding."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from image.ewf import layout
from image.ewf.digest_sections import StoredDigests, encode_digest, encode_hash, encode_xhash
from image.ewf.header import CaseHeader, encode_header, encode_header2
from image.ewf.range_sections import EntryCount, Session
from image.ewf.sections import DESCRIPTOR_BYTES, Volume, decode_volume, encode_volume
from image.findings import Finding
from tests.image.ewf.editing import EditedSection, put_together, take_apart
from tests.image.ewf.test_reader import read
from tests.verify.evidence import Evidence, disk_content, make_evidence

CONTENT = disk_content(100 * 1024)
Change = Callable[[list[EditedSection]], list[EditedSection]]


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return make_evidence(tmp_path, CONTENT).without_manifest().writable()


def findings_of(evidence: Evidence, change: Change) -> list[Finding]:
    """What is found when the sections are changed."""
    header, sections = take_apart(evidence.first)
    put_together(evidence.first, header, change(sections))
    return read(evidence.first)[1]


def with_contents(kind: str, contents: bytes) -> Change:
    return lambda sections: [replace(item, contents=contents) if item.kind == kind else item for item in sections]


def before_done(*added: EditedSection) -> Change:
    return lambda sections: [*sections[:-1], *added, sections[-1]]


@pytest.mark.parametrize("name", [item.name for item in fields(Volume)])
def test_volume_and_data_disagree_in_any_field(evidence: Evidence, name: str) -> None:
    _, sections = take_apart(evidence.first)
    known = decode_volume(next(item.contents for item in sections if item.kind == "volume"))
    value = getattr(known, name)
    other = bytes(reversed(value)) if isinstance(value, bytes) else int(value) ^ 1
    changed = encode_volume(replace(known, **{name: other}))  # type: ignore[arg-type]
    (finding,) = findings_of(evidence, with_contents("data", changed))
    assert finding.code == ("set-identifier" if name == "set_identifier" else "volume-disagreement")
    assert finding.detail.endswith(f"disagree: {name}")


@pytest.mark.parametrize(
    ("kind", "contents"),
    [
        ("hash", encode_hash(b"\1" * 16)),
        ("digest", encode_digest(b"\1" * 16, b"\2" * 20)),
    ],
)
def test_hash_and_digest_disagree_whatever_is_computed(evidence: Evidence, kind: str, contents: bytes) -> None:
    (finding,) = findings_of(evidence, with_contents(kind, contents))
    assert (finding.code, finding.detail) == ("digest-disagreement", "md5 differs between digest and hash")


def test_xhash_and_digest_disagree(evidence: Evidence) -> None:
    xhash = encode_xhash(StoredDigests(sha1=b"\1" * 20))
    (finding,) = findings_of(evidence, before_done(EditedSection("xhash", xhash)))
    assert (finding.code, finding.detail) == ("digest-disagreement", "sha1 differs between digest and xhash")


def test_two_hash_sections_disagree(evidence: Evidence) -> None:
    (finding,) = findings_of(evidence, before_done(EditedSection("hash", encode_hash(b"\1" * 16))))
    assert finding.code == "digest-disagreement"


@pytest.mark.parametrize("value", ["12", "zz" * 16, "00" * 20, ""])
def test_what_xhash_calls_a_digest_must_be_one(evidence: Evidence, value: str) -> None:
    xhash = zlib.compress(f"<xhash><MD5>{value}</MD5></xhash>".encode())
    (finding,) = findings_of(evidence, before_done(EditedSection("xhash", xhash)))
    assert (finding.code, finding.detail) == ("digest-section", "xhash stores no md5 under that name")


TOLD = {
    "case_number": "2026-17",
    "exhibit_reference": "JB1",
    "description": "Laptop drive",
    "examiner": "J. Baker",
    "notes": "none",
}


def told(**other: str) -> CaseHeader:
    """What the header of the image tells, but for these values."""
    return CaseHeader(**{**TOLD, **other})  # type: ignore[arg-type]  # texts by their names


def disagreements(evidence: Evidence, change: Change) -> list[str]:
    """The details of headers that disagree; a header of another length moves what stands behind it."""
    return [item.detail for item in findings_of(evidence, change) if item.code == "header-disagreement"]


@pytest.mark.parametrize("name", TOLD)
def test_header_and_header2_disagree(evidence: Evidence, name: str) -> None:
    change = with_contents("header", encode_header(told(**{name: "another"})))
    assert disagreements(evidence, change) == [f"{name} differs between header2 and header"]


def test_what_a_code_page_cannot_hold_is_no_disagreement(evidence: Evidence) -> None:
    full = told(examiner="Ærlig")
    header, header2 = encode_header(full), encode_header2(full)
    assert disagreements(evidence, with_contents("header", header)) == []
    assert disagreements(evidence, with_contents("header2", header2)) == []
    header, header2 = encode_header(told()), encode_header2(full)
    change = with_contents("header", header)
    assert disagreements(evidence, change) == ["examiner differs between header2 and header"]


def xheader(**elements: str) -> EditedSection:
    """An xheader section with these elements."""
    text = "".join(f"\t<{name}>{value}</{name}>\n" for name, value in elements.items())
    return EditedSection("xheader", zlib.compress(f"<xheader>\n{text}</xheader>\n".encode()))


def test_xheader_and_header_disagree(evidence: Evidence) -> None:
    findings = findings_of(evidence, before_done(xheader(examiner_name="M. Other", case_number="2026-17")))
    assert [item.detail for item in findings] == [
        "examiner differs between header2 and xheader",
        "examiner differs between header and xheader",
    ]


def test_an_xheader_that_tells_little_or_the_same_is_no_disagreement(evidence: Evidence) -> None:
    added = before_done(xheader(examiner_name="J. Baker", description="Laptop drive", case_number=""))
    assert findings_of(evidence, added) == []


def test_sections_state_their_size_or_none_does(evidence: Evidence) -> None:
    def unsized(sections: list[EditedSection]) -> list[EditedSection]:
        first = replace(sections[0], size_shift=-DESCRIPTOR_BYTES - len(sections[0].contents))
        return [first, *sections[1:]]

    (finding,) = findings_of(evidence, unsized)
    assert (finding.code, finding.detail) == ("dual-image", "1 sections do not state their size, 9 others do")


def test_a_session_begins_on_the_media(evidence: Evidence) -> None:
    def session(first_sector: int) -> EditedSection:
        entry = layout.pack(layout.SESSION_ENTRY, Session(first_sector, 0))
        footer = struct.pack("<I", zlib.adler32(entry))
        return EditedSection("session", layout.pack(layout.SESSION_HEADER, EntryCount(1)) + entry + footer)

    (finding,) = findings_of(evidence, before_done(session(16), session(len(CONTENT) // 512)))
    assert finding.code == "session-section"


@pytest.mark.parametrize("offset", [1, 37, 700, 1046])
def test_without_checksum_even_unused_bytes_are_held_against_the_volume(evidence: Evidence, offset: int) -> None:
    def old(sections: list[EditedSection]) -> list[EditedSection]:
        data = bytearray(next(item.contents for item in sections if item.kind == "data"))
        data[offset] ^= 1
        return with_contents("data", bytes(data[:-4]) + bytes(4))(sections)

    assert [item.code for item in findings_of(evidence, old)] == ["checksum-absent", "unowned-bytes"]


def test_without_checksum_and_without_volume_nothing_describes_the_media(evidence: Evidence) -> None:
    def alone(sections: list[EditedSection]) -> list[EditedSection]:
        data = next(item.contents for item in sections if item.kind == "data")
        kept = [item for item in sections if item.kind != "volume"]
        return with_contents("data", data[:-4] + bytes(4))(kept)

    codes = [item.code for item in findings_of(evidence, alone)]
    assert codes == ["volume-section", "volume-section"]


def test_more_digests_than_anybody_stores_are_not_read(evidence: Evidence) -> None:
    many = [EditedSection("hash", encode_hash(bytes(16)))] * 1001
    assert "section-large" in [item.code for item in findings_of(evidence, before_done(*many))]


def test_texts_of_a_set_are_bounded_together(evidence: Evidence) -> None:
    large = EditedSection("xheader", zlib.compress(bytes(1024)) + bytes(3 * 1024 * 1024))
    codes = [item.code for item in findings_of(evidence, before_done(*[large] * 6))]
    assert (codes.count("header-section"), codes.count("section-large")) == (5, 1)
