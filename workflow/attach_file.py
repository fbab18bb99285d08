"""Attaching photographs and documents: copied into the case folder under their SHA-256, read back, recorded.

A file comes in whole or not at all: written beside its place, synced, read back, and only then named.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casedb.attachments import ATTACHMENTS_FOLDER, NewAttachment
from image.durability import make_read_only, sync_folder
from image.errors import CaseError, SourceError
from image.times import Clock
from workflow.case_opening import write_case
from workflow.media_types import HEAD_BYTES, MediaType, media_type_of

if TYPE_CHECKING:
    from casedb.case_store import CaseStore
    from casedb.records import Attachment

MAXIMUM_BYTES = 1024**3
"""Of one attachment: photographs and documents, not images of drives."""
BLOCK_BYTES = 1024 * 1024
READ_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
DRAFT_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


@dataclass(frozen=True)
class CopiedFile:
    """A file as it lies in the case folder."""

    file: str
    sha256: str
    size_bytes: int
    media_type: str


def attach_files(
    case_folder: Path,
    exhibit: str,
    files: tuple[Path, ...],
    clock: Clock,
    *,
    event: int | None = None,
    description: str | None = None,
) -> "tuple[Attachment, ...]":
    """Attach files to an exhibit, or to what an entry of the ledger records of it; the first that fails ends it.

    Raises:
        UsageError: no such exhibit, or no such entry of it.
        SourceError: a link, device or folder, too large, not readable, or changed while it was read.
        CaseError: the case cannot be used, or the copy cannot be written or read back.
    """
    with write_case(case_folder, clock) as store:
        store.require_event(exhibit, event)
        return tuple(attach_one(store, exhibit, path, event, description) for path in files)


def attach_one(
    store: "CaseStore", exhibit: str, path: Path, event: int | None = None, description: str | None = None
) -> "Attachment":
    """Copy one file into the case and record it."""
    return record_attachment(store, exhibit, path.name, keep_copy(store.folder, path), event, description)


def record_attachment(
    store: "CaseStore", exhibit: str, name: str, copied: CopiedFile, event: int | None, description: str | None
) -> "Attachment":
    """Record a file that lies in the case folder."""
    facts = NewAttachment(
        exhibit=exhibit,
        name=name,
        media_type=copied.media_type,
        size_bytes=copied.size_bytes,
        sha256=copied.sha256,
        file=copied.file,
        event=event,
        description=description,
    )
    return store.attach_file(facts)


def keep_copy(case_folder: Path, path: Path) -> CopiedFile:
    """Copy a file into the attachments of a case; one that is there already by its digest stays as it is.

    Raises:
        SourceError: the file cannot be attached.
        CaseError: it cannot be copied.
    """
    folder = case_folder / ATTACHMENTS_FOLDER
    draft = folder / f".{os.getpid()}-{os.urandom(4).hex()}.partial"
    try:
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise CaseError("the folder of attachments is a link", str(folder), "Put a folder in its place")
        try:
            copied = _copied(path, draft)
            _named(draft, case_folder / copied.file, copied.sha256)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise CaseError(f"the file cannot be kept in the case ({error.strerror or error})", str(folder)) from error
    return copied


def _copied(path: Path, draft: Path) -> CopiedFile:
    """Copy a file into a draft that is on the medium, and compare what was written with what was read."""
    descriptor = os.open(draft, DRAFT_FLAGS, 0o600)
    try:
        with _opened(path) as source:
            sha256, size, head = _poured(source, descriptor, path)
        os.fsync(descriptor)
        make_read_only(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        if _digest_of(descriptor) != sha256:
            raise CaseError("the copy was read back and is not what was written", str(draft), "Test the disk")
    finally:
        os.close(descriptor)
    kind: MediaType = media_type_of(head)
    return CopiedFile(f"{ATTACHMENTS_FOLDER}/{sha256}{kind.extension}", sha256, size, kind.name)


def _named(draft: Path, place: Path, sha256: str) -> None:
    """Give a draft its name; where the same file was attached before, that one must still be it."""
    if not os.path.lexists(place):
        draft.rename(place)
        sync_folder(place.parent)
        return
    descriptor = os.open(place, READ_FLAGS)
    try:
        is_same = stat.S_ISREG(os.fstat(descriptor).st_mode) and _digest_of(descriptor) == sha256
    finally:
        os.close(descriptor)
    if not is_same:
        do = "Keep it as it is, and see: diskwitness ledger verify"
        raise CaseError("an attachment in the case folder is not what its name says", str(place), do)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """The descriptor of a regular file, open for reading.

    Raises:
        SourceError: it is none, cannot be opened, or changes meanwhile.
    """
    try:
        descriptor = os.open(path, READ_FLAGS)
    except OSError as error:
        what = "a link is not attached" if path.is_symlink() else f"cannot read the file ({error.strerror})"
        raise SourceError(what, str(path), "Name the file itself") from error
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise SourceError("only a regular file can be attached", str(path))
        if before.st_size > MAXIMUM_BYTES:
            raise _too_large(path)
        yield descriptor
        if _state(before) != _state(os.fstat(descriptor)):
            raise SourceError("the file changed while it was read", str(path), "Close what writes it, and repeat")
    finally:
        os.close(descriptor)


def _state(facts: os.stat_result) -> tuple[int, int, int]:
    """What changes when somebody writes to a file."""
    return facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def _poured(source: int, target: int, path: Path) -> tuple[str, int, bytes]:
    """Copy all of a file; its SHA-256, its size in bytes and its first bytes.

    Raises:
        SourceError: it cannot be read, is empty, or grows above what is allowed.
    """
    digest, size, head = hashlib.sha256(), 0, b""
    while block := _read(source, path):
        head = head or block[:HEAD_BYTES]
        digest.update(block)
        size += len(block)
        if size > MAXIMUM_BYTES:
            raise _too_large(path)
        left = memoryview(block)
        while left:
            left = left[os.write(target, left) :]
    if not size:
        raise SourceError("the file is empty", str(path))
    return digest.hexdigest(), size, head


def _read(source: int, path: Path) -> bytes:
    """The next block of a file."""
    try:
        return os.read(source, BLOCK_BYTES)
    except OSError as error:
        raise SourceError(f"cannot read the file ({error.strerror})", str(path)) from error


def _digest_of(descriptor: int) -> str:
    """The SHA-256 of an open file, from its beginning."""
    digest, offset = hashlib.sha256(), 0
    while block := os.pread(descriptor, BLOCK_BYTES, offset):
        digest.update(block)
        offset += len(block)
    return digest.hexdigest()


def _too_large(path: Path) -> SourceError:
    """The refusal of a file above the bound."""
    return SourceError(f"more than {MAXIMUM_BYTES} bytes are too many for an attachment", str(path))
