"""The chain of the ledger walked from its first entry: what every entry, payload and link must be. Pure.

Where two entries disagree, the one named first bad is the earlier one that its successor does not confirm.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from casedb.closing import ClosingRule
from casedb.entry import (
    NO_PREVIOUS,
    Entry,
    EntryKind,
    PayloadText,
    decode_entry,
    decode_payload,
    entry_digest,
    payload_digest,
)
from casedb.facts import Redacted
from casedb.import_intake import ImageRelocated
from casedb.intake import AcquisitionFinished, AcquisitionResumed, AcquisitionStopped, VerificationRecorded
from casedb.projections import decode_facts, project
from casedb.redactable import REDACTABLE
from casedb.rows import Row
from image.finding_list import FindingBound
from image.findings import Finding, finding


@dataclass(frozen=True)
class StoredEntry:
    """One row of the ledger as it was found."""

    sequence: int
    entry: bytes
    entry_sha256: bytes
    payload: bytes | None


@dataclass(frozen=True)
class LedgerFinding:
    """A finding, with the number of the entry that it concerns, if it concerns one."""

    sequence: int | None
    finding: Finding


@dataclass(frozen=True)
class _Link:
    """What the next entry is measured against; `digest` is None where nothing can be said of it."""

    sequence: int
    digest: str | None
    stored_digest: str
    at: str


class ChainWalk:
    """Takes the rows of the ledger in order and keeps what is wrong with them."""

    def __init__(self) -> None:
        self._findings: list[LedgerFinding] = []
        self._bound = FindingBound()
        self.ledger_id: str | None = None
        self.entry_count = 0
        self.head_sha256: str | None = None
        self.entry: Entry | None = None
        self._link = _Link(0, NO_PREVIOUS, NO_PREVIOUS, "")
        self._acquisitions: set[int] = set()
        self._without_payload: set[int] = set()
        self._redacted: dict[int, int] = {}
        self._closing = ClosingRule()
        self._redactable: set[int] = set()

    def report(self, code: str, detail: str, sequence: int | None, *disagreement: str) -> None:
        """Keep a finding; `disagreement` is what was expected and what was found."""
        if self._bound.admits(code):
            expected, found = disagreement or (None, None)
            item = finding(code, detail, expected=expected, found=found)
            self._findings.append(LedgerFinding(sequence, item))

    @property
    def findings(self) -> tuple[LedgerFinding, ...]:
        """What is wrong, in the order it was found; the last one says how many were left out."""
        rest = self._bound.as_finding()
        return (*self._findings, LedgerFinding(None, rest)) if rest is not None else tuple(self._findings)

    def take(self, stored: StoredEntry) -> tuple[Row, ...]:
        """Check one row of the ledger and return the rows that it comes to; none where it cannot be read."""
        self.entry_count += 1
        digest = entry_digest(stored.entry)
        self.head_sha256 = digest
        self._check_place(stored)
        entry = self.entry = self._decoded(stored)
        if entry is None or not self._is_in_its_place(stored, entry):
            self._link = _Link(stored.sequence, None, stored.entry_sha256.hex(), self._link.at)
            return ()
        self._check_link(stored, entry)
        self._check_own_digest(stored, digest)
        self._check_entry(stored.sequence, entry)
        self._check_closing(stored.sequence, EntryKind(entry.type))
        self._note_kind(stored.sequence, EntryKind(entry.type))
        self._link = _Link(stored.sequence, digest, stored.entry_sha256.hex(), entry.ts_utc)
        return self._rows(stored, entry)

    def _check_place(self, stored: StoredEntry) -> None:
        """The numbers go up by one."""
        expected = self._link.sequence + 1
        if stored.sequence > expected:
            last = stored.sequence - 1
            gone = f"entry {expected} is" if last == expected else f"entries {expected} to {last} are"
            self.report("ledger-entry-missing", f"{gone} missing", expected)

    def _decoded(self, stored: StoredEntry) -> Entry | None:
        """The entry, if the bytes are one of a kind we know."""
        try:
            entry = decode_entry(stored.entry)
            EntryKind(entry.type)
        except ValueError as error:
            self.report("ledger-entry-unusable", f"entry {stored.sequence}: {error}", stored.sequence)
            return None
        return entry

    def _is_in_its_place(self, stored: StoredEntry, entry: Entry) -> bool:
        """The number inside the entry is that of its row."""
        if entry.seq == stored.sequence:
            return True
        detail = f"row {stored.sequence} of the ledger holds entry {entry.seq}"
        self.report("ledger-entry-misplaced", detail, stored.sequence, str(stored.sequence), str(entry.seq))
        return False

    def _check_link(self, stored: StoredEntry, entry: Entry) -> None:
        """The entry names the digest of the one before it."""
        before = self._link
        if before.sequence + 1 != stored.sequence or before.digest in (None, entry.prev):
            return
        if before.digest != before.stored_digest == entry.prev:
            return
        if before.sequence == 0:
            detail = "entry 1 does not begin the ledger: it names an entry before it"
            self.report("ledger-entry-unusable", detail, 1, NO_PREVIOUS, entry.prev)
            return
        detail = f"entry {before.sequence} is not the one that entry {stored.sequence} was chained to"
        self.report("ledger-entry-altered", detail, before.sequence, entry.prev, f"{before.digest}")

    def _check_own_digest(self, stored: StoredEntry, digest: str) -> None:
        """The bytes are those whose digest was stored beside them."""
        if digest != stored.entry_sha256.hex():
            detail = f"entry {stored.sequence}: its bytes and the SHA-256 stored beside them disagree"
            self.report("ledger-entry-altered", detail, stored.sequence, stored.entry_sha256.hex(), digest)

    def _check_entry(self, sequence: int, entry: Entry) -> None:
        """One ledger from its first entry on, and a clock that goes forward."""
        if (sequence == 1) != (entry.type == EntryKind.LEDGER_OPENED.value):
            self.report(
                "ledger-entry-unusable", f"entry {sequence}: a ledger is opened by its first entry", sequence
            )
        self.ledger_id = self.ledger_id or entry.ledger
        if entry.ledger != self.ledger_id:
            detail = f"entry {sequence} belongs to another ledger"
            self.report("ledger-entry-unusable", detail, sequence, self.ledger_id, entry.ledger)
        if entry.ts_utc < self._link.at:
            detail = f"entry {sequence} was written at an earlier time than the entry before it"
            self.report("ledger-time-backwards", detail, sequence, f"after {self._link.at}", entry.ts_utc)

    def _check_closing(self, sequence: int, kind: EntryKind) -> None:
        """Nothing of the matter enters a closed case."""
        if (wrong := self._closing.take(sequence, kind)) is not None:
            self.report("ledger-entry-unusable", wrong, sequence)

    def _rows(self, stored: StoredEntry, entry: Entry) -> tuple[Row, ...]:
        """The rows of an entry whose payload is the one it names."""
        if stored.payload is None:
            self._without_payload.add(stored.sequence)
            return ()
        found = payload_digest(stored.payload)
        if found != entry.payload_sha256:
            detail = f"the payload of entry {stored.sequence} ({entry.type}) is not the one that was recorded"
            self.report("ledger-payload-altered", detail, stored.sequence, entry.payload_sha256, found)
            return ()
        try:
            payload = decode_payload(stored.payload)
            self._check_reference(stored.sequence, EntryKind(entry.type), payload)
            return project(entry, payload)
        except ValueError as error:
            self.report("ledger-payload-unusable", f"entry {stored.sequence}: {error}", stored.sequence)
            return ()

    def _note_kind(self, sequence: int, kind: EntryKind) -> None:
        """Keep what later entries may speak of."""
        if kind in REDACTABLE:
            self._redactable.add(sequence)
        if kind in (EntryKind.ACQUISITION_STARTED, EntryKind.IMAGE_IMPORTED):
            self._acquisitions.add(sequence)

    def _check_reference(self, sequence: int, kind: EntryKind, payload: PayloadText) -> None:
        """Whatever an entry says of an acquisition or a redaction is about one that is there before it."""
        if kind is EntryKind.ACQUISITION_FINISHED:
            self._require_acquisition(sequence, decode_facts(payload, AcquisitionFinished).started_sequence)
        elif kind is EntryKind.ACQUISITION_STOPPED:
            self._require_acquisition(sequence, decode_facts(payload, AcquisitionStopped).started_sequence)
        elif kind is EntryKind.ACQUISITION_RESUMED:
            self._require_acquisition(sequence, decode_facts(payload, AcquisitionResumed).started_sequence)
        elif kind is EntryKind.VERIFICATION_RECORDED:
            acquisition = decode_facts(payload, VerificationRecorded).acquisition
            self._require_acquisition(sequence, acquisition)
        elif kind is EntryKind.IMAGE_RELOCATED:
            self._require_acquisition(sequence, decode_facts(payload, ImageRelocated).acquisition)
        elif kind is EntryKind.REDACTED:
            self._redacted[decode_facts(payload, Redacted).sequence] = sequence

    def _require_acquisition(self, sequence: int, started: int | None) -> None:
        """The acquisition that an entry speaks of was started before."""
        if started is not None and started not in self._acquisitions:
            detail = f"entry {sequence} speaks of an acquisition that entry {started} did not start"
            self.report("ledger-entry-unusable", detail, sequence)

    def finish(self) -> tuple[int, ...]:
        """Say which payloads are gone without a word; return the entries whose payload was redacted."""
        redacted = {named: by for named, by in self._redacted.items() if named in self._redactable and named < by}
        for sequence in sorted(self._without_payload - redacted.keys()):
            detail = f"the payload of entry {sequence} is gone and no later entry redacts it"
            self.report("ledger-payload-missing", detail, sequence)
        for sequence in sorted(redacted.keys() - self._without_payload):
            detail = f"entry {redacted[sequence]} redacts the payload of entry {sequence}, which is there"
            self.report("ledger-row-unknown", detail, sequence)
        gone = tuple(sorted(self._without_payload & redacted.keys()))
        for sequence in gone:
            by = redacted[sequence]
            self.report("ledger-payload-redacted", f"entry {by} redacts the payload of entry {sequence}", sequence)
        return gone


def first_bad_entry(findings: Iterable[LedgerFinding]) -> int | None:
    """The lowest number of an entry with something against it."""
    numbers = [item.sequence for item in findings if item.sequence is not None]
    return min(numbers, default=None)
