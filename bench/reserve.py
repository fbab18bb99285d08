"""Memory for outputs, taken before a run and given back as the outputs grow.

A virtual machine hands memory that its guest has freed to the host, and getting a page back costs more than
filling it: measured, 4.5 s for 1 GiB against 0.5 s. Without a reserve that would be counted as the programs'
own time, and differently for each. Where freed memory stays in the guest, it is enough to have had it once.
"""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.host_memory import is_handed_back

FILL = bytes(range(1, 256)) * 4112
AHEAD_BYTES = 128 * 2**20
LOOK_SECONDS = 0.1


class Reserve:
    """A file of `size_bytes` that shrinks by as much as a folder beside it grows."""

    def __init__(self, folder: Path, watched: Path, size_bytes: int) -> None:
        self._path = folder / "reserve"
        self._watched = watched
        self._size_bytes = size_bytes
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._give_back, daemon=True)

    def __enter__(self) -> Self:
        with self._path.open("xb") as reserve:
            for _ in range(0, self._size_bytes, len(FILL)):
                reserve.write(FILL)
        if is_handed_back():
            self._thread.start()
        else:
            self._path.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread.ident is not None:
            self._done.set()
            self._thread.join()
            self._path.unlink()

    def _give_back(self) -> None:
        """Keep the file at what is still to come, and let a little go ahead of it."""
        with self._path.open("r+b") as reserve:
            while True:
                written = sum(path.stat().st_size for path in self._watched.glob("*") if path.is_file())
                reserve.truncate(max(0, min(reserve.seek(0, 2), self._size_bytes - written - AHEAD_BYTES)))
                if self._done.wait(LOOK_SECONDS):
                    return
