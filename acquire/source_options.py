"""How a source is to be opened, as a value."""

from dataclasses import dataclass, field, replace
from typing import Self

from image.scan_watch import ScanWatch, watch_nothing


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How a source is opened: in spite of its use (`forced`), with its odd end padded, a file's sector size in
    bytes, whether other programs are asked for its identity, and whether a look is taken at what lies on it.
    `as_stored`: of a virtual disk the bytes of the file are read, not its media. `watch` is called while its tables
    are looked at."""

    forced: bool = False
    pad: bool = False
    sector_size_bytes: int | None = None
    ask_tools: bool = True
    look: bool = True
    as_stored: bool = False
    watch: ScanWatch = field(default=watch_nothing, repr=False, compare=False)

    def watched(self, watch: ScanWatch) -> Self:
        """The same, with somebody who waits while the tables of a virtual disk are looked at."""
        return replace(self, watch=watch)


PLAIN_OPENING = SourceOptions()
