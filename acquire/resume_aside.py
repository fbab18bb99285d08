"""Files of an image that nothing vouches for: moved into a folder of their own, never deleted."""

import os
from itertools import count
from pathlib import Path

from acquire.destination import existing_files
from image.durability import sync_folder
from image.errors import DestinationError
from image.sidecars import Sidecar


def set_aside(output: Path) -> Path:
    """Move every file of the image `output`, given without extension, into `JB1.stale-N` beside it.

    Raises:
        DestinationError: the system could not; no file is lost.
    """
    try:
        folder = _new_folder(output)
        for path in _files(output):
            path.rename(folder / path.name)
        sync_folder(folder)
        sync_folder(output.parent)
    except OSError as error:
        what = f"its files cannot be set aside ({error.strerror or error})"
        raise DestinationError(what, str(output), "Move them away by hand") from error
    return folder


def _new_folder(output: Path) -> Path:
    """The first `JB1.stale-N` that is not there yet, made."""
    for number in count(1):
        folder = output.with_name(f"{output.name}.stale-{number}")
        if not os.path.lexists(folder):
            folder.mkdir()
            return folder
    raise AssertionError("numbers do not end")


def _files(output: Path) -> tuple[Path, ...]:
    """The files, and a journal that was being replaced."""
    journal = Sidecar.JOURNAL.beside(output)
    fresh = journal.with_name(journal.name + ".new")
    return (*existing_files(output), *([fresh] if os.path.lexists(fresh) else []))
