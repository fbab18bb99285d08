"""Opening the SQLite file of a case: settings for every connection, and what is refused."""

import sqlite3
from pathlib import Path

from casedb.entry import MAXIMUM_PAYLOAD_BYTES
from casedb.schema import APPLICATION_ID, foreign_objects, missing_objects, steps
from image.errors import CaseError
from image.mounts import NETWORK_FILE_SYSTEMS, mount_above, read_mounts

BUSY_SECONDS = 30.0

# A damaged file can put anything into a text, or into SQLite's own message, that Python then fails to decode.
DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)

_MAXIMUM_VALUE_BYTES = MAXIMUM_PAYLOAD_BYTES + 1024 * 1024

_ALWAYS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
)

_FIRST_LOOK = "SELECT count(*) FROM sqlite_schema"

_FOR_WRITING = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA secure_delete = ON",
)


def refuse_network_folder(folder: Path) -> None:
    """Refuse a folder on a share: SQLite's locks do not hold between machines, so two honest writers could tear it.

    Raises:
        CaseError: names the file system.
    """
    mount = mount_above(folder, read_mounts())
    if mount is not None and mount.file_system in NETWORK_FILE_SYSTEMS:
        what = f"a case cannot live on a network file system ({mount.file_system})"
        raise CaseError(what, str(folder), "Use a local disk")


def connect_for_making(path: Path) -> sqlite3.Connection:
    """A connection that makes the file, with the settings of the ledger.

    Raises:
        sqlite3.Error: SQLite cannot make the file.
    """
    return _with_settings(_connect(path, "rwc"), (*_ALWAYS, *_FOR_WRITING))


def connect_for_writing(path: Path) -> sqlite3.Connection:
    """A connection that writes, with the settings of the ledger; never makes the file.

    Raises:
        sqlite3.Error, UnicodeDecodeError: SQLite cannot use the file.
    """
    return _with_settings(_connect(path, "rw"), (*_ALWAYS, *_FOR_WRITING))


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that only reads; where a crash left a journal, SQLite first rolls it back.

    Raises:
        sqlite3.Error, UnicodeDecodeError: SQLite cannot use the file.
    """
    try:
        return _with_settings(_connect(path, "ro"), (*_ALWAYS, _FIRST_LOOK))
    except sqlite3.OperationalError:
        return _with_settings(_connect(path, "rw"), (*_ALWAYS, "PRAGMA query_only = ON", _FIRST_LOOK))


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that leaves transactions to its user and bounds what one value may hold."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAXIMUM_VALUE_BYTES)
    return connection


def _with_settings(connection: sqlite3.Connection, settings: tuple[str, ...]) -> sqlite3.Connection:
    """The same connection with these settings, or closed where one of them fails."""
    try:
        for setting in settings:
            connection.execute(setting).fetchall()
    except DATABASE_ERRORS:
        connection.close()
        raise
    return connection


def schema_version(connection: sqlite3.Connection, path: Path) -> int:
    """How many steps the structure of the file has taken.

    Raises:
        CaseError: not a case database, or one of a newer version.
    """
    application_id = int(connection.execute("PRAGMA application_id").fetchone()[0])
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if application_id != APPLICATION_ID or version < 1:
        raise CaseError("not a case database", str(path))
    if version > len(steps()):
        told = f"a case of a newer version (structure {version}, this program knows {len(steps())})"
        raise CaseError(told, str(path), "Use a newer diskwitness")
    return version


def require_known_structure(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Refuse a database whose tables or triggers are not those this program made.

    Raises:
        CaseError: names the objects.
    """
    known = steps()[:version]
    wrong = {item.name for item in (*foreign_objects(connection, known), *missing_objects(connection, known))}
    if wrong:
        names = ", ".join(ascii(name) for name in sorted(wrong)[:5])
        raise CaseError(
            f"the case database was altered ({names})", str(path), "See what it is: diskwitness ledger verify"
        )
