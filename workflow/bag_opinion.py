"""What the package `bagit`, made by others, says of a bag: our reader and theirs must agree.

It cannot be asked where a path holds a percent sign, which it does not decode (RFC 8493, section 2.1.3).
"""

import logging
from collections.abc import Iterable
from pathlib import Path

from image.errors import CaseError


def require_second_opinion(folder: Path, paths: Iterable[str]) -> bool:
    """See that `bagit` finds the bag complete; whether it could be asked. The payload's bytes are not read again.

    Raises:
        CaseError: it finds something wrong.
    """
    if any("%" in path for path in paths):
        return False
    import bagit

    logging.getLogger("bagit").addHandler(logging.NullHandler())
    logging.getLogger("bagit").propagate = False
    try:
        bagit.Bag(str(folder)).validate(completeness_only=True)
    except (bagit.BagError, OSError, ValueError) as error:
        raise CaseError(f"the package bagit finds the bag wrong ({error})", str(folder)) from error
    return True
