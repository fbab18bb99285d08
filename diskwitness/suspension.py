"""Ctrl-Z during a long job: the process is suspended as a shell expects it, but not in the middle of its work.

SIGTSTP while a source is read is a wish: the reading thread makes durable what it has and then suspends the process
itself. At any other time the process is suspended at once. What has changed the terminal puts it back meanwhile.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import FrameType

from acquire.pause_wishes import PauseReason, PauseWishes

WISH = "by the operator (Ctrl-Z)"

Aside = Callable[[], AbstractContextManager[None]]


class Suspension:
    """Suspends this process; `asides` leave the terminal as it was for as long as the process stands still."""

    def __init__(self, pauses: PauseWishes) -> None:
        self._pauses = pauses
        self._asides: list[Aside] = []
        self._expected = 0

    @contextmanager
    def with_aside(self, aside: Aside) -> Iterator[None]:
        """Put this aside at each suspension for the length of a `with` block."""
        self._asides.append(aside)
        try:
            yield
        finally:
            self._asides.remove(aside)

    def suspend(self) -> None:
        """Stand still until a SIGCONT comes.

        SIGSTOP and not SIGTSTP: the kernel keeps the latter from a process that no shell watches. It goes to this
        thread, so that none of this process runs on before it is stopped.
        """
        with ExitStack() as asides:
            for aside in self._asides:
                asides.enter_context(aside())
            self._expected += 1
            signal.raise_signal(signal.SIGSTOP)

    def _suspend_aside(self) -> None:
        """Stand still, asked by a thread that hears no signal: one that it took would not wake the main thread."""
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        self.suspend()

    def on_stop(self, _number: int, _frame: FrameType | None) -> None:
        """Answer SIGTSTP."""
        if self._pauses.are_heeded:
            self._pauses.wish(PauseReason.SUSPENSION, WISH)
        else:
            threading.Thread(target=self._suspend_aside, name="suspend", daemon=True).start()

    def on_continue(self, _number: int, _frame: FrameType | None) -> None:
        """Answer SIGCONT; one that follows no suspension of ours tells of a stop from outside."""
        if self._expected:
            self._expected -= 1
        else:
            self._pauses.note_interruption()


@contextmanager
def suspension_requests(pauses: PauseWishes) -> Iterator[Suspension]:
    """Take SIGTSTP and SIGCONT for the length of a `with` block; one that the caller ignores stays ignored."""
    suspension = Suspension(pauses)
    pauses.suspend = suspension.suspend
    handlers = {signal.SIGTSTP: suspension.on_stop, signal.SIGCONT: suspension.on_continue}
    earlier = {number: signal.getsignal(number) for number in handlers}
    taken = [number for number, handler in earlier.items() if handler is not signal.SIG_IGN]
    for number in taken:
        signal.signal(number, handlers[number])
    try:
        yield suspension
    finally:
        for number in taken:
            signal.signal(number, earlier[number])
