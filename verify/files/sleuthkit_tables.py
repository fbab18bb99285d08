"""Partition tables as The Sleuth Kit reads them: DOS, GPT, Apple partition map. Runs in a child process only."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytsk3

from verify.files.sleuthkit import ERRORS, MediaImage

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


def read_partition_table(image: MediaImage, sector_bytes: int) -> tuple[TableEntry, ...]:
    """The parts of the medium as its partition table says; empty where there is no table."""
    for kind in _TABLES:
        try:
            volume = pytsk3.Volume_Info(image, kind)
            return tuple(_table_entries(volume, sector_bytes))
        except ERRORS:
            continue
    return ()


def _table_entries(volume: "pytsk3.Volume_Info", sector_bytes: int) -> Iterator[TableEntry]:
    """Every part. A DOS table counts in the sectors of its drive, which pytsk3 takes to have 512 bytes."""
    is_dos = int(volume.info.vstype) == int(pytsk3.TSK_VS_TYPE_DOS)
    unit = sector_bytes if is_dos else int(volume.info.block_size)
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
