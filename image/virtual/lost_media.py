"""Media that a virtual disk should hold and does not, found before qemu reads zeros or the same blocks twice."""

from collections import defaultdict

from image.finding_list import FindingList
from image.header_file import HeaderFile, header_file
from image.scan_watch import ScanWatch, watch_nothing
from image.sectors import SectorRange, merge_ranges
from image.virtual.block_tables import SHARED_TABLE, TRUNCATED, BlockTable
from image.virtual.disk import VirtualDisk
from image.virtual.named_tables import NamedTables

KEPT_RANGES = 10_000
DETAILS = {
    TRUNCATED: "stored behind the end of the file",
    SHARED_TABLE: "the table of these sectors is that of others too, so both read the same blocks",
}


def find_lost_media(
    disk: VirtualDisk, findings: FindingList, watch: ScanWatch = watch_nothing
) -> tuple[SectorRange, ...]:
    """The sectors that are stored behind the end of a file, merged, with a finding for each range.

    Sectors that share a table with others are findings too. Behind so many ranges the rest is told as one. `watch`
    is called at each read.

    Raises:
        ImageNotReadError: a table that names them cannot be read.
    """
    lost: list[SectorRange] = []
    named: dict[tuple[int, int], NamedTables] = defaultdict(NamedTables)
    for table in disk.tables:
        path = disk.paths[table.file_index]
        with header_file(path, lambda reached_bytes: watch(reached_bytes, disk.media_size_bytes)) as file:
            found = _lost_of(disk, table, file, named[_identity(file)])
        for code, ranges in found.items():
            for item in ranges:
                findings.add(code, DETAILS[code], segment=path.name, sectors=item)
        lost += found[TRUNCATED]
    return merge_ranges(lost)


def _identity(file: HeaderFile) -> tuple[int, int]:
    """What tells a file by all its names from every other.

    Raises:
        ImageNotReadError: it is not there any more.
    """
    try:
        status = file.path.stat()
    except OSError as error:
        raise file.refusal(f"cannot read the image ({error.strerror or error})") from error
    return status.st_dev, status.st_ino


def _lost_of(
    disk: VirtualDisk, table: BlockTable, file: HeaderFile, named: NamedTables
) -> dict[str, list[SectorRange]]:
    """The sectors of one table with a defect, by the code of it, neighbours joined."""
    found: dict[str, list[SectorRange]] = {code: [] for code in DETAILS}
    for block in table.lost_blocks(file, named):
        lost = found[block.code]
        first = block.media_offset_bytes // disk.sector_size_bytes
        end = -(-(block.media_offset_bytes + block.media_size_bytes) // disk.sector_size_bytes)
        if lost and (first == lost[-1].end_sector or len(lost) >= KEPT_RANGES):
            first = lost.pop().first_sector
        lost.append(SectorRange(first, end - first))
    return found
