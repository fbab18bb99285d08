"""The record as it was: a case in memory, made again from the first entries of its ledger and from nothing else."""

import sqlite3

from casedb.case_reader import CaseReader
from casedb.connection import DATABASE_ERRORS
from casedb.schema import expected_schema, migrations_table_sql, steps
from casedb.upgrade import fill, rows_in
from image.errors import CaseError
from image.failure_guard import closed_on_failure

_LEDGER = ("entries", "payloads")
_CHECKPOINTS = "checkpoints"


def record_as_of(case: CaseReader, size: int) -> CaseReader:
    """The case as it stood after its first `size` entries; nothing can be told to it. Close it.

    What was redacted since is missing in it.

    Raises:
        CaseError: the ledger has fewer entries, or one of them cannot be read.
    """
    head = case.head()
    if not 0 < size <= head.size:
        raise CaseError(f"the ledger has {head.size} entries, not {size}", str(case.folder))
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        with closed_on_failure(memory):
            _make(memory, case, size)
            return CaseReader(case.folder, memory, rows_in(memory))
    except DATABASE_ERRORS as error:
        raise CaseError(f"the record cannot be made again ({error})", str(case.folder)) from error


def _make(memory: sqlite3.Connection, case: CaseReader, size: int) -> None:
    """The structure of a case, the first entries of its ledger, and the tables that come of them."""
    for sql in (migrations_table_sql(), *(step.sql for step in steps())):
        memory.executescript(sql)
    case.copy_ledger(memory, size)
    tables = {item.name for item in expected_schema(steps()) if item.kind == "table"}
    fill(memory, tables - {*_LEDGER, _CHECKPOINTS})
