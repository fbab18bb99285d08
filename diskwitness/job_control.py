"""What an operator has in hand while a source is imaged: progress, stop, pause with a key, Ctrl-Z."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event

from acquire.pause_wishes import PauseReason, PauseWishes
from diskwitness.progress_display import RichBars, chosen_display
from diskwitness.stop_signals import stop_requests
from diskwitness.suspension import suspension_requests
from image.progress import Listener, ignore_progress

PAUSE_KEY = "p"
BY_KEY = f"by the operator (key {PAUSE_KEY})"


@dataclass(frozen=True)
class JobControl:
    """The wishes of the operator, and where the job tells how far it is."""

    listener: Listener
    stop: Event
    pauses: PauseWishes


@contextmanager
def job_control(progress_mode: str) -> Iterator[JobControl]:
    """Show progress and take signals, and keys while bars are shown, for the length of a `with` block."""
    pauses = PauseWishes()
    with ExitStack() as stack:
        stop = stack.enter_context(stop_requests())
        suspension = stack.enter_context(suspension_requests(pauses))
        display = stack.enter_context(chosen_display(progress_mode))
        if display is not None:
            stack.enter_context(suspension.with_aside(display.aside))
        if isinstance(display, RichBars):
            from diskwitness.terminal_keys import terminal_keys

            toggle = partial(pauses.toggle, PauseReason.OPERATOR, BY_KEY, BY_KEY)
            keyboard = stack.enter_context(terminal_keys({PAUSE_KEY: toggle}))
            if keyboard is not None:
                stack.enter_context(suspension.with_aside(keyboard.aside))
        yield JobControl(display.show if display is not None else ignore_progress, stop, pauses)
