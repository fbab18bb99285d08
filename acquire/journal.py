"""What a journal says of a running acquisition: how far its image can be trusted.

Everything before the watermark was durable before the journal said so.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from enum import Enum

from image.durable_part import DurablePart
from image.job import Job
from image.manifest_file import encode_record
from image.media_digest import PREFIX_STEP_BYTES
from image.read_record import ReadRecord
from image.times import Instant
from image.writing import ClosedSegment

JOURNAL_KIND = "diskwitness journal"
JOURNAL_VERSION = 1
NO_DIGEST = "0" * 64
_OWN_DIGEST = re.compile(rb'"sha256": "([0-9a-f]{64})"\n}\n\Z')


class JournalState(Enum):
    """How an acquisition stands by its journal; one that was killed stays running."""

    RUNNING = "running"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Watermark:
    """The image is durable up to here: `length_bytes` of the segment `file`, all sectors before `next_sector`.

    `file_sha256` is of those bytes of the file; where files are not hashed, as raw ones, `media_sha256` is of all
    the media before `next_sector`.
    """

    file: str | None
    length_bytes: int
    next_sector: int
    file_sha256: str | None = None
    media_sha256: str | None = None


@dataclass(frozen=True)
class Journal:
    """The state of an acquisition. `prefix_sha256` is of the media up to each multiple of `prefix_step_bytes`;
    `read.unreadable` holds every zero-filled sector before the watermark, and more. With `has_unlisted_zeros` there
    may be further ones behind the watermark, where nothing counts. `sha256` is of the journal's own bytes, zeros in
    its place."""

    job: Job
    state: JournalState
    updated: Instant
    watermark: Watermark
    closed: tuple[ClosedSegment, ...]
    closed_media_sha256: tuple[str, ...]
    prefix_sha256: tuple[str, ...]
    read: ReadRecord
    reason: str | None = None
    has_unlisted_zeros: bool = False
    prefix_step_bytes: int = PREFIX_STEP_BYTES
    kind: str = JOURNAL_KIND
    version: int = JOURNAL_VERSION
    sha256: str = NO_DIGEST

    @property
    def durable_part(self) -> DurablePart:
        """What it says of the image."""
        at = self.watermark
        return DurablePart(
            self.closed,
            at.file,
            at.length_bytes,
            at.next_sector,
            at.file_sha256,
            at.media_sha256,
            self.closed_media_sha256,
            self.prefix_sha256,
        )


def unwritten(job: Job, state: JournalState, at: Instant, read: ReadRecord, reason: str | None = None) -> Journal:
    """The journal of an image of which nothing is durable yet."""
    return Journal(job, state, at, Watermark(None, 0, 0), (), (), (), read, reason)


def journal_bytes(journal: Journal) -> bytes:
    """The journal as it stands in the file, with the digest of its own bytes in the last field."""
    blank = encode_record(replace(journal, sha256=NO_DIGEST))
    head, found, tail = blank.rpartition(NO_DIGEST.encode())
    assert found, "the digest is the last field"
    return head + hashlib.sha256(blank).hexdigest().encode() + tail


def is_intact(contents: bytes) -> bool:
    """Whether the bytes of a journal are those that were written, by the digest that they hold."""
    found = _OWN_DIGEST.search(contents)
    if found is None:
        return False
    blank = contents[: found.start(1)] + NO_DIGEST.encode() + contents[found.end(1) :]
    return hashlib.sha256(blank).hexdigest().encode() == found.group(1)
