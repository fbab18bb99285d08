"""A whole case as a bag (BagIt 1.0): its database, its ledger as files, what belongs to it, images on request."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casedb.bundle import Exported
from casedb.case_files import DATABASE_FILE
from casedb.case_reader import CaseReader
from casedb.image_paths import IMAGES_FOLDER
from casedb.records import Case, CaseClosing
from image.durability import sync_folder
from image.errors import CaseError, DestinationError
from image.times import Clock
from image.write_errors import describe_write_error
from workflow.bag_opinion import require_second_opinion
from workflow.bag_writer import BagWriter
from workflow.case_contents import LEDGER_FOLDER, Selection, select_files
from workflow.case_opening import read_case
from workflow.station import program_version

PARTIAL_SUFFIX = ".partial"


@dataclass(frozen=True)
class ExportedCase:
    """A bag that was made: what is in it, and what of the case is not."""

    case: Case
    closing: CaseClosing | None
    ledger: Exported
    file_count: int
    size_bytes: int
    left_out: tuple[str, ...]
    bagit_agrees: bool

    @property
    def is_closed(self) -> bool:
        """Whether the case was closed."""
        return self.closing is not None and self.closing.is_closed


def export_case(folder: Path, destination: Path, with_images: bool, clock: Clock) -> ExportedCase:
    """Write the case into a new folder, which has its name only when it is whole.

    Raises:
        CaseError: the case cannot be read, or a file of it changed meanwhile.
        DestinationError: the destination is there already, lies in the case, or cannot be written.
    """
    _refuse_place_in(folder, destination)
    with new_folder(destination) as partial, read_case(folder) as store:
        writer = BagWriter(partial)
        chosen = select_files(folder, with_images)
        for name in chosen.names:
            writer.copy(folder / name, name)
        case, closing = store.case(), store.closing()
        writer.payload.mkdir(exist_ok=True)
        ledger = store.copy_record(writer.payload / DATABASE_FILE, writer.payload / LEDGER_FOLDER)
        writer.take_written(DATABASE_FILE)
        writer.take_written(LEDGER_FOLDER)
        _require_recorded(store, writer)
        left_out = (*chosen.left_out, *_elsewhere(store, chosen, with_images))
        writer.finish(_facts(case, clock))
        agrees = require_second_opinion(partial, writer.files)
    size_bytes = sum(item.size_bytes for item in writer.files.values())
    return ExportedCase(case, closing, ledger, len(writer.files), size_bytes, left_out, agrees)


@contextmanager
def new_folder(destination: Path) -> Iterator[Path]:
    """A folder beside its place that gets its name behind the `with` block; if the block raises, nothing is left.

    Raises:
        DestinationError: something bears the name already, or the system refuses.
    """
    partial = destination.with_name(destination.name + PARTIAL_SUFFIX)
    try:
        _refuse_existing(destination)
        partial.mkdir(parents=True)
    except OSError as error:
        raise DestinationError(f"cannot make the folder ({describe_write_error(error)})", str(partial)) from error
    try:
        yield partial
        _refuse_existing(destination)
        for folder in (partial, *(path for path in partial.rglob("*") if path.is_dir())):
            sync_folder(folder)
        partial.rename(destination)
        sync_folder(destination.parent)
    except OSError as error:
        raise DestinationError(f"cannot write ({describe_write_error(error)})", str(destination)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _refuse_existing(destination: Path) -> None:
    """Nothing is overwritten."""
    if destination.is_symlink() or destination.exists():
        raise DestinationError("there is something of this name", str(destination), "Give another folder")


def _refuse_place_in(folder: Path, destination: Path) -> None:
    """A copy of the case inside itself would be part of the next one."""
    if destination.resolve().is_relative_to(folder.resolve()):
        raise DestinationError("the export would lie in the case itself", str(destination), "Give another folder")


def _require_recorded(store: CaseReader, writer: BagWriter) -> None:
    """What goes into the bag is what the record holds of it: a damaged report or segment is not handed on.

    Raises:
        CaseError: a file differs.
    """
    copied = {name.partition("/")[2]: item.digests["sha256"] for name, item in writer.files.items()}
    for item in store.recorded_files():
        if copied.get(item.path, item.sha256) != item.sha256:
            what = f"the {item.what} is not the one that entry {item.entry} recorded"
            raise CaseError(what, str(store.folder / item.path), "See what it is: diskwitness ledger verify")


def _elsewhere(store: CaseReader, chosen: Selection, with_images: bool) -> Iterator[str]:
    """The recorded files that are not in the bag although they were asked for."""
    there = set(chosen.names)
    for path in dict.fromkeys(item.path for item in store.recorded_files()):
        is_wanted = with_images or not (path.startswith(f"{IMAGES_FOLDER}/") or Path(path).is_absolute())
        if is_wanted and path not in there:
            yield f"{path}: recorded, and not in the case folder"


def _facts(case: Case, clock: Clock) -> list[tuple[str, str | None]]:
    """What bag-info.txt says (RFC 8493, section 2.2.2)."""
    return [
        ("Source-Organization", case.agency),
        ("External-Identifier", case.number),
        ("Internal-Sender-Identifier", case.ledger_id),
        ("Internal-Sender-Description", "A case of diskwitness: check it with `diskwitness case import`"),
        ("Bagging-Date", clock.now().utc[:10]),
        ("Bag-Software-Agent", f"diskwitness {program_version()}"),
    ]
