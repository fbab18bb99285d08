"""A new file that is whole or not there: written beside its place, synced, then given its name."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from image.durability import sync_folder
from image.errors import DestinationError

PARTIAL_SUFFIX = ".partial"


@contextmanager
def new_file(path: Path, content: bytes) -> Iterator[None]:
    """Write a file beside `path` before the `with` block and give it its name behind it.

    If the block raises, nothing is left; a file that is there already is never replaced.

    Raises:
        DestinationError: the file exists, or the system refuses to write it.
    """
    partial = path.with_name(path.name + PARTIAL_SUFFIX)
    _refuse_existing(path)
    _write_synced(partial, content)
    try:
        yield
        _refuse_existing(path)
        partial.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        partial.unlink(missing_ok=True)


def _refuse_existing(path: Path) -> None:
    """Raise DestinationError where something bears this name."""
    if os.path.lexists(path):
        raise DestinationError("the file exists already", str(path), "Choose another name; nothing is overwritten")


def _write_synced(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the medium; one that cannot be finished is removed."""
    try:
        file = path.open("xb")
    except OSError as error:
        raise _refused(path, error) from error
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> DestinationError:
    """The system's refusal as an error of ours."""
    return DestinationError(f"the file cannot be written ({error.strerror or error})", str(path))
