"""Copies of checkpoints as files in the case folder's `checkpoints/`, named by their number of entries."""

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from casedb.checkpoint_check import Copy, read_copy
from casedb.image_paths import CHECKPOINTS_FOLDER
from casedb.records import KeptCheckpoint
from casedb.signed_note import MAXIMUM_NOTE_BYTES
from image.bounded_files import read_bounded
from image.errors import ImageNotReadError

FILE_MODE = 0o444


def keep_copy(folder: Path, checkpoint: KeptCheckpoint) -> bool:
    """Write a checkpoint below the case folder; whether it is there now. The database has it in any case.

    A file that is there already stays as it is: whether it says the same is for `ledger verify`.
    """
    path = folder / CHECKPOINTS_FOLDER / f"{checkpoint.size:06d}.txt"
    draft = path.with_suffix(".new")
    try:
        if not path.exists():
            draft.write_text(checkpoint.note, encoding="utf-8")
            draft.chmod(FILE_MODE)
            draft.replace(path)
    except OSError:
        return False
    return True


def copies_in(folder: Path) -> Iterator[Copy | str]:
    """The copies below a case folder, each with its path in it; of one that is no checkpoint, why."""
    for path in sorted((folder / CHECKPOINTS_FOLDER).glob("*.txt"), key=attrgetter("name")):
        where = f"{CHECKPOINTS_FOLDER}/{path.name}"
        try:
            yield read_copy(where, read_bounded(path, MAXIMUM_NOTE_BYTES, "checkpoint"))
        except (ValueError, ImageNotReadError) as error:
            yield f"{where}: {error}"
