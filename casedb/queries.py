"""The questions put to the record: rows and payloads of the database, as the nouns of records.py."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from casedb.closing import CLOSED
from casedb.entry import EntryKind
from casedb.facts import AppliedMigration
from casedb.import_queries import current_paths, read_imported_manifest
from casedb.intake import AcquisitionFinished, AcquisitionStarted, VerificationRecorded
from casedb.ledger_reading import RowSource, instants_in, read_entry, read_facts, read_operator, record_from
from casedb.records import (
    Acquisition,
    AcquisitionState,
    CaseClosing,
    KeptCheckpoint,
    Verification,
    redacted_text,
)
from casedb.redaction_queries import of_kind, read_redactions
from image.errors import CaseError
from image.manifest import Manifest
from image.times import Instant

MAXIMUM_SEQUENCE = 2**63 - 1


@dataclass(frozen=True)
class _End:
    """One end of an acquisition, as its row tells it."""

    sequence: int
    state: AcquisitionState
    ended: Instant
    reason: str | None


@dataclass(frozen=True)
class _PathOf:
    """The acquisition that a path belongs to."""

    acquisition: int


@dataclass(frozen=True)
class _ExhibitOf:
    """The exhibit that an acquisition is of."""

    exhibit: str | None


def read_closing(rows: RowSource) -> CaseClosing | None:
    """The last closing or reopening of the case; None where it was never closed."""
    found = next(rows.query("SELECT * FROM case_closings ORDER BY sequence DESC LIMIT 1"), None)
    if found is None:
        return None
    return record_from(CaseClosing, found, instants_in(found, "at"), {"is_closed": found["state"] == CLOSED})


def read_acquisitions(rows: RowSource, reference: str) -> tuple[Acquisition, ...]:
    """The acquisitions of an exhibit, in the order they started."""
    found = rows.query("SELECT sequence FROM acquisitions WHERE exhibit = ? ORDER BY sequence", [reference])
    return tuple(read_acquisition(rows, sequence) for sequence in [row["sequence"] for row in found])


def read_all_acquisitions(rows: RowSource) -> tuple[Acquisition, ...]:
    """Every acquisition of the case, in the order they started."""
    found = list(rows.query("SELECT sequence FROM acquisitions ORDER BY sequence"))
    return tuple(read_acquisition(rows, row["sequence"]) for row in found)


def read_acquisition(rows: RowSource, sequence: int) -> Acquisition:
    """The acquisition that the entry of this number started.

    Raises:
        CaseError: there is none, or its payload is not what was recorded.
    """
    found = next(rows.query("SELECT * FROM acquisitions WHERE sequence = ?", [sequence]), None)
    if found is None:
        raise CaseError(f"entry {sequence} of the ledger starts no acquisition")
    imported = read_imported_manifest(rows, sequence)
    if imported is not None:
        return _imported(rows, sequence, record_from(_ExhibitOf, found).exhibit, imported)
    started = read_facts(rows, sequence, AcquisitionStarted)
    base = Acquisition(
        started_sequence=sequence,
        exhibit=record_from(_ExhibitOf, found).exhibit,
        state=AcquisitionState.STARTED,
        paths=started.paths,
        job=started.job,
        started=started.job.started,
    )
    whole = _with_end(rows, base)
    return replace(whole, paths=current_paths(rows, sequence, whole.paths))


def _imported(
    rows: RowSource, sequence: int, exhibit: str | None, imported: tuple[Manifest, str | None, str]
) -> Acquisition:
    """An acquisition of ours that was made without this case, as its manifest tells it."""
    manifest, manifest_sha256, path = imported
    return Acquisition(
        started_sequence=sequence,
        exhibit=exhibit,
        state=AcquisitionState.COMPLETE,
        paths=current_paths(rows, sequence, (path,)),
        job=manifest.job,
        started=manifest.job.started,
        finished_sequence=sequence,
        finished=manifest.finished,
        manifest=manifest,
        manifest_sha256=manifest_sha256,
    )


def _with_end(rows: RowSource, base: Acquisition) -> Acquisition:
    """The acquisition with its last end, if it came to one and did not go on after it."""
    sql = "SELECT * FROM acquisition_ends WHERE acquisition = ? ORDER BY sequence DESC LIMIT 1"
    end = next(rows.query(sql, [base.started_sequence]), None)
    gone = _redacted_end(rows, base)
    if gone is not None and (end is None or end["sequence"] < (gone.finished_sequence or 0)):
        return gone
    if end is None or _went_on(rows, base.started_sequence, end["sequence"]):
        return base
    told = record_from(_End, end, instants_in(end, "ended"))
    ended = replace(
        base, state=told.state, finished_sequence=told.sequence, finished=told.ended, reason=told.reason
    )
    return ended if ended.state is AcquisitionState.STOPPED else _with_manifest(rows, ended, told.sequence)


def _redacted_end(rows: RowSource, base: Acquisition) -> Acquisition | None:
    """The acquisition as it is where the record of its last end was taken away."""
    ends = of_kind(read_redactions(rows), EntryKind.ACQUISITION_FINISHED, EntryKind.ACQUISITION_STOPPED)
    last = max(
        (item for item in ends if item.concerns == base.started_sequence),
        key=lambda item: item.redacted_sequence,
        default=None,
    )
    if last is None or _went_on(rows, base.started_sequence, last.redacted_sequence):
        return None
    return replace(
        base,
        state=AcquisitionState.REDACTED,
        finished_sequence=last.redacted_sequence,
        finished=last.written,
        reason=redacted_text(last.sequence),
    )


def _went_on(rows: RowSource, acquisition: int, end: int) -> bool:
    """Whether an acquisition was resumed after this end of it: its paths were told again."""
    sql = "SELECT 1 FROM acquisition_paths WHERE acquisition = ? AND sequence > ? LIMIT 1"
    return next(rows.query(sql, [acquisition, end]), None) is not None


def _with_manifest(rows: RowSource, ended: Acquisition, sequence: int) -> Acquisition:
    """The acquisition with what its image holds."""
    facts = read_facts(rows, sequence, AcquisitionFinished)
    return replace(ended, manifest=facts.manifest, manifest_sha256=facts.manifest_sha256, paths=facts.paths)


def find_acquisition(rows: RowSource, paths: Sequence[str]) -> Acquisition | None:
    """The acquisition whose image lies at one of these paths: the last that is complete, else the last of all."""
    sql = (
        "SELECT acquisition FROM acquisition_paths WHERE path = ? UNION SELECT acquisition FROM relocations "
        "JOIN acquisitions ON acquisitions.sequence = acquisition WHERE path = ?"
    )
    numbers = sorted(
        {record_from(_PathOf, row).acquisition for path in paths for row in rows.query(sql, [path, path])}
    )
    found = [item for number in numbers if (item := find_started(rows, number)) is not None]
    complete = [item for item in found if item.state is AcquisitionState.COMPLETE]
    return next(reversed(complete or found), None)


def find_acquired(rows: RowSource, manifest_sha256: str) -> Acquisition | None:
    """The acquisition that ended with a manifest of this SHA-256, the last of them."""
    sql = "SELECT acquisition FROM acquisition_ends WHERE manifest_sha256 = ? ORDER BY sequence DESC LIMIT 1"
    found = next(rows.query(sql, [manifest_sha256]), None)
    return find_started(rows, record_from(_PathOf, found).acquisition) if found is not None else None


def find_started(rows: RowSource, sequence: int) -> Acquisition | None:
    """The acquisition that the entry of this number started, if it is one."""
    if not 0 < sequence <= MAXIMUM_SEQUENCE:
        return None
    found = next(rows.query("SELECT 1 FROM acquisitions WHERE sequence = ?", [sequence]), None)
    return read_acquisition(rows, sequence) if found is not None else None


def is_output_recorded(rows: RowSource, path: str) -> bool:
    """Whether an image was ever started into this path, imported from it or moved there."""
    sql = (
        "SELECT 1 FROM acquisition_paths WHERE path = ? UNION SELECT 1 FROM imports WHERE path = ? "
        "UNION SELECT 1 FROM relocations WHERE path = ?"
    )
    return next(rows.query(sql, [path, path, path]), None) is not None


def read_verifications(rows: RowSource, reference: str) -> tuple[Verification, ...]:
    """The verifications of an exhibit's images, in the order of the entries."""
    found = list(rows.query("SELECT sequence FROM verifications WHERE exhibit = ? ORDER BY sequence", [reference]))
    return tuple(read_verification(rows, row["sequence"]) for row in found)


