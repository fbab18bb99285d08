"""Corrections of what was told, and payloads taken away by order: entries like all others, nothing is updated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from casedb import told_queries
from casedb.case_files import DATABASE_FILE, LOCK_FILE
from casedb.correcting import PEOPLE_FIELDS, WITHDRAWN, corrected_event, require_correctable, require_usable_values
from casedb.custody import require_complete
from casedb.custody_writer import CustodyWriter
from casedb.entry import Entry, EntryKind
from casedb.facts import Corrected, person_id
from casedb.ledger_reading import read_entry, read_payload
from casedb.records import Case, CustodyEvent, Exhibit, Person, Redaction, Role, redacted_text
from casedb.redaction import (
    compact,
    entries_that_hold,
    personal_texts,
    redacted_facts,
    require_redactable,
    take_away,
)
from casedb.redaction_queries import read_redactions
from casedb.references import require_usable_text
from image.errors import UsageError


@dataclass(frozen=True)
class RedactionPlan:
    """What a redaction would take away: the entries, and others that hold the same names or correct them."""

    entries: tuple[Entry, ...]
    also_held_by: tuple[int, ...]
    corrected_by: tuple[int, ...]


@dataclass(frozen=True)
class RedactionDone:
    """What a redaction took away, what else holds the same, and why traces may be left in the file, if they may."""

    redactions: tuple[Redaction, ...]
    plan: RedactionPlan
    complaint: str | None


class AmendmentWriter(CustodyWriter):
    """Corrections and redactions of an open case."""

    def correct(self, facts: Corrected, kinds: Sequence[EntryKind], roles: Mapping[str, Role] | None = None) -> int:
        """Record that an entry of one of these kinds should have said something else; the number of the correction.

        People are told as `add_custody` takes them.

        Raises:
            UsageError: no such entry, one that cannot be corrected, or nothing that would change.
        """
        require_usable_text("reason", facts.reason)
        entry = self._entry(facts.amends)
        kind = EntryKind(entry.type)
        if kind not in kinds:
            names = " or ".join(item.value for item in kinds)
            raise UsageError(f"entry {entry.seq} is of type {kind.value}, not {names}", str(self.folder))
        require_correctable(kind, entry.seq, facts)
        people = {name: facts.changes[name] for name in sorted(PEOPLE_FIELDS & facts.changes.keys())}
        known = self._ids_or_names(people, roles or {})
        told = replace(facts, changes=facts.changes | known)
        self._require_sense(told, kind, entry)
        with self._recording(f"the correction of entry {entry.seq}") as ledger:
            told = replace(told, changes=told.changes | self._added(ledger, known, roles or {}))
            return ledger.append(EntryKind.CORRECTED, told, entry.exhibit)

    def entry_exhibit(self, sequence: int) -> str:
        """The exhibit that an entry is about; empty where it is about none."""
        return self._entry(sequence).exhibit or ""

    def case_sequence(self) -> int:
        """The number of the entry that opened the case.

        Raises:
            CaseError: the database holds none.
        """
        with self._reading() as rows:
            return told_queries.case_sequence(rows)

    def _entry(self, sequence: int) -> Entry:
        """The entry of this number.

        Raises:
            UsageError: there is none.
        """
        with self._reading() as rows:
            if not 0 < sequence <= self.head().size:
                raise UsageError("the ledger has no such entry", f"entry {sequence}", "See: custody show")
            return read_entry(rows, sequence)

    def _require_sense(self, facts: Corrected, kind: EntryKind, entry: Entry) -> None:
        """Refuse a correction that changes nothing, or after which an event would lack what it must name."""
        require_usable_values(kind, entry.seq, facts)
        record = self._told_by(kind, entry)
        at_now = record.at if isinstance(record, CustodyEvent) else None
        if facts.at in (None, at_now) and all(
            _plain(getattr(record, name)) == value for name, value in facts.changes.items()
        ):
            raise UsageError("that is what the record says already", f"entry {entry.seq}")
        if isinstance(record, CustodyEvent) and WITHDRAWN not in facts.changes:
            self._require_whole(record, facts)
        if isinstance(record, Exhibit) and (parent := facts.changes.get("parent")) is not None:
            self._require_parent(record, parent)

    def _require_parent(self, exhibit: Exhibit, parent: str) -> None:
        """An exhibit is part of another one that is not part of it."""
        above = self.exhibit(parent)
        while above.reference != exhibit.reference and above.parent is not None:
            above = self.exhibit(above.parent)
        if above.reference == exhibit.reference:
            raise UsageError("an exhibit cannot be part of itself", exhibit.reference)

    def _require_whole(self, event: CustodyEvent, facts: Corrected) -> None:
        """The event as corrected names whom it must, unless it did not before; so does its verification."""
        now = corrected_event(event, facts)
        if {"rehash", "verification"} & facts.changes.keys():
            self._with_rehash(now)
        try:
            require_complete(corrected_event(event, replace(facts, changes={})))
        except UsageError:
            return
        require_complete(now)

    def _told_by(self, kind: EntryKind, entry: Entry) -> Case | Person | Exhibit | CustodyEvent:
        """What the entry of this number told, as it stands."""
        match kind:
            case EntryKind.CASE_CREATED:
                return self.case()
            case EntryKind.PERSON_ADDED:
                return next(item for item in self.people() if item.person_id == person_id(entry.seq))
            case EntryKind.EXHIBIT_ADDED:
                return self.exhibit(entry.exhibit or "")
        return next(item for item in self.custody(entry.exhibit or "") if item.sequence == entry.seq)

    def plan_redaction(self, sequences: Sequence[int]) -> RedactionPlan:
        """What taking these payloads away comes to; nothing is changed.

        Raises:
            UsageError: no such entry, one that cannot be redacted, or one that was.
        """
        entries = tuple(self._entry(sequence) for sequence in dict.fromkeys(sequences))
        with self._reading() as rows:
            for entry in entries:
                require_redactable(entry)
            gone = {item.redacted_sequence: item.sequence for item in read_redactions(rows)}
            for entry in entries:
                if entry.seq in gone:
                    raise UsageError(redacted_text(gone[entry.seq]), f"entry {entry.seq}", "Nothing is left of it")
            texts = [text for entry in entries for text in _texts_of(entry, read_payload(rows, entry.seq))]
            named = {entry.seq for entry in entries}
            held = entries_that_hold(self._connection, texts)
            marks = ", ".join("?" * len(named))
            sql = f"SELECT sequence FROM corrections WHERE amends IN ({marks}) ORDER BY sequence"  # noqa: S608  # marks alone
            corrected = [row["sequence"] for row in rows.query(sql, sorted(named))]
        return RedactionPlan(
            entries,
            tuple(number for number in held if number not in named),
            tuple(number for number in corrected if number not in named),
        )

    def redact(self, sequences: Sequence[int], authority: str, reason: str) -> RedactionDone:
        """Take the payloads of these entries away for good; each is named by an entry that says so.

        Raises:
            UsageError: no such entry, one that cannot be redacted, or one that was; then nothing is taken away.
            CaseError: not recorded; then nothing is taken away.
        """
        require_usable_text("authority", authority)
        require_usable_text("reason", reason)
        plan = self.plan_redaction(sequences)
        with self._recording("the redaction") as ledger:
            for entry in plan.entries:
                payload = read_payload(self._rows, entry.seq)
                facts = redacted_facts(entry, payload, authority, reason)
                ledger.append(EntryKind.REDACTED, facts, entry.exhibit)
                take_away(self._connection, entry, payload)
        complaint = compact(self._connection, self.folder / DATABASE_FILE, self.folder / LOCK_FILE)
        taken = {entry.seq for entry in plan.entries}
        with self._reading() as rows:
            done = tuple(item for item in read_redactions(rows) if item.redacted_sequence in taken)
        return RedactionDone(done, plan, complaint)


def _texts_of(entry: Entry, payload: bytes) -> tuple[str, ...]:
    """What a payload tells of a person and could stand elsewhere."""
    return personal_texts(payload) if entry.type == EntryKind.PERSON_ADDED.value else ()


def _plain(value: object) -> str | None:
    """A fact of a record as a correction spells it."""
    if isinstance(value, Person):
        return value.person_id
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else None
    return None if value is None else str(value)
