"""Partition tables as The Sleuth Kit reads them: DOS, GPT, Apple partition map. Runs in a child process only."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytsk3

from image.media_access import MediaAccess
from verify.files.sleuthkit import ERRORS, MediaImage

SECTOR_BYTES = 512

_TABLES = (
    pytsk3.TSK_VS_TYPE_DETECT,
    pytsk3.TSK_VS_TYPE_GPT,
    pytsk3.TSK_VS_TYPE_DOS,
    pytsk3.TSK_VS_TYPE_MAC,
)


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A part of a partition table: `kind` is "partition", "table" (part of the table itself) or "unpartitioned"."""

    kind: str
    description: str
    first_bytes: int
    end_bytes: int


class _SectorHeads:
    """The first 512 bytes of every sector of a drive with larger ones, one behind the other: all of a DOS table is
    in them, and it counts in sectors of its drive, which pytsk3 takes to have 512 bytes."""

    def __init__(self, media: MediaAccess, sector_bytes: int) -> None:
        self._media = media
        self._media_sector_bytes = sector_bytes
        self.size_bytes = media.size_bytes // sector_bytes * SECTOR_BYTES
        self.sector_size_bytes = SECTOR_BYTES

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """What stands there, as of a medium that has nothing else."""
        first, end = offset_bytes // SECTOR_BYTES, -(-(offset_bytes + size_bytes) // SECTOR_BYTES)
        heads = (self._media.read_at(at * self._media_sector_bytes, SECTOR_BYTES) for at in range(first, end))
        start = offset_bytes - first * SECTOR_BYTES
        return b"".join(heads)[start : start + size_bytes]

    def close(self) -> None:
        """Leave the media to whoever opened it."""


def read_partition_table(media: MediaAccess, sector_bytes: int) -> tuple[TableEntry, ...]:
    """The parts of the medium as its partition table says; empty where there is no table."""
    image = MediaImage(media)
    for kind in _TABLES:
        try:
            volume = pytsk3.Volume_Info(image, kind)
            if int(volume.info.vstype) == int(pytsk3.TSK_VS_TYPE_DOS) and sector_bytes > SECTOR_BYTES:
                return _counted_in(media, sector_bytes)
            return tuple(_table_entries(volume, int(volume.info.block_size)))
        except ERRORS:
            continue
    return ()


def _counted_in(media: MediaAccess, sector_bytes: int) -> tuple[TableEntry, ...]:
    """The parts that a DOS table names on a drive with larger sectors, logical partitions too.

    Raises:
        OSError: it cannot be read so.
    """
    image = MediaImage(_SectorHeads(media, sector_bytes))
    return tuple(_table_entries(pytsk3.Volume_Info(image, pytsk3.TSK_VS_TYPE_DOS), sector_bytes))


def _table_entries(volume: "pytsk3.Volume_Info", unit: int) -> Iterator[TableEntry]:
    """Every part of a table that counts in units of so many bytes."""
    for part in volume:
        flags = int(part.flags)
        kind = "unpartitioned"
        if flags & int(pytsk3.TSK_VS_PART_FLAG_META):
            kind = "table"
        elif flags & int(pytsk3.TSK_VS_PART_FLAG_ALLOC):
            kind = "partition"
        description = (part.desc or b"").decode("utf-8", "backslashreplace")
        first = int(part.start) * unit
        yield TableEntry(kind, description, first, first + int(part.len) * unit)
