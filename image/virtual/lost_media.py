"""Media that a virtual disk should hold and its files are too short for, found before qemu reads zeros there."""

from image.finding_list import FindingList
from image.header_file import header_file
from image.sectors import SectorRange, merge_ranges
from image.virtual.block_tables import BlockTable
from image.virtual.disk import VirtualDisk

KEPT_RANGES = 10_000


def find_lost_media(disk: VirtualDisk, findings: FindingList) -> tuple[SectorRange, ...]:
    """The sectors that are stored behind the end of a file, merged, with a finding for each range.

    Behind so many ranges the rest is told as one.

    Raises:
        ImageNotReadError: a table that names them cannot be read.
    """
    lost: list[SectorRange] = []
    for table in disk.tables:
        name = disk.paths[table.file_index].name
        found = _lost_of(disk, table)
        for item in found:
            findings.add("virtual-truncated", "stored behind the end of the file", segment=name, sectors=item)
        lost += found
    return merge_ranges(lost)


def _lost_of(disk: VirtualDisk, table: BlockTable) -> list[SectorRange]:
    """The lost sectors of one table, neighbours joined."""
    lost: list[SectorRange] = []
    with header_file(disk.paths[table.file_index]) as file:
        for block in table.lost_blocks(file):
            first = block.media_offset_bytes // disk.sector_size_bytes
            end = -(-(block.media_offset_bytes + block.media_size_bytes) // disk.sector_size_bytes)
            if lost and (first == lost[-1].end_sector or len(lost) >= KEPT_RANGES):
                first = lost.pop().first_sector
            lost.append(SectorRange(first, end - first))
    return lost
