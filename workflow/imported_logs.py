"""The logs and maps that come with an image made elsewhere, read whole and bounded."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from image.bounded_files import read_bounded
from image.checksum_entries import Subject
from image.checksum_files import parse_checksums
from image.errors import ImageNotReadError
from image.foreign_text import decode_text
from image.imaging_logs import log_form_of
from image.imported import ImportedLog, StatedFact
from image.job import StatedDigest
from image.log_facts import log_facts
from image.mapfile import decode_mapfile
from verify.maps_beside import MAXIMUM_BYTES

DDRESCUE = "GNU ddrescue"
_MAP_MARKS = ("# Mapfile. Created by", "# Rescue Logfile. Created by")
_MAP_HEAD_BYTES = 4096
_TEXT_BYTES = 16 * 1024 * 1024
MAXIMUM_DIGESTS = 100


@dataclass(frozen=True)
class ReadLog:
    """A log as it was read: what is recorded of it, its facts, and the digests of the media in it."""

    path: Path
    record: ImportedLog
    facts: tuple[StatedFact, ...]
    digests: tuple[StatedDigest, ...] = ()
    has_digests: bool = False
    is_map: bool = False


def read_log(path: Path, sector_size_bytes: int) -> ReadLog:
    """Read a log, or the map of a ddrescue.

    Raises:
        ImageNotReadError: it cannot be read, or is too large.
    """
    data = read_bounded(path, MAXIMUM_BYTES, "log")
    sha256 = hashlib.sha256(data).hexdigest()
    if data[:64].decode("ascii", "replace").startswith(_MAP_MARKS):
        return _read_map(path, data, sha256, sector_size_bytes)
    if len(data) > _TEXT_BYTES:
        raise ImageNotReadError("too large for a log", str(path), f"At most {_TEXT_BYTES} bytes are read")
    text, origin = decode_text(data), f"log {path.name}"
    form = log_form_of(text)
    program = form.program if form is not None else None
    stated = log_facts(program, text) if program is not None else {}
    entries = tuple(parse_checksums(text, path.name))
    of_media = [item for item in entries if item.subject is Subject.MEDIA]
    media = [StatedDigest(item.algorithm, item.hex_digest, origin) for item in of_media]
    return ReadLog(
        path=path,
        record=ImportedLog(path.name, sha256, len(data), program),
        facts=tuple(StatedFact(name, value, origin) for name, value in stated.items()),
        digests=tuple(media[:MAXIMUM_DIGESTS]),
        has_digests=bool(entries),
    )


def _read_map(path: Path, data: bytes, sha256: str, sector_size_bytes: int) -> ReadLog:
    """Read the map of a ddrescue: what its head says, and how many sectors were not read."""
    origin = f"map {path.name}"
    stated = log_facts(DDRESCUE, data[:_MAP_HEAD_BYTES].decode("utf-8", "replace"))
    unread = decode_mapfile(data, sector_size_bytes or 512, str(path)).unread_ranges()
    stated["bad_sectors"] = str(sum(sectors.sector_count for sectors in unread))
    facts = tuple(StatedFact(name, value, origin) for name, value in stated.items())
    return ReadLog(path, ImportedLog(path.name, sha256, len(data), DDRESCUE), facts, is_map=True)
