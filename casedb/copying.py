"""The database of a case copied as of one moment, and a bundle compared with a database."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO, TypeAlias

from casedb.bundle import CHECKPOINTS, ENTRIES_FILE, entry_lines
from casedb.connection import DATABASE_ERRORS, connect_for_reading
from casedb.entry import MAXIMUM_PAYLOAD_BYTES
from image.errors import CaseError, DestinationError
from image.write_errors import describe_write_error

Line: TypeAlias = dict[str, object]
LONGEST_LINE = 2 * MAXIMUM_PAYLOAD_BYTES


def copy_database(connection: sqlite3.Connection, path: Path) -> None:
    """Copy a database page by page into a new file that is on the medium afterwards.

    Raises:
        DestinationError: the file is there already, or cannot be written.
        sqlite3.Error: the database cannot be read.
    """
    try:
        path.touch(exist_ok=False)
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = MEMORY")
            connection.backup(copy)
        with path.open("rb") as file:
            os.fsync(file.fileno())
    except OSError as error:
        raise DestinationError(f"cannot write ({describe_write_error(error)})", str(path)) from error


def compare_bundle(database: Path, bundle: Path) -> None:
    """See that a ledger written as files holds the same entries, payloads and checkpoints as a database.

    Raises:
        CaseError: it does not; names the first entry, or the checkpoint.
    """
    try:
        with closing(connect_for_reading(database)) as connection, (bundle / ENTRIES_FILE).open("rb") as file:
            for sequence, (there, here) in enumerate(zip_longest(_lines(file), entry_lines(connection)), 1):
                if there != here:
                    what = f"entry {sequence} of the exported ledger is not that of the database"
                    raise CaseError(what, str(bundle / ENTRIES_FILE))
            for sequence, note in connection.execute("SELECT sequence, note FROM checkpoints"):
                path = bundle / CHECKPOINTS / f"{sequence:06d}.txt"
                if path.read_text(encoding="utf-8") != note:
                    raise CaseError("a checkpoint of the exported ledger is not that of the database", str(path))
    except (OSError, ValueError, *DATABASE_ERRORS) as error:
        raise CaseError(f"the exported ledger cannot be read ({error})", str(bundle)) from error


def _lines(file: BinaryIO) -> Iterator[Line]:
    """The lines of an exported ledger."""
    while data := file.readline(LONGEST_LINE):
        yield json.loads(data)
