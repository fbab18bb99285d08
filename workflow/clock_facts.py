"""The clock as facts of a job or of a custody event: what the system knows of it, and what a person entered."""

from dataclasses import dataclass

from acquire.time_service import time_service
from acquire.workstation import ClockState, clock_state
from image.errors import UsageError
from image.job import ClockFacts
from image.times import Instant

LARGEST_OFFSET_MS = 100 * 366 * 24 * 3600 * 1000


@dataclass(frozen=True)
class EnteredClock:
    """What a person entered: by how much this clock is ahead of a reference, and what the exhibit's own showed."""

    offset_ms: int | None = None
    reference: str | None = None
    exhibit_clock: str | None = None

    def check(self) -> None:
        """See that an offset says what it was measured against.

        Raises:
            UsageError: one of the two is missing, or the offset is no offset of a clock.
        """
        if (self.offset_ms is None) != (self.reference is None):
            what = "--clock-offset and --clock-reference belong together"
            raise UsageError(what, do="Say by how many seconds this clock is ahead, and of what")
        if self.offset_ms is not None and abs(self.offset_ms) > LARGEST_OFFSET_MS:
            raise UsageError("--clock-offset is more than a hundred years", do="Give it in seconds")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return self == EnteredClock()


def clock_facts(entered: EnteredClock, now: Instant, state: ClockState | None = None) -> ClockFacts:
    """All that is known of the clock at this moment; `state` is the kernel's word where it was asked already."""
    kernel, service = state or clock_state(), time_service()
    error = kernel.maximum_error_seconds
    return ClockFacts(
        synchronised=kernel.synchronised,
        maximum_error_us=round(error * 1_000_000) if error is not None and kernel.synchronised else None,
        service=service.name,
        service_state=service.state,
        offset_ms=entered.offset_ms,
        reference=entered.reference,
        exhibit_clock=entered.exhibit_clock,
        exhibit_clock_at=now if entered.exhibit_clock is not None else None,
    )
