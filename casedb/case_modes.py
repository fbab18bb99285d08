"""The files of a closed case lose their write permission. That is against accidents: the rule is the ledger's."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from stat import S_IMODE, S_ISREG, S_IWGRP, S_IWOTH, S_IWUSR

from casedb.attachments import ATTACHMENTS_FOLDER
from casedb.case_files import DATABASE_FILE
from casedb.closing import closed_by
from casedb.connection import connect_for_reading
from casedb.image_paths import CHECKPOINTS_FOLDER, REPORTS_FOLDER
from image.write_errors import NO_PERMISSION_BITS

KEPT_FOLDERS = (REPORTS_FOLDER, ATTACHMENTS_FOLDER, CHECKPOINTS_FOLDER)
WRITE_BITS = S_IWUSR | S_IWGRP | S_IWOTH


def protect(folder: Path) -> None:
    """Take the write permission from the database and from what was issued; images have none anyway.

    Raises:
        OSError: the system refuses.
    """
    _change(folder / DATABASE_FILE, 0, WRITE_BITS)
    for name in KEPT_FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            _change(path, 0, WRITE_BITS)


@contextmanager
def lifted(folder: Path) -> Iterator[None]:
    """Let the database be written meanwhile; if the case is closed afterwards, it is protected again.

    Raises:
        OSError: the system refuses.
    """
    database = folder / DATABASE_FILE
    _change(database, S_IWUSR, 0)
    try:
        yield
    finally:
        with closing(connect_for_reading(database)) as connection:
            is_closed = closed_by(connection) is not None
        if is_closed:
            _change(database, 0, WRITE_BITS)


def _change(path: Path, added: int, taken: int) -> None:
    """Change the permissions of a regular file; links are left alone, and file systems without permissions."""
    found = path.lstat()
    wanted = S_IMODE(found.st_mode) & ~taken | added
    if not S_ISREG(found.st_mode) or wanted == S_IMODE(found.st_mode):
        return
    try:
        os.chmod(path, wanted)  # noqa: PTH101  # lstat has shown that it is no link
    except OSError as error:
        if error.errno not in NO_PERMISSION_BITS:
            raise
