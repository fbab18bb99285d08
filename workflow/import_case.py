"""A case from a bag: everything in it checked first, then in its place whole, or nothing of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from casedb.case_files import DATABASE_FILE
from casedb.case_modes import protect
from casedb.checkpoint import decode_checkpoint
from casedb.checkpoint_check import Copy, read_copy
from casedb.connection import refuse_network_folder
from casedb.copying import compare_bundle
from casedb.image_paths import CHECKPOINTS_FOLDER, IMAGES_FOLDER, REPORTS_FOLDER
from casedb.ledger_check import LedgerCheck, check_ledger
from casedb.recorded_files import FileState, RecordedFile, states_of
from casedb.records import Case, CaseClosing
from casedb.registry import known_cases
from image.errors import CaseError
from workflow.bag_opinion import require_second_opinion
from workflow.bag_reader import FoundBag, look_at_bag
from workflow.case_contents import LEDGER_FOLDER, foreign_names
from workflow.case_opening import read_case
from workflow.digesting_copy import copy_file
from workflow.export_case import new_folder

NOT_ONE = frozenset({"ledger-rewritten", "ledger-shortened"})


@dataclass(frozen=True)
class ImportedCase:
    """A case that was imported: what its ledger's check found, and which recorded files were not in the bag."""

    case: Case
    closing: CaseClosing | None
    check: LedgerCheck
    file_count: int
    not_here: tuple[RecordedFile, ...]
    also_at: tuple[Path, ...]


def import_case(bag: Path, folder: Path, copies: Sequence[Copy]) -> ImportedCase:
    """Check a bag wholly, also against copies of checkpoints, and let it be the case in this new folder.

    Raises:
        CaseError: the bag, its ledger or a file in it is not what was written; nothing is left then.
        DestinationError: the folder is there already, or cannot be written.
    """
    refuse_network_folder(folder.parent)
    found = look_at_bag(bag)
    names = {path: path.partition("/")[2] for path in found.payload}
    _require_case(bag, names.values())
    require_second_opinion(bag, found.payload)
    known = _known_copies(folder)
    with new_folder(folder) as partial:
        digests = _copy(found, names, partial)
        check = _checked_ledger(partial, copies)
        compare_bundle(partial / DATABASE_FILE, partial / LEDGER_FOLDER)
        _discard_bundle(partial / LEDGER_FOLDER)
        with read_case(partial) as store:
            case, closing, recorded = store.case(), store.closing(), store.recorded_files()
        not_here = _require_recorded(recorded, digests)
        elsewhere = tuple(place for place, ledger_id in known if ledger_id == case.ledger_id)
        for place in elsewhere:
            _refuse_fork(place, partial, check)
        for name in (IMAGES_FOLDER, REPORTS_FOLDER, CHECKPOINTS_FOLDER):
            (partial / name).mkdir(exist_ok=True)
        if closing is not None and closing.is_closed:
            protect(partial)
    return ImportedCase(case, closing, check, len(digests), not_here, elsewhere)


def _require_case(bag: Path, names: Collection[str]) -> None:
    """The payload is that of a case, and nothing else.

    Raises:
        CaseError: it is not.
    """
    if foreign := foreign_names(names):
        raise CaseError("a file in the bag that is no part of a case", f"{bag / 'data' / foreign[0]}")
    if DATABASE_FILE not in names or not any(name.startswith(f"{LEDGER_FOLDER}/") for name in names):
        raise CaseError("a bag without a case", str(bag), "`diskwitness case export` makes one")


def _copy(found: FoundBag, names: dict[str, str], folder: Path) -> dict[str, str]:
    """Copy the payload, each file compared with the manifests; gives the SHA-256 of each.

    Raises:
        CaseError: a file is not as listed.
    """
    digests: dict[str, str] = {}
    for path, name in names.items():
        copied = copy_file(found.folder / path, folder / name)
        for algorithm, listed in found.payload[path].items():
            if copied.digests[algorithm] != listed:
                raise CaseError(f"a file of the bag is not as listed ({algorithm})", str(found.folder / path))
        digests[name] = copied.digests["sha256"]
    return digests


def _checked_ledger(folder: Path, copies: Sequence[Copy]) -> LedgerCheck:
    """The ledger's check, which must find it sound.

    Raises:
        CaseError: it does not; names the first bad entry and what was found.
    """
    check = check_ledger(folder, copies)
    if not check.is_sound:
        first = check.failures[0]
        place = f"entry {check.first_bad_entry}" if check.first_bad_entry else DATABASE_FILE
        raise CaseError(f"the record in the bag is not what was written ({first.finding.detail})", place)
    return check


def _discard_bundle(folder: Path) -> None:
    """The ledger as files was there to be compared; the database holds it."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def _require_recorded(recorded: Sequence[RecordedFile], digests: dict[str, str]) -> tuple[RecordedFile, ...]:
    """Every recorded file that came is as recorded; gives those that did not come.

    Raises:
        CaseError: one differs.
    """
    states = tuple(states_of(recorded, digests.get))
    for item, state in states:
        if state is FileState.DIFFERS:
            raise CaseError(f"the {item.what} is not the one that entry {item.entry} recorded", item.path)
    return tuple(item for item, state in states if state is FileState.NOT_HERE)


def _known_copies(folder: Path) -> tuple[tuple[Path, str], ...]:
    """The cases that this workstation has elsewhere, by their ledger."""
    known = (item for item in known_cases() if item.case is not None and item.folder != folder.resolve())
    return tuple((item.folder, item.case.ledger_id) for item in known if item.case is not None)


def _refuse_fork(place: Path, imported: Path, check: LedgerCheck) -> None:
    """One of two copies of a ledger must go on from the other.

    Raises:
        CaseError: both went on, each its own way.
    """
    with read_case(place) as store:
        here = store.last_checkpoint()
    theirs = check.last_checkpoint
    if here is None or theirs is None:
        return
    size = decode_checkpoint(theirs.text).size
    longer, shorter = (imported, here.note) if size >= here.size else (place, str(theirs))
    compared = check_ledger(longer, [read_copy("the shorter one", shorter.encode())])
    if {item.finding.code for item in compared.failures} & NOT_ONE:
        what = "this ledger and the copy of it on this workstation are not one: both went on, or one was rewritten"
        raise CaseError(what, str(place), "Compare both with checkpoints kept elsewhere: diskwitness ledger verify")
