"""How a source is to be opened, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How a source is opened: in spite of its use (`forced`), with its odd end padded, a file's sector size in
    bytes, whether other programs are asked for its identity, and whether a look is taken at what lies on it.
    `as_stored`: of a virtual disk the bytes of the file are read, not its media."""

    forced: bool = False
    pad: bool = False
    sector_size_bytes: int | None = None
    ask_tools: bool = True
    look: bool = True
    as_stored: bool = False


PLAIN_OPENING = SourceOptions()
