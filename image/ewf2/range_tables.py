"""Error table, session table and stored digests of an Ex01: bytes to values, every checksum looked at.

A table is a header that counts its entries, the entries, and a checksum of them, the header and the checksum each
filled up with zeros (specification, "Error table", "Session table").
"""

from dataclasses import dataclass

from image.ewf.defects import DefectError
from image.ewf.layout import CHECKSUM_BYTES, Structure, require_checksum, unpack
from image.ewf.range_sections import EntryCount, Session
from image.ewf2.layout import (
    ENTRIES_OFFSET_BYTES,
    ERROR_ENTRY,
    ERROR_HEADER,
    MAXIMUM_PADDING_BYTES,
    MD5_HASH,
    SESSION_ENTRY,
    SESSION_HEADER,
    SHA1_HASH,
)
from image.sectors import SectorRange


def decode_error_table(data: bytes) -> tuple[SectorRange, ...]:
    """Read the sectors that could not be read, in stored order; empty entries are left out.

    Raises:
        DefectError: `error2-section`: a checksum, the number of entries or the padding is wrong.
    """
    pieces = _entries(data, ERROR_HEADER, ERROR_ENTRY, "error2-section")
    pairs = [unpack(ERROR_ENTRY, piece, _pair, code="error2-section") for piece in pieces]
    return tuple(SectorRange(first, count) for first, count in pairs if count)


def decode_session_table(data: bytes) -> tuple[Session, ...]:
    """Read the sessions of an optical disc.

    Raises:
        DefectError: `session-section`: a checksum, the number of entries or the padding is wrong.
    """
    pieces = _entries(data, SESSION_HEADER, SESSION_ENTRY, "session-section")
    return tuple(unpack(SESSION_ENTRY, piece, Session, code="session-section") for piece in pieces)


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest of the media as an Ex01 stores it; all zero means that none is stored."""

    digest: bytes


def decode_md5(data: bytes) -> bytes:
    """Read the MD5 of the media: 16 bytes.

    Raises:
        DefectError: `digest-section`: short, the checksum is wrong, or something stands behind it.
    """
    return _digest(data, MD5_HASH)


def decode_sha1(data: bytes) -> bytes:
    """Read the SHA-1 of the media: 20 bytes.

    Raises:
        DefectError: `digest-section`: short, the checksum is wrong, or something stands behind it.
    """
    return _digest(data, SHA1_HASH)


def require_padding(data: bytes, code: str) -> None:
    """See that bytes are nothing but padding: not many, and all zero.

    Raises:
        DefectError: they are not; carries `code`.
    """
    if len(data) > MAXIMUM_PADDING_BYTES or any(data):
        raise DefectError(code, f"{len(data)} bytes that are no padding")


def _digest(data: bytes, structure: Structure) -> bytes:
    """The digest in a section."""
    stored = unpack(structure, data, StoredDigest, code="digest-section")
    require_padding(data[structure.stored_bytes :], "digest-section")
    return stored.digest


def _entries(data: bytes, header: Structure, entry: Structure, code: str) -> list[bytes]:
    """The entries of a table, its padding and its checksums looked at."""
    count = unpack(header, data, EntryCount, code=code).entry_count
    end = ENTRIES_OFFSET_BYTES + count * entry.size_bytes
    if len(data) < end + CHECKSUM_BYTES:
        raise DefectError(code, f"{count} entries do not fit into {len(data)} bytes")
    require_padding(data[header.stored_bytes : ENTRIES_OFFSET_BYTES], code)
    body = data[ENTRIES_OFFSET_BYTES:end]
    require_checksum(body, data[end : end + CHECKSUM_BYTES], "the entries", code)
    require_padding(data[end + CHECKSUM_BYTES :], code)
    return [body[start : start + entry.size_bytes] for start in range(0, len(body), entry.size_bytes)]


def _pair(first_sector: int, sector_count: int) -> tuple[int, int]:
    """The two numbers of an entry, which may make no range."""
    return first_sector, sector_count
