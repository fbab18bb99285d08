"""The record as it was: a case in memory, made again from the first entries of its ledger and from nothing else."""

import sqlite3

from casedb.case_reader import CaseReader
from casedb.connection import DATABASE_ERRORS
from casedb.schema import expected_schema, migrations_table_sql, steps
from casedb.upgrade import fill, rows_in
from image.errors import CaseError

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
        _make(memory)
        case.copy_ledger(memory, size)
        tables = {item.name for item in expected_schema(steps()) if item.kind == "table"}
        fill(memory, tables - {*_LEDGER, _CHECKPOINTS})
    except DATABASE_ERRORS as error:
        memory.close()
        raise CaseError(f"the record cannot be made again ({error})", str(case.folder)) from error
    except BaseException:
        memory.close()
        raise
    return CaseReader(case.folder, memory, rows_in(memory))


def _make(memory: sqlite3.Connection) -> None:
    """The structure of a case, empty."""
    for sql in (migrations_table_sql(), *(step.sql for step in steps())):
        memory.executescript(sql)
