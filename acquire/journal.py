"""The journal of a running acquisition, `JB1.manifest.json.partial`: locked for its life, replaced atomically.

It says how far the image can be trusted: everything before the watermark was durable before the journal said so.
While it stands beside an image, nothing takes that image for whole.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import re
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from image.durability import make_read_only, sync_folder
from image.durable_part import DurablePart
from image.errors import DestinationError
from image.job import Job
from image.manifest_file import encode_record
from image.media_digest import PREFIX_STEP_BYTES
from image.read_record import ReadRecord
from image.sidecars import Sidecar
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


class JournalFile:
    """One journal on disk, held by an exclusive lock that dies with the process."""

    def __init__(self, output: Path, descriptor: int) -> None:
        self._path = Sidecar.JOURNAL.beside(output)
        self._final = Sidecar.MANIFEST.beside(output)
        self._descriptor = descriptor

    def replace(self, contents: bytes) -> None:
        """Put these bytes in the journal's place, durable before the old ones are gone.

        Raises:
            OSError: the system could not; the old journal still stands.
        """
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            write_whole(descriptor, contents)
            os.fsync(descriptor)
            fresh.rename(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                os.close(descriptor)
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise
        self.close()
        self._descriptor = descriptor
        sync_folder(self._path.parent)

    def become_manifest(self) -> None:
        """Rename the journal, which now holds the final manifest, to its final name: the image is whole.

        Raises:
            OSError: the system could not.
        """
        make_read_only(self._descriptor)
        self._path.rename(self._final)
        sync_folder(self._final.parent)
        self.close()

    def remove(self) -> None:
        """Remove a journal that nothing was written for yet."""
        self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the lock; the file stays as it is, and what it holds was made durable before."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def create_journal(output: Path) -> JournalFile:
    """Create the journal of a new image, empty and locked: the first file of every image.

    Raises:
        DestinationError: one is there already, being written or left by a stopped acquisition.
        OSError: the system could not create it; nothing is left.
    """
    path = Sidecar.JOURNAL.beside(output)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except FileExistsError as error:
        raise occupied(path) from error
    journal = JournalFile(output, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        sync_folder(path.parent)
    except OSError:
        journal.remove()
        raise
    return journal


def take_journal(output: Path) -> JournalFile | None:
    """The journal that stands at an output, locked; None where there is none.

    Raises:
        DestinationError: another process holds it.
        OSError: the system does not let us have it.
    """
    path = Sidecar.JOURNAL.beside(output)
    while True:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, descriptor):
                return JournalFile(output, descriptor)
        except OSError as error:
            os.close(descriptor)
            if isinstance(error, BlockingIOError):
                raise written_by_another(path) from error
            raise
        # Its writer put a new journal in its place between our two steps.
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the file of this name is the one that was opened."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def written_by_another(path: Path) -> DestinationError:
    """The error for an image that another process is at work on."""
    return DestinationError("another diskwitness is writing this image", str(path), "Wait for it to end")


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


def write_whole(descriptor: int, contents: bytes) -> None:
    """Write all of the bytes, however the system cuts the writes up.

    Raises:
        OSError: the system could not.
    """
    rest = memoryview(contents)
    while rest:
        written = os.write(descriptor, rest)
        if not written:
            raise OSError(errno.EIO, "a write took nothing")
        rest = rest[written:]


def occupied(path: Path) -> DestinationError:
    """The error for a journal that is there already: of a running acquisition, or of one that stopped.

    Raises:
        OSError: the system does not let us look.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return written_by_another(path)
    finally:
        os.close(descriptor)
    return DestinationError(
        "a stopped acquisition stands there", str(path), "Go on with it by --resume, or choose another --output"
    )