def read_verification(rows: RowSource, sequence: int) -> Verification:
    """The verification that the entry of this number records.

    Raises:
        CaseError: it records none, or its payload is not what was recorded.
    """
    facts = read_facts(rows, sequence, VerificationRecorded)
    entry = read_entry(rows, sequence)
    return Verification(
        sequence,
        entry.exhibit,
        facts.acquisition,
        entry.at,
        facts.result,
        entry.tool.version,
        entry.tool.sha256,
        entry.host,
        read_operator(rows, sequence),
    )


def count_steps(rows: RowSource) -> int:
    """How many steps the structure of the database has taken."""
    return len(read_steps(rows))


def read_steps(rows: RowSource) -> tuple[AppliedMigration, ...]:
    """The steps that the structure of the database has taken, in order."""
    return tuple(
        record_from(AppliedMigration, row) for row in rows.query('SELECT * FROM "_sqlite_migrations" ORDER BY id')
    )


def read_last_checkpoint(rows: RowSource) -> KeptCheckpoint | None:
    """The last checkpoint in the record; None where there is none yet."""
    found = next(rows.query("SELECT sequence, note FROM checkpoints ORDER BY sequence DESC LIMIT 1"), None)
    return KeptCheckpoint(found["sequence"], found["note"]) if found is not None else None
