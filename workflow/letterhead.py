"""The laboratory's head for a report, its picture read from a file."""

from pathlib import Path

from image.errors import UsageError
from report.document import Letterhead
from workflow.laboratory import Laboratory

MAXIMUM_LOGO_BYTES = 8 * 1024 * 1024


def read_letterhead(laboratory: Laboratory) -> Letterhead:
    """The laboratory's head for a report, its picture read.

    Raises:
        UsageError: the picture cannot be read or is too large.
    """
    head = laboratory.letterhead
    logo = _read_logo(Path(head.logo)) if head.logo else None
    return Letterhead(laboratory.agency, head.address, head.accreditation, logo)


def _read_logo(path: Path) -> bytes:
    """The bytes of the logo."""
    try:
        with path.open("rb") as file:
            content = file.read(MAXIMUM_LOGO_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read the laboratory's logo ({error.strerror or error})", str(path)) from error
    if len(content) > MAXIMUM_LOGO_BYTES:
        raise UsageError("the laboratory's logo is too large", str(path), f"At most {MAXIMUM_LOGO_BYTES} bytes")
    return content
