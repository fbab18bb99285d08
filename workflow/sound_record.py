"""Whether what a document would be printed from is what the ledger makes, asked before anything is printed."""

from pathlib import Path

from casedb.ledger_check import check_ledger
from image.errors import CaseError


def require_sound_record(case_folder: Path) -> None:
    """See that the tables a report is printed from are those that the ledger makes.

    Raises:
        CaseError: they are not, or the ledger itself is broken.
    """
    check = check_ledger(case_folder)
    if not check.is_sound:
        entry = check.first_bad_entry
        where = f"{case_folder}, entry {entry}" if entry else str(case_folder)
        raise CaseError("the record is not what was written", where, "Run `diskwitness ledger verify`")
