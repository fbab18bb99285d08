"""Error2 and session: ranges of sectors that could not be read, and the sessions of an optical disc."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from sys import byteorder
from zlib import adler32

from image.ewf.defects import DefectError
from image.ewf.layout import (
    CHECKSUM_BYTES,
    ERROR2_ENTRY,
    ERROR2_HEADER,
    SESSION_ENTRY,
    SESSION_HEADER,
    Structure,
    pack,
    require_checksum,
    unpack,
)
from image.sectors import SectorRange, SectorRanges, compact_ranges

MAXIMUM_ERROR2_SECTOR = 0xFFFF_FFFF
"""Start and count of an error2 entry have 32 bits; what lies behind is told by map and manifest only."""
MAXIMUM_ERROR2_ENTRIES = 2_000_000
"""As many as a map of four million blocks can say; behind them error2 ends early."""
MAXIMUM_ERROR2_BYTES = (
    ERROR2_HEADER.stored_bytes + ERROR2_ENTRY.size_bytes * MAXIMUM_ERROR2_ENTRIES + CHECKSUM_BYTES
)


@dataclass(frozen=True, slots=True)
class EntryCount:
    """The header in front of an array of entries."""

    entry_count: int


@dataclass(frozen=True, slots=True)
class Session:
    """One session of an optical disc: where it starts; `flags` 1 is an audio track."""

    first_sector: int
    flags: int


def fits_error2(sectors: SectorRange) -> bool:
    """Whether the 32-bit fields of error2 can say this range."""
    return sectors.first_sector <= MAXIMUM_ERROR2_SECTOR and sectors.sector_count <= MAXIMUM_ERROR2_SECTOR


def fitting_error2(ranges: Iterable[SectorRange]) -> SectorRanges:
    """Those of the ranges that the 32-bit fields of error2 can say."""
    compact = compact_ranges(ranges)
    if max(compact.firsts, default=0) <= MAXIMUM_ERROR2_SECTOR >= max(compact.counts, default=0):
        return compact
    return compact_ranges(filter(fits_error2, compact))


def encode_error2(ranges: Sequence[SectorRange]) -> bytes:
    """Lay out the contents of an error2 section: header, one entry for each unreadable range, footer.

    Raises:
        ValueError: a range that 32 bits cannot say (see `fitting_error2`).
    """
    entries = b"".join(pack(ERROR2_ENTRY, sectors) for sectors in ranges)
    footer = adler32(entries).to_bytes(CHECKSUM_BYTES, "little")
    return pack(ERROR2_HEADER, EntryCount(len(ranges))) + entries + footer


def decode_error2(data: bytes) -> SectorRanges:
    """Read the unreadable ranges of an error2 section, in stored order; empty entries are left out.

    Raises:
        DefectError: `error2-section`: a checksum or the number of entries does not fit.
    """
    numbers = array("I", _entries(data, ERROR2_HEADER, ERROR2_ENTRY, "error2-section"))
    if byteorder == "big":
        numbers.byteswap()
    firsts, counts = array("Q", numbers[0::2]), array("Q", numbers[1::2])
    if 0 in counts:
        firsts = array("Q", compress(firsts, counts))
        counts = array("Q", filter(None, counts))
    return SectorRanges(firsts, counts)


def decode_session(data: bytes) -> tuple[Session, ...]:
    """Read the sessions of an optical disc.

    Raises:
        DefectError: `session-section`: a checksum or the number of entries does not fit.
    """
    body = _entries(data, SESSION_HEADER, SESSION_ENTRY, "session-section")
    size = SESSION_ENTRY.size_bytes
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    return tuple(unpack(SESSION_ENTRY, piece, Session, code="session-section") for piece in pieces)


def _entries(data: bytes, header: Structure, entry: Structure, code: str) -> bytes:
    """The entries behind a header that counts them, with the footer's checksum looked at."""
    count = unpack(header, data, EntryCount, code=code).entry_count
    end = header.stored_bytes + count * entry.size_bytes
    if len(data) != end + CHECKSUM_BYTES:
        raise DefectError(code, f"{count} entries do not make {len(data)} bytes")
    body = data[header.stored_bytes : end]
    require_checksum(body, data[end:], "the entries", code)
    return body
