"""What a UDIF image says of itself: its trailer, its property list, its block tables in the order of the media."""

import plistlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers.expat import ExpatError
from zlib import crc32

from image.finding_list import FindingList
from image.header_file import HeaderFile, header_file
from image.sectors import SectorRange
from image.udif.block_table import Block, BlockKind, BlockTable, TableError, decode_table
from image.udif.trailer import NO_CHECKSUM, TRAILER_BYTES, VERSION, Checksum, Trailer, decode_trailer

SECTOR_BYTES = 512
MAXIMUM_PLIST_BYTES = 32 * 1024 * 1024
MAXIMUM_BLOCK_BYTES = 16 * 1024 * 1024
COMPLETE_COPY = "Look for a complete copy"
KIND_NAMES = {
    BlockKind.ZLIB: "zlib",
    BlockKind.BZIP2: "bzip2",
    BlockKind.ADC: "ADC",
    BlockKind.LZMA: "LZMA",
}
STORED_AS_IS = frozenset({BlockKind.ZEROS, BlockKind.RAW, BlockKind.FREE})


@dataclass(frozen=True)
class UdifStructure:
    """The tables in the order of their sectors, and the master checksum as the tables give it; sizes in bytes."""

    trailer: Trailer
    tables: tuple[BlockTable, ...]
    master: int
    largest_block_bytes: int
    compressions: tuple[str, ...]

    @property
    def media_size_bytes(self) -> int:
        """Bytes of media."""
        return self.trailer.sector_count * SECTOR_BYTES


def read_structure(path: Path, findings: FindingList) -> UdifStructure:
    """Read all but the media; what its parts disagree on becomes findings.

    Raises:
        ImageNotReadError: no trailer, in several files, damaged, or compressed in a way that is not read.
    """
    with header_file(path) as file:
        trailer = decode_trailer(file.read_up_to(file.size_bytes - TRAILER_BYTES, TRAILER_BYTES))
        if trailer is None or trailer.version != VERSION:
            raise file.refusal("it has no trailer of a UDIF image", COMPLETE_COPY)
        if trailer.segment_count > 1:
            raise file.refusal(
                f"it is one of {trailer.segment_count} segments, which are not read", "Join them first"
            )
        file.checked_size(trailer.sector_count * SECTOR_BYTES)
        try:
            tables = tuple(decode_table(data, trailer.fork_offset) for data in _table_bytes(file, trailer))
            ordered = tuple(sorted(tables, key=lambda table: table.first_sector))
            largest, compressions = _check_blocks(file, trailer, ordered, findings)
        except TableError as error:
            raise file.refusal(f"it is damaged: {error}", COMPLETE_COPY) from error
    master = crc32(b"".join(table.checksum.value.to_bytes(4, "big") for table in tables))
    structure = UdifStructure(trailer, ordered, master, largest, compressions)
    _check_master(structure, path.name, findings)
    return structure


def _table_bytes(file: HeaderFile, trailer: Trailer) -> list[bytes]:
    """The block tables in the property list."""
    if not trailer.plist_size:
        raise file.refusal("it has no property list; UDIF images with a resource fork alone are not read")
    if trailer.plist_size > MAXIMUM_PLIST_BYTES:
        raise file.refusal("its property list is too large to be read within the memory allowed")
    data = file.read(trailer.plist_offset, trailer.plist_size)
    try:
        found = [item["Data"] for item in plistlib.loads(data, fmt=plistlib.FMT_XML)["resource-fork"]["blkx"]]
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, ExpatError) as error:
        raise file.refusal("its property list is damaged", COMPLETE_COPY) from error
    if not found or not all(isinstance(item, bytes) for item in found):
        raise file.refusal("its property list names no blocks", COMPLETE_COPY)
    return found


def _check_blocks(
    file: HeaderFile, trailer: Trailer, tables: tuple[BlockTable, ...], findings: FindingList
) -> tuple[int, tuple[str, ...]]:
    """See that the blocks follow one another over the media; the bytes of the largest, all compressions."""
    end, largest = 0, 0
    kinds: set[BlockKind] = set()
    for block in all_blocks(tables):
        if block.first_sector < end:
            raise TableError(f"two blocks hold sector {block.first_sector}")
        if block.first_sector > end:
            _tell_gap(file, findings, end, min(block.first_sector, trailer.sector_count))
        end = block.first_sector + block.sector_count
        if end > trailer.sector_count:
            raise TableError(f"a block ends at sector {end} of {trailer.sector_count}")
        kinds.add(block.kind)
        if block.kind not in STORED_AS_IS:
            largest = max(largest, block.sector_count * SECTOR_BYTES)
    _tell_gap(file, findings, end, trailer.sector_count)
    if BlockKind.LZFSE in kinds:
        raise file.refusal("it is compressed with LZFSE and is not read", "Convert it with hdiutil on a Mac")
    if largest > MAXIMUM_BLOCK_BYTES:
        raise file.refusal(f"its largest block has {largest} bytes, more than is read at once")
    return largest, tuple(KIND_NAMES[kind] for kind in sorted(kinds - STORED_AS_IS))


def all_blocks(tables: tuple[BlockTable, ...]) -> Iterator[Block]:
    """Every block of every table in order."""
    for table in tables:
        yield from table.blocks()


def _tell_gap(file: HeaderFile, findings: FindingList, first: int, end: int) -> None:
    """Make the finding of sectors that no block holds."""
    if end > first:
        sectors = SectorRange(first, end - first)
        findings.add("media-missing", "no block holds these sectors", segment=file.path.name, sectors=sectors)


def _check_master(structure: UdifStructure, name: str, findings: FindingList) -> None:
    """Compare the master checksum, which is that of the checksums of all tables."""
    stored = structure.trailer.master_checksum
    if stored.is_crc32 and stored.value != structure.master:
        differ(findings, name, "the checksum of all block tables' checksums", stored, structure.master)
    checksums = (stored, structure.trailer.fork_checksum, *(table.checksum for table in structure.tables))
    unknown = {item.kind for item in checksums if not item.is_crc32 and item.kind != NO_CHECKSUM}
    if unknown:
        detail = f"checksums of kind {', '.join(map(str, sorted(unknown)))} were not compared"
        findings.add("udif-checksum-unknown", detail, segment=name)


def differ(
    findings: FindingList, name: str, what: str, stored: Checksum, computed: int, sectors: SectorRange | None = None
) -> None:
    """Make the finding of a checksum that is not the stored one."""
    want, have = f"{stored.value:08x}", f"{computed:08x}"
    findings.add("udif-checksum", f"{what} is wrong", segment=name, sectors=sectors, expected=want, found=have)
