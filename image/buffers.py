"""A fixed pool of page-aligned buffers: memory stays constant, whatever the size of the source.

O_DIRECT needs buffers at page boundaries; anonymous maps begin at one.
"""

import mmap
import queue
import threading
from dataclasses import dataclass


class Buffer:
    """One buffer of the pool, shared by several users; the last to release it gives it back."""

    def __init__(self, pool: "BufferPool", size_bytes: int) -> None:
        self._pool = pool
        self._map = mmap.mmap(-1, size_bytes)
        self._whole = memoryview(self._map)
        self._users = 0
        self._lock = threading.Lock()
        self.view = self._whole

    def hold(self, size_bytes: int, users: int) -> None:
        """Open the first `size_bytes` as `view` to this many users."""
        self.view = self._whole[:size_bytes]
        self._users = users

    def release(self) -> None:
        """Say that one user is done."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
        self._pool.give_back(self)


class BufferPool:
    """`count` buffers of `size_bytes` each; taking one waits until one is free."""

    def __init__(self, count: int, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self._free: queue.SimpleQueue[Buffer] = queue.SimpleQueue()
        for _ in range(count):
            self._free.put(Buffer(self, size_bytes))

    def take(self, size_bytes: int, users: int) -> Buffer:
        """A free buffer, its view cut to `size_bytes`, to be released by this many users."""
        buffer = self._free.get()
        buffer.hold(size_bytes, users)
        return buffer

    def give_back(self, buffer: Buffer) -> None:
        """Make a buffer free again."""
        self._free.put(buffer)


class BufferStore:
    """Buffers of one size, used again and again: fresh memory costs a page fault for every 4 KiB. Thread-safe."""

    def __init__(self, size_bytes: int) -> None:
        self._size_bytes = size_bytes
        self._free: list[bytearray] = []

    def take(self) -> bytearray:
        """A buffer nobody uses."""
        try:
            return self._free.pop()
        except IndexError:
            return bytearray(self._size_bytes)

    def lease(self) -> "Lease":
        """A buffer nobody uses, with the way back."""
        return Lease(self, self.take())

    def give_back(self, buffer: bytearray) -> None:
        """Say that a buffer is no longer used."""
        self._free.append(buffer)


@dataclass(frozen=True, slots=True)
class Lease:
    """A buffer in use, and where it goes afterwards."""

    store: BufferStore
    buffer: bytearray

    def release(self) -> None:
        """Say that the buffer is no longer used."""
        self.store.give_back(self.buffer)
