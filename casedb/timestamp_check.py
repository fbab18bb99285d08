"""Every timestamp of the ledger against the checkpoint it is for, its authority, and the times around it. Pure.

1. The token is over the digest of exactly the checkpoint that stands in the ledger, and answers its own question.
2. A certificate that is believed vouches for who signed it; without one this part is not checked, and said to be.
3. Its time fits: no entry that it covers, and none that records it, may be at odds with it by more than
   MAXIMUM_SKEW_SECONDS, and no timestamp that it covers may be younger. History rewritten with the real key can be
   signed anew, but not as of its old date.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from casedb.chain_check import StoredEntry
from casedb.entry import Entry, EntryKind, decode_payload
from casedb.projections import decode_facts
from casedb.timestamps import TimestampRecorded, imprint_of, token_bytes
from image.times import Instant

MAXIMUM_SKEW_SECONDS = 300
"""So far a workstation's clock may be off; a token that is further off is not recorded in the first place."""

Report = Callable[..., None]
"""Keeps a finding: code, detail, number of the entry, expected, found."""
CheckToken = Callable[[bytes], bool]
"""Whether an authority that is believed signed this answer; raises ValueError where its signature is not good."""


@dataclass(frozen=True)
class CheckedTimestamp:
    """A timestamp that agrees with its checkpoint, and whether its authority is one that is believed."""

    sequence: int
    checkpoint_size: int
    stamped: Instant
    authority: str
    is_believed: bool


@dataclass(frozen=True)
class _Noted:
    """A checkpoint: the digest of its text, and when its entry was written."""

    imprint: bytes
    utc: str


class TimestampWalk:
    """Takes every entry in order with the checkpoint beside it, and keeps what is wrong with the timestamps."""

    def __init__(self, report: Report, check: CheckToken) -> None:
        self._report = report
        self._check = check
        self._notes: dict[int, _Noted] = {}
        self.stamps: list[CheckedTimestamp] = []
        self._youngest: list[str] = []

    @property
    def last(self) -> CheckedTimestamp | None:
        """The timestamp that covers most of the ledger."""
        return max(self.stamps, key=lambda item: item.checkpoint_size, default=None)

    @property
    def waiting_since(self) -> Instant | None:
        """When the first entry was written that has a checkpoint and is covered by no timestamp."""
        covered = self.last.checkpoint_size if self.last is not None else 0
        waiting = [noted.utc for size, noted in self._notes.items() if size > covered]
        return Instant(min(waiting), 0) if waiting else None

    def take(self, stored: StoredEntry, entry: Entry | None, note: str | None) -> None:
        """Check one entry (None: it is none), where it is a timestamp."""
        if entry is not None and note is not None:
            self._notes[stored.sequence] = _Noted(imprint_of(note), entry.ts_utc)
        if entry is None or stored.payload is None or entry.type != EntryKind.TIMESTAMP_RECORDED.value:
            return
        try:
            self._take(stored.sequence, entry, decode_facts(decode_payload(stored.payload), TimestampRecorded))
        except ValueError as error:
            what = f"the timestamp of entry {stored.sequence}: {error}"
            self._report("ledger-timestamp-altered", what, stored.sequence)

    def _take(self, sequence: int, entry: Entry, facts: TimestampRecorded) -> None:
        """One timestamp.

        Raises:
            ValueError: it is not for the checkpoint that it names, or not what the entry says of it.
        """
        from casedb.timestamp_token import read_token

        noted, answer = self._notes.get(facts.checkpoint_size), token_bytes(facts)
        found = read_token(answer)
        if noted is None or found.imprint != noted.imprint:
            raise ValueError(f"its token is not for the checkpoint of entry {facts.checkpoint_size}")
        told = (facts.stamped.utc, int(facts.nonce, 16), facts.stamping_authority)
        if told != (found.stamped.utc, found.nonce, found.authority):
            raise ValueError("its token is not the one that the entry tells of")
        size, is_believed = facts.checkpoint_size, self._check(answer)
        stamp = CheckedTimestamp(sequence, size, found.stamped, found.authority, is_believed)
        if self._fits(stamp, noted, entry):
            self.stamps.append(stamp)
            self._youngest.append(max(stamp.stamped.utc, self._youngest[-1] if self._youngest else ""))

    def _fits(self, stamp: CheckedTimestamp, noted: _Noted, entry: Entry) -> bool:
        """Whether its time fits those of the entries around it, and of the timestamps before it."""
        covered = bisect_right(self.stamps, stamp.checkpoint_size, key=attrgetter("sequence"))
        youngest = self._youngest[covered - 1] if covered else ""
        what = f"the timestamp of entry {stamp.sequence} is of {stamp.stamped.utc}: "
        if stamp.stamped.utc < youngest:
            return self._refuse(stamp, f"{what}it covers one of {youngest}")
        if seconds_between(stamp.stamped.utc, noted.utc) > MAXIMUM_SKEW_SECONDS:
            size = stamp.checkpoint_size
            return self._refuse(stamp, f"{what}older than entry {size} of {noted.utc}, which it covers")
        if seconds_between(entry.ts_utc, stamp.stamped.utc) > MAXIMUM_SKEW_SECONDS:
            return self._refuse(stamp, f"{what}younger than the entry that records it, of {entry.ts_utc}")
        return True

    def _refuse(self, stamp: CheckedTimestamp, what: str) -> bool:
        self._report("ledger-timestamp-time", what, stamp.sequence)
        return False


def seconds_between(earlier_utc: str, later_utc: str) -> float:
    """How many seconds lie between two times; below 0 where the second is the earlier one."""
    return (datetime.fromisoformat(later_utc) - datetime.fromisoformat(earlier_utc)).total_seconds()
