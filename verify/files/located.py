"""Where damage lies in the file systems of an image, as values of a verification's result.

Names are text in which bytes that are not UTF-8, slashes inside a name and backslashes are escaped, as \\xff,
\\x2f and two backslashes. Sectors are those of the image. `damaged_sectors` are sectors that the image does not
hold as they were acquired, `unread_sectors` those that could not be read from the drive; none counts as both.
"""

from dataclasses import dataclass
from enum import Enum

from image.sectors import SectorRange

ALLOCATED, DELETED, ORPHAN = "allocated", "deleted", "orphan"
STOPPED = "stopped by the operator"
"""Why something was not looked at, where somebody asked for that."""
MAXIMUM_FILES = 10_000
MAXIMUM_RANGES = 20
MAXIMUM_PATHS = 16


class Holding(Enum):
    """What of a file lies in damaged sectors."""

    CONTENT = "content"
    SLACK = "slack"
    """The rest of its last cluster, behind its content."""
    METADATA = "metadata"
    """Its inode, MFT entry, or blocks that tell where its content lies."""


@dataclass(frozen=True, slots=True)
class DamagedPart:
    """Sectors of one file that are damaged: of its content where `stream` is empty, of a stream or fork otherwise.

    `offset_bytes` is their place in the stream, None for metadata and for compressed content.
    """

    holding: Holding
    sectors: SectorRange
    stream: str = ""
    offset_bytes: int | None = None


@dataclass(frozen=True)
class AffectedFile:
    """A file or folder with damaged or unread sectors: `paths` are its names, the first sixteen of `link_count`.

    `partition` is None where the file system begins with the medium. `parts` are the first twenty.
    """

    partition: int | None
    paths: tuple[str, ...]
    inode: int
    kind: str
    size_bytes: int | None
    state: str
    damaged_sectors: int
    unread_sectors: int
    parts: tuple[DamagedPart, ...]
    link_count: int = 1


@dataclass(frozen=True)
class AffectedStructure:
    """A part of a medium or file system that is no file: `detail` says which of its entries.

    `sectors` are the first twenty damaged ranges.
    """

    partition: int | None
    name: str
    detail: str
    damaged_sectors: int
    unread_sectors: int
    sectors: tuple[SectorRange, ...]


@dataclass(frozen=True)
class WalkedPartition:
    """A partition, or the whole medium where there is none (`number` None).

    `file_system` is None where none is known, and where no sector is damaged, since it was not looked at then.
    """

    number: int | None
    description: str
    sectors: SectorRange
    file_system: str | None
    damaged_sectors: int
    unread_sectors: int


@dataclass(frozen=True)
class NotWalked:
    """What could not be looked at, and why."""

    where: str
    reason: str


@dataclass(frozen=True)
class DamagedFiles:
    """Everything that was found to hold damaged or unread sectors, and what was not looked at.

    `affected_count` counts every file with such sectors; `affected` are at most 10,000 of them.
    """

    damaged_sectors: int
    unread_sectors: int
    partitions: tuple[WalkedPartition, ...]
    affected: tuple[AffectedFile, ...]
    affected_count: int
    structures: tuple[AffectedStructure, ...]
    not_walked: tuple[NotWalked, ...]
    program: str

    @property
    def is_stopped(self) -> bool:
        """Whether the search was stopped before its end."""
        return any(item.reason == STOPPED for item in self.not_walked)
