"""Projections: the rows that one entry comes to. A pure function of the entry and its payload.

Every entry only adds rows (that an acquisition ended is a row of its own), so the tables are the rows of all
entries together, and rebuilding them is reading the ledger once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from casedb.attachments import NewAttachment, attachment_rows
from casedb.clock_rows import clock_row
from casedb.closing import closed_rows, reopened_rows
from casedb.correcting import correction_rows
from casedb.entry import Entry, EntryKind, PayloadText
from casedb.facts import (
    AppliedMigration,
    CaseClosed,
    CaseCreated,
    CaseReopened,
    Corrected,
    KeyAdded,
    KeyRotated,
    LedgerOpened,
    PublicKey,
    Redacted,
    SchemaMigrated,
    person_id,
)
from casedb.image_projections import acquisition_rows, finish_rows, resume_rows, stop_rows, verification_rows
from casedb.import_intake import ImageImported, ImageRelocated, import_rows, relocation_rows
from casedb.intake import (
    AcquisitionFinished,
    AcquisitionResumed,
    AcquisitionStarted,
    AcquisitionStopped,
    VerificationRecorded,
)
from casedb.rows import KEYS_TABLE, MIGRATIONS_TABLE, Row, Written, custody_row, moment, row
from casedb.submissions import NewCustodyEvent, NewExhibit, NewPerson, NewReport, NewSignature
from casedb.timestamps import TimestampRecorded, timestamp_rows

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Projection:
    """One kind of entry: the type of its facts, and what they come to."""

    facts: type[Any]
    rows: Callable[[Written, Any], Iterable[Row]]


def decode_facts(payload: PayloadText, shape: type[Facts]) -> Facts:
    """The facts of a payload.

    Raises:
        ValueError: facts of another shape.
    """
    try:
        return msgspec.json.decode(payload.facts, type=shape)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ValueError(f"facts of another shape: {error}") from error


def project(entry: Entry, payload: PayloadText) -> tuple[Row, ...]:
    """The rows of this entry.

    Raises:
        ValueError: an unknown kind of entry, or facts of another shape.
    """
    projection = PROJECTIONS[EntryKind(entry.type)]
    facts = decode_facts(payload, projection.facts)
    return tuple(projection.rows(Written(entry, payload.operator), facts))


def _case_rows(written: Written, facts: CaseCreated) -> Iterable[Row]:
    """The case."""
    entry = written.entry
    columns = msgspec.to_builtins(facts)
    yield row("cases", sequence=entry.seq, ledger_id=entry.ledger, **columns, **moment("created", entry.at))


def _opened_rows(written: Written, facts: LedgerOpened) -> Iterable[Row]:
    """The first key, and the steps that the structure began with."""
    yield _key_row(written, facts.key, None)
    yield from _migration_rows(facts.migrations)


def _schema_rows(_written: Written, facts: SchemaMigrated) -> Iterable[Row]:
    """The steps that the structure took."""
    return _migration_rows(facts.migrations)


def _key_row(written: Written, key: PublicKey, replaces: PublicKey | None) -> Row:
    """A key that signs checkpoints from this entry on, in the place of another or beside it."""
    old = replaces.public if replaces is not None else None
    return row(KEYS_TABLE, sequence=written.entry.seq, algorithm=key.algorithm, public=key.public, replaces=old)


def _added_key_rows(written: Written, facts: KeyAdded) -> Iterable[Row]:
    """The key of another workstation."""
    yield _key_row(written, facts.key, None)


def _rotated_key_rows(written: Written, facts: KeyRotated) -> Iterable[Row]:
    """The key that takes the place of another."""
    yield _key_row(written, facts.new, facts.old)


def _migration_rows(migrations: Iterable[AppliedMigration]) -> Iterable[Row]:
    """One row for each step of the structure."""
    return (row(MIGRATIONS_TABLE, **msgspec.to_builtins(step)) for step in migrations)


def _person_rows(written: Written, facts: NewPerson) -> Iterable[Row]:
    """Someone named in the record."""
    sequence = written.entry.seq
    yield row("people", sequence=sequence, person_id=person_id(sequence), **msgspec.to_builtins(facts))


def _exhibit_rows(written: Written, facts: NewExhibit) -> Iterable[Row]:
    """An exhibit."""
    entry = written.entry
    yield row("exhibits", sequence=entry.seq, **msgspec.to_builtins(facts), **moment("added", entry.at))


def _custody_rows(written: Written, facts: NewCustodyEvent) -> Iterable[Row]:
    """What a person told of an exhibit."""
    columns = {name: told for name, told in msgspec.to_builtins(facts).items() if name not in ("at", "clock")}
    yield custody_row(written, facts.at, columns)
    if facts.clock is not None:
        yield clock_row(written.entry.seq, facts.clock)


def _report_rows(written: Written, facts: NewReport) -> Iterable[Row]:
    """A report that was handed out."""
    columns = msgspec.to_builtins(facts)
    del columns["issued"], columns["settings"]
    yield row("reports", sequence=written.entry.seq, **columns, **moment("issued", facts.issued))


def _signature_rows(written: Written, facts: NewSignature) -> Iterable[Row]:
    """A signature under a report."""
    yield row("report_signatures", sequence=written.entry.seq, **msgspec.to_builtins(facts))


def _redaction_rows(written: Written, facts: Redacted) -> Iterable[Row]:
    """The payload that was taken away."""
    yield row(
        "redactions",
        sequence=written.entry.seq,
        redacted_sequence=facts.sequence,
        authority=facts.authority,
        reason=facts.reason,
    )
    if facts.concerns is not None:
        yield row("redaction_links", sequence=written.entry.seq, concerns=facts.concerns)


PROJECTIONS: dict[EntryKind, Projection] = {
    EntryKind.LEDGER_OPENED: Projection(LedgerOpened, _opened_rows),
    EntryKind.CASE_CREATED: Projection(CaseCreated, _case_rows),
    EntryKind.SCHEMA_MIGRATED: Projection(SchemaMigrated, _schema_rows),
    EntryKind.PERSON_ADDED: Projection(NewPerson, _person_rows),
    EntryKind.EXHIBIT_ADDED: Projection(NewExhibit, _exhibit_rows),
    EntryKind.CUSTODY_RECORDED: Projection(NewCustodyEvent, _custody_rows),
    EntryKind.CORRECTED: Projection(Corrected, correction_rows),
    EntryKind.ACQUISITION_STARTED: Projection(AcquisitionStarted, acquisition_rows),
    EntryKind.ACQUISITION_FINISHED: Projection(AcquisitionFinished, finish_rows),
    EntryKind.ACQUISITION_STOPPED: Projection(AcquisitionStopped, stop_rows),
    EntryKind.ACQUISITION_RESUMED: Projection(AcquisitionResumed, resume_rows),
    EntryKind.VERIFICATION_RECORDED: Projection(VerificationRecorded, verification_rows),
    EntryKind.IMAGE_IMPORTED: Projection(ImageImported, import_rows),
    EntryKind.IMAGE_RELOCATED: Projection(ImageRelocated, relocation_rows),
    EntryKind.FILE_ATTACHED: Projection(NewAttachment, attachment_rows),
    EntryKind.REPORT_ISSUED: Projection(NewReport, _report_rows),
    EntryKind.REPORT_SIGNED: Projection(NewSignature, _signature_rows),
    EntryKind.REDACTED: Projection(Redacted, _redaction_rows),
    EntryKind.KEY_ADDED: Projection(KeyAdded, _added_key_rows),
    EntryKind.KEY_ROTATED: Projection(KeyRotated, _rotated_key_rows),
    EntryKind.CASE_CLOSED: Projection(CaseClosed, closed_rows),
    EntryKind.CASE_REOPENED: Projection(CaseReopened, reopened_rows),
    EntryKind.TIMESTAMP_RECORDED: Projection(TimestampRecorded, timestamp_rows),
}
