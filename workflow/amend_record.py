"""Corrections and redactions: new entries about old ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casedb.amendment_writer import RedactionDone, RedactionPlan
from casedb.attachments import ATTACHMENTS_FOLDER
from casedb.entry import EntryKind
from casedb.facts import Corrected
from casedb.image_paths import IMAGES_FOLDER, REPORTS_FOLDER
from casedb.records import Case, CustodyEvent, CustodyKind, CustodyWarning, Exhibit, Person, Role
from image.errors import UsageError
from image.times import Clock, Instant
from workflow.case_opening import read_case, write_case
from workflow.hand_over import new_roles

OUT_OF_REACH = (
    "exported bundles, exported cases, backups and copies of the case that were made before",
    "checkpoints and receipts that were handed out (they hold no payload, receipts name people)",
    "the free space of the disk, where deleted journals and files lay",
)


@dataclass(frozen=True)
class CustodyCorrected:
    """A custody event as it stands now, the entry that corrected it, and what is odd about the chain."""

    event: CustodyEvent
    sequence: int
    warnings: tuple[CustodyWarning, ...]


@dataclass(frozen=True)
class Redacted:
    """What was taken away, and the files of the case that it does not reach."""

    done: RedactionDone
    files: tuple[str, ...]


def correct_custody(
    case_folder: Path, sequence: int, because: str, told: Mapping[str, str | None], at: Instant | None, clock: Clock
) -> CustodyCorrected:
    """Record that a custody event should have been told otherwise.

    Raises:
        UsageError: no such event, or nothing that can be corrected.
        CaseError: the case cannot be used.
    """
    facts = Corrected(sequence, because, dict(told), at)
    with write_case(case_folder, clock) as store:
        number = store.correct(facts, (EntryKind.CUSTODY_RECORDED,), new_roles(_kind_of(told)))
        exhibit = store.entry_exhibit(number)
        record = store.exhibit_record(exhibit)
    event = next(item for item in (*record.custody, *record.withdrawn) if item.sequence == sequence)
    return CustodyCorrected(event, number, record.custody_warnings)


def _kind_of(told: Mapping[str, str | None]) -> CustodyKind:
    """The kind that a correction tells, or one as good as any."""
    named = told.get("kind")
    return CustodyKind(named) if named else CustodyKind.TRANSFER


def correct_exhibit(
    case_folder: Path, reference: str, because: str, told: Mapping[str, str | None], clock: Clock
) -> tuple[Exhibit, int]:
    """Record that an exhibit should have been described otherwise; with the number of the correction.

    Raises:
        UsageError: no such exhibit, or nothing that can be corrected.
        CaseError: the case cannot be used.
    """
    with write_case(case_folder, clock) as store:
        sequence = store.exhibit(reference).sequence
        number = store.correct(Corrected(sequence, because, dict(told)), (EntryKind.EXHIBIT_ADDED,))
        return store.exhibit(reference), number


def correct_case(case_folder: Path, because: str, told: Mapping[str, str | None], clock: Clock) -> tuple[Case, int]:
    """Record that the case should have been described otherwise; with the number of the correction.

    Raises:
        UsageError: nothing that can be corrected.
        CaseError: the case cannot be used.
    """
    with write_case(case_folder, clock) as store:
        facts = Corrected(store.case_sequence(), because, dict(told))
        number = store.correct(facts, (EntryKind.CASE_CREATED,), {"examiner": Role.EXAMINER})
        return store.case(), number


def correct_person(
    case_folder: Path, name_or_id: str, because: str, told: Mapping[str, str | None], clock: Clock
) -> tuple[Person, int]:
    """Record that a person should have been described otherwise; with the number of the correction.

    Raises:
        UsageError: nobody of this name or id, or nothing that can be corrected.
        CaseError: the case cannot be used.
    """
    with write_case(case_folder, clock) as store:
        person = store.known_person(name_or_id)
        facts = Corrected(int(person.person_id[1:]), because, dict(told))
        number = store.correct(facts, (EntryKind.PERSON_ADDED,))
        return store.known_person(person.person_id), number


def plan_redaction(case_folder: Path, sequences: Sequence[int]) -> RedactionPlan:
    """What a redaction would come to; nothing is changed.

    Raises:
        UsageError: an entry that is not there, cannot be redacted, or was.
        CaseError: the case cannot be used.
    """
    with read_case(case_folder) as store:
        return store.plan_redaction(sequences)


def redact(case_folder: Path, sequences: Sequence[int], authority: str, because: str, clock: Clock) -> Redacted:
    """Take the payloads of these entries away for good, and say which files may still tell what they told.

    Raises:
        UsageError: an entry that is not there, cannot be redacted, or was; then nothing is taken away.
        CaseError: the case cannot be used.
    """
    if not sequences:
        raise UsageError("no entry to redact")
    with write_case(case_folder, clock) as store:
        done = store.redact(sequences, authority, because)
    return Redacted(done, tuple(_files_out_of_reach(case_folder)))


def _files_out_of_reach(case_folder: Path) -> Iterable[str]:
    """The folders of the case whose files were written before and are never changed."""
    about = {
        REPORTS_FOLDER: "reports that were issued",
        IMAGES_FOLDER: "manifests and logs beside images",
        ATTACHMENTS_FOLDER: "files attached to exhibits",
    }
    for name, told in about.items():
        folder = case_folder / name
        if folder.is_dir() and any(folder.iterdir()):
            yield f"{told}, in {name}/"
