"""Wishes that the reading pauses: of the operator, of a process to be suspended, of a drive that is too hot.

They may come from any thread and from signal handlers; the reading thread looks at them between two reads.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

SECONDS_BETWEEN_LOOKS = 0.5


class PauseReason(Enum):
    """Who wants the pause."""

    OPERATOR = "operator"
    SUSPENSION = "suspension"
    HEAT = "heat"


def suspend_nothing() -> None:
    """Suspend nothing: there is no terminal that could continue this process."""


class PauseWishes:
    """The wishes as they stand.

    `suspend` stops this process and comes back when it is continued; who sets signal handlers sets it.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wishes: dict[PauseReason, str] = {}
        self._farewell = ""
        self.suspend: Callable[[], None] = suspend_nothing
        self._is_interrupted = False
        self.are_heeded = False

    @property
    def any(self) -> bool:
        """Whether the reading is to pause; cheap enough for every batch."""
        return bool(self._wishes)

    @property
    def wishes(self) -> dict[PauseReason, str]:
        """Every wish with its words, the first first."""
        with self._changed:
            return dict(self._wishes)

    def wish(self, reason: PauseReason, words: str) -> None:
        """Want a pause, for a reason in words."""
        with self._changed:
            self._wishes.setdefault(reason, words)
            self._changed.notify_all()

    def withdraw(self, reason: PauseReason, words: str) -> None:
        """Want the pause no longer, for a reason in words."""
        with self._changed:
            if self._wishes.pop(reason, None) is not None:
                self._farewell = words
            self._changed.notify_all()

    def toggle(self, reason: PauseReason, pause: str, go_on: str) -> None:
        """Withdraw the wish where it stands, else make it."""
        with self._changed:
            if reason in self._wishes:
                self.withdraw(reason, go_on)
            else:
                self.wish(reason, pause)

    def note_interruption(self) -> None:
        """Say that another program may have stopped this process, and continued it."""
        self._is_interrupted = True

    def take_interruption(self) -> bool:
        """Whether that was said since it was asked last."""
        was, self._is_interrupted = self._is_interrupted, False
        return was

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Say that somebody looks at the wishes for the length of a `with` block."""
        self.are_heeded = True
        try:
            yield
        finally:
            self.are_heeded = False

    def hold(self) -> None:
        """Stand still for a moment: suspended where that is wished, else until a wish changes, or half a second."""
        if PauseReason.SUSPENSION in self._wishes:
            self.suspend()
            self.withdraw(PauseReason.SUSPENSION, "the process was continued")
            return
        with self._changed:
            if self._wishes:
                self._changed.wait(SECONDS_BETWEEN_LOOKS)

    def last_farewell(self) -> str:
        """Why the last wish was withdrawn."""
        with self._changed:
            return self._farewell
