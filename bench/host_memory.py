"""Whether the kernel hands freed memory back to the host, and asking it not to while we measure.

A guest that reports its free pages (Linux, mm/page_reporting.c) loses them and gets them back slowly. Blocks of
`page_reporting_order` and larger are reported; none are as large as NEVER asks for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ORDER = Path("/sys/module/page_reporting/parameters/page_reporting_order")
NEVER = 11


@contextmanager
def kept_memory(order: Path = ORDER) -> Iterator[None]:
    """Keep freed memory in the guest where we may say so, and put the setting back."""
    before = order.read_text() if order.exists() else None
    try:
        if before is not None:
            _ask(order, str(NEVER))
        yield
    finally:
        if before is not None:
            _ask(order, before)


def is_handed_back(order: Path = ORDER) -> bool:
    """Whether memory that is freed may go to the host."""
    return order.exists() and int(order.read_text()) < NEVER


def _ask(order: Path, value: str) -> None:
    """Set it, as far as we are allowed to."""
    try:
        order.write_text(value)
    except PermissionError:
        return
