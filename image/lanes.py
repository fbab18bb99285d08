"""Threads in lanes: one thread that takes items in order, and an ordered map of batches over several.

C code (digests, deflate, reads and writes) releases the interpreter lock, so lanes really run side by side.
An error in a lane is kept, the lane then only drains, and the error is raised where the lane is fed or closed.
"""

import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

WORKER_NICENESS = 5

Item = TypeVar("Item")
Result = TypeVar("Result")


def worker_count() -> int:
    """How many workers use this machine well: the cores that this process may run on, at least two."""
    return max(2, len(os.sched_getaffinity(0)))


def worker_pool(name: str, count: int | None = None) -> ThreadPoolExecutor:
    """Threads that encode or decode batches, and step back before the lanes that take what they make.

    There are `count` of them, by default as many as `worker_count` says.

    Shared out evenly, the slowest digest would fall behind until everything waited for it on one core.
    """
    return ThreadPoolExecutor(count or worker_count(), name, initializer=_step_back)


def _step_back() -> None:
    """Lower the priority of this thread; on Linux, `nice` concerns the calling thread alone."""
    os.nice(WORKER_NICENESS)


class Lane(Generic[Item]):
    """One thread that does `work` for each item, in the order they were put."""

    def __init__(self, work: Callable[[Item], None], name: str, drop: Callable[[Item], None] | None = None) -> None:
        self._work = work
        self._drop = drop
        self._queue: queue.SimpleQueue[Item | threading.Event | None] = queue.SimpleQueue()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, item: Item) -> None:
        """Hand an item over.

        Raises:
            BaseException: what an earlier item's work raised.
        """
        if self._error is not None:
            raise self._error
        self._queue.put(item)

    def settle(self) -> None:
        """Wait until every item put so far is done; the lane goes on.

        Raises:
            BaseException: what an earlier item's work raised.
        """
        reached = threading.Event()
        self._queue.put(reached)
        reached.wait()
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Wait until every item is done.

        Raises:
            BaseException: what any item's work raised.
        """
        self.abandon()
        if self._error is not None:
            raise self._error

    def abandon(self) -> None:
        """Wait until the lane has drained, whatever became of it."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    @property
    def failed(self) -> bool:
        """Whether an item's work raised."""
        return self._error is not None

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if isinstance(item, threading.Event):
                item.set()
                continue
            if self._error is not None:
                self._discard(item)
                continue
            try:
                self._work(item)
            except BaseException as error:  # noqa: BLE001  raised again in the thread that feeds the lane
                self._error = error

    def _discard(self, item: Item) -> None:
        if self._drop is not None:
            self._drop(item)


def map_in_order(
    work: Callable[[Item], Result], items: Iterable[Item], pool: ThreadPoolExecutor, ahead: int
) -> Iterator[Result]:
    """The results of `work` over the items, in their order, with at most `ahead` items under way."""
    pending: deque[Future[Result]] = deque()
    try:
        for item in items:
            if len(pending) >= ahead:
                yield pending.popleft().result()
            pending.append(pool.submit(work, item))
        while pending:
            yield pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()
