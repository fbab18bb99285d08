"""A conversion that did not reach its end stands at an output: it is begun anew and never gone on with."""

from collections.abc import Iterable
from pathlib import Path

from acquire.resume_journal import UnusableJournalError, read_journal
from acquire.resume_look import Look
from image.errors import DestinationError, UsageError
from image.sidecars import Sidecar

BEGIN_ANEW = "A conversion is begun anew: convert to another --output"


def refuse_conversion(look: Look) -> None:
    """See that what is to be gone on with is no conversion.

    Raises:
        UsageError: it is one.
    """
    if look.journal is not None and look.journal.job.converted_from is not None:
        raise UsageError("a conversion that did not reach its end stands there", str(look.output), BEGIN_ANEW)


def unfinished_conversion(outputs: Iterable[Path]) -> DestinationError | None:
    """The error for an output that holds a conversion which is not at its end; None where none does."""
    for output in outputs:
        path = Sidecar.JOURNAL.beside(output)
        if not path.is_file():
            continue
        try:
            record, _ = read_journal(path)
        except (UnusableJournalError, DestinationError):
            continue
        if record.job.converted_from is not None:
            return DestinationError("a conversion that is not at its end stands there", str(path), BEGIN_ANEW)
    return None
