"""Whether the rest of an image will fit, forecast from what its first part took. Pure."""

from dataclasses import dataclass
from enum import IntEnum

CRITICAL_SECONDS = 600.0
"""A destination that is full in less time is about to lose its image."""
MINIMUM_PART = 100
MINIMUM_MEDIA_BYTES = 256 * 1024 * 1024
"""No forecast before this much media, or a hundredth of it where that is less: the ratio of a few tells nothing."""


class Outlook(IntEnum):
    """How it stands about the room for an image."""

    ENOUGH = 0
    SHORT = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True)
class Measured:
    """What the job took so far: `written_bytes` on one output for `media_bytes` of media, in so many seconds.

    `left_bytes` of media are still to come.
    """

    written_bytes: int
    media_bytes: int
    left_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the rest will need, by how much that is more than there is, and the seconds until nothing is free."""

    outlook: Outlook
    needed_bytes: int
    short_bytes: int
    seconds_left: float | None


def forecast_space(measured: Measured, free_bytes: int, outputs: int = 1) -> Forecast:
    """Whether the rest of the image, written so many times, goes into the free bytes."""
    if not measured.media_bytes or measured.media_bytes < _telling_bytes(measured):
        return Forecast(Outlook.ENOUGH, 0, 0, None)
    needed = -(-measured.written_bytes * measured.left_bytes // measured.media_bytes) * outputs
    if needed <= free_bytes:
        return Forecast(Outlook.ENOUGH, needed, 0, None)
    per_second = measured.written_bytes * outputs / measured.seconds if measured.seconds > 0 else 0.0
    seconds_left = max(free_bytes, 0) / per_second if per_second else None
    is_critical = free_bytes <= 0 or (seconds_left is not None and seconds_left < CRITICAL_SECONDS)
    outlook = Outlook.CRITICAL if is_critical else Outlook.SHORT
    return Forecast(outlook, needed, needed - free_bytes, seconds_left)


def _telling_bytes(measured: Measured) -> int:
    """The media that must have been read before its ratio counts."""
    return min(MINIMUM_MEDIA_BYTES, (measured.media_bytes + measured.left_bytes) // MINIMUM_PART)
