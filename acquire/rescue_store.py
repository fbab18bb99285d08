"""What a rescue keeps, in one writing thread: media first, then the map that calls it finished, then the journal.

The law: data is durable before a map that calls it finished takes the place of the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from acquire.journal_file import JournalFile
from acquire.output_files import replace_whole
from acquire.rescue_file import RescueFile
from image.buffers import Buffer, BufferPool
from image.errors import DestinationError
from image.lanes import Lane
from image.write_errors import describe_write_error

BUFFER_COUNT = 6


@dataclass(frozen=True)
class _Media:
    buffer: Buffer
    start: int
    end: int
    offset_bytes: int


@dataclass(frozen=True)
class _State:
    map_text: bytes
    journal: bytes


class RescueStore:
    """Takes media and states while the reading goes on."""

    def __init__(
        self, file: RescueFile, map_path: Path, journals: Sequence[JournalFile], buffer_bytes: int
    ) -> None:
        self._file = file
        self._map_path = map_path
        self._journals = journals
        self._pool = BufferPool(BUFFER_COUNT, buffer_bytes)
        self._lane: Lane[_Media | _State] = Lane(self._keep, "rescue", drop=_drop)

    def take_buffer(self, size_bytes: int) -> Buffer:
        """A free buffer for the next step; waits while all are in use."""
        return self._pool.take(size_bytes, 1)

    def put(self, buffer: Buffer, start: int, end: int, offset_bytes: int) -> None:
        """Keep the bytes `start` to `end` of a buffer, which belong at this offset; the buffer becomes free.

        Raises:
            DestinationError: something could not be kept.
        """
        self._lane.put(_Media(buffer, start, end, offset_bytes))

    def save(self, map_text: bytes, journal: bytes) -> None:
        """Replace map and journal once everything put before is durable.

        Raises:
            DestinationError: something could not be kept.
        """
        self._lane.put(_State(map_text, journal))

    def settle(self) -> None:
        """Wait until everything put so far is kept; more may follow.

        Raises:
            DestinationError: something could not be kept.
        """
        self._lane.settle()

    def close(self) -> None:
        """Wait until everything is kept.

        Raises:
            DestinationError: something could not be kept; the map on disk is an earlier one, and still true.
        """
        self._lane.close()

    def abandon(self) -> None:
        """Stop the thread, whatever became of it."""
        self._lane.abandon()

    def _keep(self, item: _Media | _State) -> None:
        try:
            if isinstance(item, _Media):
                self._file.write(item.buffer.view[item.start : item.end], item.offset_bytes)
                item.buffer.release()
            else:
                self._file.sync()
                replace_whole(self._map_path, item.map_text)
                for journal in self._journals:
                    journal.replace(item.journal)
        except OSError as error:
            _drop(item)
            where, why = str(self._file.path), describe_write_error(error)
            raise DestinationError("the rescue cannot be kept", where, why) from error


def _drop(item: _Media | _State) -> None:
    if isinstance(item, _Media):
        item.buffer.release()
