"""Media that is read by sectors: what reading needs of a source, how a read ends, and a descriptor as a source."""

import errno
import mmap
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from image.errors import StoppedError
from image.read_record import ReadErrorEvent
from image.sector_reader import SectorReader
from image.sectors import SectorRange

ERRORS_OF_A_LOST_SOURCE = frozenset({errno.ENODEV, errno.ENXIO, errno.ENOMEDIUM, errno.ESHUTDOWN, errno.ESTALE})
ERRORS_THAT_NO_MEDIUM_GIVES = frozenset(
    {errno.EINVAL, errno.EFAULT, errno.EBADF, errno.ENOMEM, errno.EAGAIN, errno.EACCES, errno.EPERM}
)
"""These say that the system refused the request; a sector must never be called bad for them."""


class ReadFailure(Exception):  # noqa: N818  # a bad sector is data to the reader, not an error of the job
    """A read that the medium failed: its errno and the sectors asked for."""

    def __init__(self, error_number: int, sectors: SectorRange) -> None:
        self.error_number = error_number
        self.sectors = sectors
        super().__init__(error_number, sectors)

    @property
    def error(self) -> str:
        """The errno by name, such as EIO."""
        return errno.errorcode.get(self.error_number, str(self.error_number))


class UnfinishedReadError(StoppedError):
    """A batch that was not read to its end: a stop was asked for, a sector cannot be read, or the source is gone.

    `failures` are the failed reads that nothing was concluded from (capped), `failure_count` is all of them.
    """

    failures: tuple[ReadErrorEvent, ...] = ()
    failure_count: int = 0


class SourceLostError(UnfinishedReadError):
    """The drive or file is no longer there, or no longer what it was."""


class Source(SectorReader, Protocol):
    """Media that is acquired; how its reads fail is known."""

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill a view of whole sectors from `first_sector` on.

        Raises:
            ReadFailure: the medium failed the read; the view's content is undefined.
            SourceLostError: the source is gone.
            StoppedError: the system refuses the read for a reason that is not the medium.
        """
        ...


def read_sector(source: Source, sector: int) -> bytes | None:
    """One sector, through a buffer that O_DIRECT can use; None where it cannot be read.

    Raises:
        SourceLostError: the source is gone.
        StoppedError: the system refuses the read.
    """
    size_bytes = source.sector_size_bytes
    view = memoryview(mmap.mmap(-1, max(size_bytes, mmap.PAGESIZE)))[:size_bytes]
    try:
        source.read_into(view, sector)
    except ReadFailure:
        return None
    return bytes(view)


@dataclass(frozen=True, slots=True)
class DescriptorSource:
    """An open descriptor as a source. `stored_bytes` is what it really holds; `absence` tells why it is gone."""

    descriptor: int
    path: str
    stored_bytes: int
    sector_size_bytes: int
    absence: Callable[[], str | None]

    @property
    def size_bytes(self) -> int:
        """The stored bytes, rounded up to whole sectors."""
        return -(-self.stored_bytes // self.sector_size_bytes) * self.sector_size_bytes

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill the view; see Source. A padded end is zeros."""
        offset = first_sector * self.sector_size_bytes
        expected = min(len(view), self.stored_bytes - offset)
        got = 0
        while got < expected:
            got += self._read_once(view[got:], offset + got, view, first_sector)
            if got < expected:
                got = got // self.sector_size_bytes * self.sector_size_bytes
        if expected < len(view):
            view[expected:] = bytes(len(view) - expected)

    def _read_once(self, rest: memoryview, offset: int, view: memoryview, first_sector: int) -> int:
        """The bytes one read gave; fewer than asked is never taken for the end."""
        try:
            got = os.preadv(self.descriptor, [rest], offset)
        except OSError as error:
            sectors = SectorRange(first_sector, max(1, len(view) // self.sector_size_bytes))
            raise self._failure(error.errno or errno.EIO, sectors) from error
        if got < min(len(rest), self.sector_size_bytes) and offset + got < self.stored_bytes:
            reason = self.absence() or f"it ends at byte {offset + got}, before its known end"
            raise self._lost(reason, first_sector)
        return got

    def _failure(self, error_number: int, sectors: SectorRange) -> ReadFailure | StoppedError:
        """What a failed read means: a medium error, a lost source, or a refusal of the system."""
        if error_number in ERRORS_THAT_NO_MEDIUM_GIVES:
            name = errno.errorcode[error_number]
            return StoppedError(f"the system refuses to read the source ({name})", _place(self.path, sectors))
        if error_number in ERRORS_OF_A_LOST_SOURCE:
            return self._lost(self.absence() or os.strerror(error_number), sectors.first_sector)
        reason = self.absence()
        return self._lost(reason, sectors.first_sector) if reason else ReadFailure(error_number, sectors)

    def _lost(self, reason: str, first_sector: int) -> SourceLostError:
        """The error that says the source is gone."""
        where = f"{self.path} at sector {first_sector}"
        return SourceLostError(f"the source is gone: {reason}", where, "Attach it again; what was read is kept")


def _place(path: str, sectors: SectorRange) -> str:
    """A range of a source, for a message."""
    return f"{path}, sectors {sectors.first_sector} to {sectors.last_sector}"
