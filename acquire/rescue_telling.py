"""What a rescue tells of itself: its passes as events, and where it stands as progress."""

from acquire.event_kinds import EventKind
from acquire.read_history import ReadHistory
from acquire.request import JobHooks
from acquire.rescue_passes import RescuePass
from acquire.rescue_plan import RescueProgress
from image.progress import Progress


class PassTeller:
    """Notes the beginning of each pass, its end by a time limit, and the end of the last one."""

    def __init__(self, history: ReadHistory, hooks: JobHooks) -> None:
        self._history = history
        self._hooks = hooks
        self.begin_anew()

    def begin_anew(self) -> None:
        """Take in that a new plan begins."""
        self._told: tuple[RescuePass | None, int] = (None, 0)
        self._told_limits = 0

    def tell(self, now: RescueProgress) -> None:
        """Note what has changed since the last time; a pass that was cut short is told to the examiner too."""
        current = (now.rescue_pass, now.attempt)
        if current == self._told:
            return
        if len(now.timed_out) > self._told_limits:
            self._told_limits = len(now.timed_out)
            detail = (
                f"{_name(*self._told)}: its time is up, the next pass begins; {_unsettled_bytes(now)} bytes left"
            )
            self._note(EventKind.TIME_LIMIT, detail)
            self._hooks.warn(detail)
        self._told = current
        amounts = (
            f"{now.finished_bytes} bytes read, {now.bad_bytes} bad, {_unsettled_bytes(now)} not tried to the end"
        )
        self._note(EventKind.RESCUE, f"{_name(*current) or 'end of the passes'}: {amounts}")

    def _note(self, kind: EventKind, detail: str) -> None:
        self._history.add_event(self._hooks.clock.now(), kind, detail)


def rescue_progress(now: RescueProgress, total_bytes: int, sector_size_bytes: int) -> Progress:
    """Where a rescue stands, for whoever listens."""
    return Progress(
        "rescue",
        now.finished_bytes,
        total_bytes,
        bad_sectors=now.bad_bytes // sector_size_bytes,
        state=_name(now.rescue_pass, now.attempt) or "running",
        untried_bytes=_unsettled_bytes(now),
    )


def _unsettled_bytes(now: RescueProgress) -> int:
    """The bytes that were not tried to the end."""
    return now.non_tried_bytes + now.non_trimmed_bytes + now.non_scraped_bytes


def _name(rescue_pass: RescuePass | None, attempt: int) -> str:
    """A pass as a person reads it, retries with their number; nothing behind the last one."""
    if rescue_pass is None:
        return ""
    return f"{rescue_pass.value} {attempt}" if attempt else rescue_pass.value
