"""The files attached to exhibits, compared with what a sound ledger holds of them."""

from pathlib import Path

from casedb.attachment_check import CheckedAttachment, FileState, check_attachments
from image.errors import CaseError
from workflow.case_opening import read_case


def check_attached_files(case_folder: Path) -> tuple[CheckedAttachment, ...]:
    """Every attached file against its record; none in a case of a version that knew of none."""
    try:
        with read_case(case_folder) as store:
            attachments = store.attachments()
    except CaseError:
        return ()
    return check_attachments(case_folder, attachments)


def require_unaltered(checked: tuple[CheckedAttachment, ...]) -> None:
    """See that no attached file differs from its record.

    Raises:
        CaseError: names the first that does.
    """
    altered = [item for item in checked if item.state is FileState.DIFFERS]
    if altered:
        first = altered[0].attachment
        what = f"{len(altered)} attached file{'s are' if len(altered) > 1 else ' is'} not what was recorded"
        raise CaseError(what, f"{first.file} (entry {first.sequence})", "Keep it as it is, and find out why")
