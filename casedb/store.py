"""Cases made and opened.

A case is a folder: `case.db`, `images/`, `reports/`, `checkpoints/`, and `case.lock`, at which writers queue.
"""

import os
import secrets
import sqlite3
import uuid
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from casedb.case_files import DATABASE_FILE, LOCK_FILE
from casedb.case_store import CaseStore
from casedb.checkpoint_copies import keep_copy
from casedb.checkpointing import GetSigner
from casedb.closing import ADVICE, closed_by, refuse_closed
from casedb.connection import (
    DATABASE_ERRORS,
    connect_for_making,
    connect_for_reading,
    connect_for_writing,
    refuse_network_folder,
    require_known_structure,
    schema_version,
)
from casedb.entry import EntryKind
from casedb.facts import CaseCreated, LedgerOpened, person_id
from casedb.image_paths import CHECKPOINTS_FOLDER, IMAGES_FOLDER, REPORTS_FOLDER
from casedb.keys import workstation_signer
from casedb.ledger import Ledger, Writer, transaction
from casedb.ledger_reading import read_ledger_id
from casedb.locking import locked
from casedb.references import require_usable_text
from casedb.schema import APPLICATION_ID, steps
from casedb.submissions import Actor, NewCase
from casedb.upgrade import rows_in, take_steps, upgrade
from image.durability import sync_folder
from image.errors import CaseError
from image.failure_guard import closed_on_failure
from image.times import Clock

__all__ = ["CaseStore", "create_case", "open_case"]


def create_case(
    folder: Path, facts: NewCase, actor: Actor, clock: Clock, environment: Mapping[str, str] | None = None
) -> CaseStore:
    """Make a case folder and open it; `case.db` appears whole, with its first entry, or not at all.

    Raises:
        UsageError: a case number or examiner that says nothing.
        CaseError: there is a case already, the folder cannot be used, or the workstation's key cannot.
    """
    folder = Path(os.path.realpath(folder))
    require_usable_text("case number", facts.number)
    require_usable_text("name of the examiner", facts.examiner.name)
    refuse_network_folder(folder)
    environment = os.environ if environment is None else environment
    writer = Writer(str(uuid.uuid4()), actor, clock, workstation_signer(environment))
    writer.signer()
    try:
        for name in (IMAGES_FOLDER, REPORTS_FOLDER, CHECKPOINTS_FOLDER):
            (folder / name).mkdir(parents=True, exist_ok=True)
        with locked(folder / LOCK_FILE):
            _refuse_second_case(folder)
            _make_database(folder, facts, writer)
    except (sqlite3.Error, OSError) as error:
        raise CaseError(f"cannot make the case ({error})", str(folder)) from error
    return open_case(folder, actor=actor, clock=clock, environment=environment)


def open_case(
    folder: Path,
    *,
    actor: Actor | None = None,
    clock: Clock | None = None,
    read_only: bool = False,
    while_closed: bool = False,
    environment: Mapping[str, str] | None = None,
) -> CaseStore:
    """Open the case in this folder; without actor and clock, or with `read_only`, nothing can be told to it.

    The environment says where the workstation's key lies. `while_closed` opens a closed case for writing too, for
    the few entries that it takes.

    Raises:
        CaseError: no case, one of a newer version, altered, on a network file system, not readable or writable, or
            closed.
    """
    folder = Path(os.path.realpath(folder))
    path = folder / DATABASE_FILE
    refuse_network_folder(folder)
    if not path.is_file():
        raise CaseError("no case here", str(folder), "Make one with: diskwitness case create DIR --number N")
    try:
        if read_only or actor is None or clock is None:
            return _open_for_reading(folder, path)
        if not while_closed:
            _refuse_closed(path)
        signer = workstation_signer(os.environ if environment is None else environment)
        return _open_for_writing(folder, path, actor, clock, signer)
    except (*DATABASE_ERRORS, OSError) as error:
        raise CaseError(f"cannot open the case ({error})", str(path)) from error


def _open_for_reading(folder: Path, path: Path) -> CaseStore:
    """An open case to which nothing can be told."""
    connection = connect_for_reading(path)
    with closed_on_failure(connection):
        version = schema_version(connection, path)
        require_known_structure(connection, path, version)
        if version < len(steps()):
            is_closed = closed_by(connection) is not None
            do = ADVICE if is_closed else "Open it for writing once, on a local disk"
            raise CaseError("a case of an older version", str(path), do)
        return CaseStore(folder, connection, rows_in(connection))


def _refuse_closed(path: Path) -> None:
    """Refuse a closed case before anything is tried: its file cannot be written either."""
    with closing(connect_for_reading(path)) as connection:
        refuse_closed(connection, str(path))


def _open_for_writing(folder: Path, path: Path, actor: Actor, clock: Clock, signer: GetSigner) -> CaseStore:
    """An open case, its structure brought up to date."""
    if not os.access(path, os.W_OK) or not os.access(folder, os.W_OK):
        raise CaseError("the case cannot be written to", str(path), "Only reading and verifying work")
    connection = connect_for_writing(path)
    with closed_on_failure(connection):
        require_known_structure(connection, path, schema_version(connection, path))
        database = rows_in(connection)
        writer = Writer(read_ledger_id(database), actor, clock, signer)
        ledger = Ledger(connection, folder / LOCK_FILE, writer)
        upgrade(database, ledger, clock, steps())
        return CaseStore(folder, connection, database, ledger)


def _refuse_second_case(folder: Path) -> None:
    """One folder, one case."""
    if (folder / DATABASE_FILE).exists():
        raise CaseError("there is a case here already", str(folder), "Choose another folder")


def _make_database(folder: Path, facts: NewCase, writer: Writer) -> None:
    """Make `case.db` under another name and give it its own when it is whole and on the disk."""
    draft = folder / f".{DATABASE_FILE}.{secrets.token_hex(8)}"
    try:
        with closing(connect_for_making(draft)) as connection, transaction(connection):
            migrations = take_steps(rows_in(connection), steps(), writer.clock)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            ledger = Ledger(connection, folder / LOCK_FILE, writer)
            ledger.append(EntryKind.LEDGER_OPENED, LedgerOpened(writer.signer().key, migrations))
            examiner = person_id(ledger.append(EntryKind.PERSON_ADDED, facts.examiner))
            ledger.append(EntryKind.CASE_CREATED, _case_facts(facts, examiner))
        draft.rename(folder / DATABASE_FILE)
        sync_folder(folder)
        if (made := ledger.take_made()) is not None:
            keep_copy(folder, made)
    finally:
        draft.unlink(missing_ok=True)


def _case_facts(case: NewCase, examiner: str) -> CaseCreated:
    """The case as the ledger keeps it, its examiner by id."""
    return CaseCreated(
        number=case.number,
        examiner=examiner,
        agency=case.agency,
        title=case.title,
        description=case.description,
        legal_authority=case.legal_authority,
    )
