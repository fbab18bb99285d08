"""Instants as they are stored and printed: UTC plus the local offset, never one without the other."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol


@dataclass(frozen=True, order=True, slots=True)
class Instant:
    """A moment: `utc` as ISO 8601 with microseconds and `Z`; `offset_minutes` east of UTC, local then and there.

    Raises:
        ValueError: no moment at all, or one that no calendar has there: manifests and databases can hold anything.
    """

    utc: str
    offset_minutes: int

    def __post_init__(self) -> None:
        try:
            self._local()
        except OverflowError as error:
            raise ValueError(f"no such moment: {self.utc[:40]!a} {self.offset_minutes}") from error

    def __str__(self) -> str:
        """The local time with its offset, to the second: 2026-11-22T11:23:00+01:00."""
        return self._local().isoformat(timespec="seconds")

    def _local(self) -> datetime:
        """The moment as the clock there showed it."""
        return self.as_datetime().astimezone(timezone(timedelta(minutes=self.offset_minutes)))

    def as_datetime(self) -> datetime:
        """The moment as an aware datetime in UTC."""
        moment = datetime.fromisoformat(self.utc)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def instant_from(moment: datetime) -> Instant:
    """The instant of an aware datetime, with that datetime's own offset."""
    offset = moment.utcoffset() or timedelta()
    utc = moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return Instant(utc, int(offset.total_seconds() // 60))


class Clock(Protocol):
    """Where time comes from; the real one stands in workflow/, tests bring their own."""

    def now(self) -> Instant:
        """The wall clock."""
        ...

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back, for durations."""
        ...
