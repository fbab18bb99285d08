"""The child's side of the pipe: what is found becomes messages, and behind ten thousand files only a number."""

import time
from typing import TYPE_CHECKING

from verify.files.located import MAXIMUM_FILES, AffectedFile, AffectedStructure, NotWalked
from verify.files.messages import Message, encode_message

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

COUNTED_AT_ONCE = 10_000
SECONDS_BETWEEN_PULSES = 0.25


class Sender:
    """Sends what is found; behind ten thousand files it only counts."""

    def __init__(self, pipe: "Connection") -> None:
        self._pipe = pipe
        self._files = 0
        self._more = 0
        self._names = 0
        self._read_bytes = 0
        self._last_pulse_seconds = time.monotonic()
        self._is_silent = False

    def send(self, message: Message) -> None:
        """Send a message."""
        if not self._is_silent:
            self._pipe.send_bytes(encode_message(message))

    def fall_silent(self) -> None:
        """Send nothing more: this process is told to end."""
        self._is_silent = True

    def tell_file(self, found: AffectedFile) -> None:
        """A file with damaged sectors."""
        self._files += 1
        if self._files <= MAXIMUM_FILES:
            self.send(Message(file=found))
            return
        self._more += 1
        if self._more >= COUNTED_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Send how many files were only counted."""
        if self._more:
            self.send(Message(more_files=self._more))
            self._more = 0

    def tell_path(self, inode: int, path: str) -> None:
        """Another name of a file that was told of."""
        if self._files <= MAXIMUM_FILES:
            self.send(Message(inode=inode, path=path))

    def tell_structures(self, found: tuple[AffectedStructure, ...]) -> None:
        """Structures with damaged sectors."""
        if found:
            self.send(Message(structures=found))

    def tell_not_walked(self, where: str, reason: str) -> None:
        """What could not be looked at."""
        self.send(Message(not_walked=NotWalked(where, reason)))

    def count_names(self, count: int) -> None:
        """So many more names were looked at."""
        self._names += count
        self._pulse()

    def count_read(self, size_bytes: int) -> None:
        """So many more bytes of the media were read."""
        self._read_bytes += size_bytes
        self._pulse()

    def _pulse(self) -> None:
        """Send now and then how much was looked at."""
        now = time.monotonic()
        if now - self._last_pulse_seconds >= SECONDS_BETWEEN_PULSES:
            self._last_pulse_seconds = now
            self.send(Message(names=self._names, read_bytes=self._read_bytes))

    def tell_stage(self, stage: str) -> None:
        """What is being done now."""
        self.flush()
        self.send(Message(stage=stage, names=self._names, read_bytes=self._read_bytes))

    def tell_end(self, index: int) -> None:
        """A part of the medium is done, and how much was looked at until then."""
        self.send(Message(ended=index, names=self._names, read_bytes=self._read_bytes))
