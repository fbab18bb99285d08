"""What became of facts after they were written down: corrections, and payloads taken away by order.

Nothing in the ledger changes by either: both are entries of their own.
"""

from dataclasses import dataclass

from image.times import Instant


@dataclass(frozen=True)
class Change:
    """One field as it was told and as it should have been; None is "not recorded"."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Correction:
    """Entry `sequence` says that entry `amends` should have said something else, and why.

    `redacted_by` is the entry that took the correction's own payload away: then nobody knows what it changed.
    """

    sequence: int
    amends: int
    recorded: Instant
    reason: str | None = None
    recorded_by: str | None = None
    changes: tuple[Change, ...] = ()
    redacted_by: int | None = None


@dataclass(frozen=True)
class Redaction:
    """Entry `sequence` took away the payload of entry `redacted_sequence`, by whose order and why.

    `entry_type`, `exhibit` and `written` are those of the entry, which is still there. `concerns` is the entry that
    the payload was about: the start of an acquisition, the facts that a correction amended.
    """

    sequence: int
    recorded: Instant
    redacted_sequence: int
    entry_type: str
    exhibit: str | None
    written: Instant
    authority: str
    reason: str
    concerns: int | None = None


def redacted_text(sequence: int) -> str:
    """What is printed where a fact was taken away by the entry of this number."""
    return f"redacted by order, entry {sequence}"
