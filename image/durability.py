"""What makes files stay: names written to the medium, finished files read-only."""

import os
from pathlib import Path

from image.write_errors import NO_PERMISSION_BITS


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable.

    Raises:
        OSError: the system could not.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_read_only(descriptor: int) -> None:
    """Take the write permission from a file, where its file system keeps permissions.

    Raises:
        OSError: the system could not.
    """
    set_mode(descriptor, 0o444)


def set_mode(descriptor: int, mode: int) -> None:
    """Set the permissions of a file, where its file system keeps permissions.

    Raises:
        OSError: the system could not.
    """
    try:
        os.fchmod(descriptor, mode)
    except OSError as error:
        if error.errno not in NO_PERMISSION_BITS:
            raise
