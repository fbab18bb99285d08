"""A pause of the reading: all that was read is made durable, the wait is told, and both ends of it are events."""

from collections.abc import Callable
from dataclasses import replace

from acquire.event_kinds import EventKind
from acquire.pause_wishes import PauseReason
from acquire.read_history import ReadHistory
from acquire.request import JobHooks
from image.progress import Progress

BY_ANOTHER = "a SIGCONT came: another program may have stopped this one before"


def pause_reading(hooks: JobHooks, history: ReadHistory, make_durable: Callable[[], None], at: Progress) -> None:
    """Stand still while anybody wants a pause and nobody a stop; called between two reads.

    Raises:
        DestinationError: no destination is left.
    """
    begun, told = hooks.clock.monotonic(), set[PauseReason]()
    paused = replace(at, state="paused", is_standing=True)
    _tell_wishes(hooks, history, told)
    hooks.listener(paused)
    make_durable()
    while hooks.pauses.any and not hooks.stop.is_set():
        _tell_wishes(hooks, history, told)
        hooks.pauses.hold()
        hooks.listener(paused)
    seconds = round(hooks.clock.monotonic() - begun)
    why = "a stop was asked for" if hooks.stop.is_set() else hooks.pauses.last_farewell()
    history.add_event(hooks.clock.now(), EventKind.CONTINUED, f"after {seconds} s: {why}")
    hooks.listener(at)


def note_interruptions(hooks: JobHooks, history: ReadHistory) -> bool:
    """Whether another program may have stopped this one since the last call; that, and a set clock, are events."""
    jump = hooks.clock_jump()
    if jump is not None:
        history.add_event(hooks.clock.now(), EventKind.CLOCK_JUMPED, jump)
    interrupted = hooks.pauses.take_interruption()
    if interrupted:
        history.add_event(hooks.clock.now(), EventKind.CONTINUED, BY_ANOTHER)
    return interrupted


def _tell_wishes(hooks: JobHooks, history: ReadHistory, told: set[PauseReason]) -> None:
    """Make an event of each wish that is new."""
    told &= set(hooks.pauses.wishes)
    for reason, words in hooks.pauses.wishes.items():
        if reason not in told:
            history.add_event(hooks.clock.now(), EventKind.PAUSED, words)
            told.add(reason)
