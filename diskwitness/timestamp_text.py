"""Timestamps of the record in words."""

from typing import Protocol

from image.times import Instant


class Stamp(Protocol):
    """What is told of a timestamp."""

    @property
    def checkpoint_size(self) -> int:
        """The number of entries it covers."""
        ...

    @property
    def stamped(self) -> Instant:
        """The authority's time."""
        ...


def timestamp_text(stamp: Stamp) -> str:
    """Up to which entry the record is time-stamped, and when."""
    return f"entries 1 to {stamp.checkpoint_size}, {stamp.stamped}"


def waiting_text(since: Instant) -> str:
    """Since when the record waits."""
    return f"not yet (since {since})"


def status_lines(last: Stamp | None, waiting_since: Instant | None) -> list[tuple[str, object]]:
    """How far the record is time-stamped, as facts."""
    facts: list[tuple[str, object]] = [("Time-stamped", timestamp_text(last))] if last is not None else []
    if waiting_since is not None:
        facts.append(("Time-stamped" if last is None else "After that", waiting_text(waiting_since)))
    return facts
