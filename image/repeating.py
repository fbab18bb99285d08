"""Something done again and again in a thread of its own, for the length of a `with` block."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Repeating:
    """Calls `act` every so many seconds; at the end of the block the call under way is waited for."""

    def __init__(self, act: Callable[[], None], seconds: float, name: str) -> None:
        self._act = act
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _repeat(self) -> None:
        while not self._ended.wait(self._seconds):
            self._act()
