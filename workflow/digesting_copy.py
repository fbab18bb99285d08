"""One file copied or read, and its digests with it: never a link, a pipe, or more than was there at first."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from casedb.bag_layout import ALGORITHMS
from image.errors import CaseError, DestinationError
from image.write_errors import describe_write_error

PIECE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class CopiedFile:
    """A file that was read to its end: its size in bytes and its digests."""

    size_bytes: int
    digests: dict[str, str]


def copy_file(source: Path, destination: Path) -> CopiedFile:
    """Copy a regular file into a new one that is on the medium afterwards.

    Raises:
        CaseError: the source is no regular file, cannot be read, or changed meanwhile.
        DestinationError: the destination cannot be written.
    """
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with destination.open("xb") as file:
            copied = _read(source, file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise DestinationError(f"cannot write ({describe_write_error(error)})", str(destination)) from error
    return copied


def digest_file(source: Path) -> CopiedFile:
    """The size and digests of a regular file.

    Raises:
        CaseError: no regular file, not readable, or changed meanwhile.
    """
    return _read(source, None)


def _read(source: Path, copy: BinaryIO | None) -> CopiedFile:
    """Read a file to the end that it has now."""
    hashers = {name: hashlib.new(name) for name in ALGORITHMS}
    with _opened(source) as (file, size_bytes):
        left = size_bytes
        while piece := _piece(file, min(left + 1, PIECE_BYTES), source):
            left -= len(piece)
            for hasher in hashers.values():
                hasher.update(piece)
            if copy is not None:
                copy.write(piece)
            if left < 0:
                break
    if left:
        raise CaseError("the file changed while it was read", str(source), "Repeat when nobody writes there")
    return CopiedFile(size_bytes, {name: hasher.hexdigest() for name, hasher in hashers.items()})


def _piece(file: BinaryIO, size_bytes: int, source: Path) -> bytes:
    """The next bytes.

    Raises:
        CaseError: the system cannot read them.
    """
    try:
        return file.read(size_bytes)
    except OSError as error:
        raise CaseError(f"cannot read the file ({error.strerror or error})", str(source)) from error


@contextmanager
def _opened(source: Path) -> Iterator[tuple[BinaryIO, int]]:
    """A regular file, open for reading, and its size in bytes.

    Raises:
        CaseError: it is none, or cannot be opened.
    """
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        raise CaseError(f"cannot open the file ({error.strerror or error})", str(source)) from error
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise CaseError("not a regular file", str(source))
        yield file, facts.st_size
