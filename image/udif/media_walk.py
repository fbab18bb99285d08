"""One pass over the media of a UDIF image, in order; each block decoded, each checksum compared."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from zlib import crc32

from image.finding_list import FindingList
from image.lanes import map_in_order, worker_count
from image.media_pieces import MediaPiece, PieceDefect
from image.sectors import SectorRange
from image.segment_files import SegmentFiles, SegmentReadError
from image.udif.block_table import Block, BlockKind
from image.udif.decompression import BlockError, decompress
from image.udif.structure import SECTOR_BYTES, UdifStructure, differ

PIECE_BYTES = 1024 * 1024
AHEAD_BYTES = 64 * 1024 * 1024
ZEROS = bytes(PIECE_BYTES)


class Part(NamedTuple):
    """A block or a part of one, and the table it is of; None for sectors that no block holds."""

    block: Block
    table_index: int | None


class UdifWalk:
    """The pieces of the media, and what their checksums come to."""

    def __init__(self, files: SegmentFiles, structure: UdifStructure, findings: FindingList) -> None:
        self._files = files
        self._structure = structure
        self._findings = findings
        self._checksums = [0] * len(structure.tables)
        self._unread: set[int] = set()

    def pieces(self, pool: ThreadPoolExecutor | None) -> Iterator[MediaPiece]:
        """Every piece in order; with a pool, decoded there ahead of time."""
        largest = max(PIECE_BYTES, self._structure.largest_block_bytes)
        ahead = max(2, min(4 * worker_count(), AHEAD_BYTES // largest))
        parts = self._parts()
        decoded = map(self._decode, parts) if pool is None else map_in_order(self._decode, parts, pool, ahead)
        for part, piece in decoded:
            for defect in piece.defects:
                self._findings.add(
                    defect.code,
                    defect.detail,
                    segment=self._files.names[0],
                    offset_bytes=defect.offset_bytes,
                    sectors=defect.sectors,
                )
            self._sum(part, piece)
            yield piece
        self._compare()

    def _parts(self) -> Iterator[Part]:
        """What is decoded at once, over all of the media."""
        end = 0
        for index, table in enumerate(self._structure.tables):
            for block in table.blocks():
                yield from _split(_hole(end, block.first_sector), None)
                yield from _split(block, index)
                end = block.first_sector + block.sector_count
        yield from _split(_hole(end, self._structure.trailer.sector_count), None)

    def _decode(self, part: Part) -> tuple[Part, MediaPiece]:
        """The media of a part, with zeros where it cannot be had."""
        block = part.block
        size, at = block.sector_count * SECTOR_BYTES, block.first_sector * SECTOR_BYTES
        sectors = SectorRange(block.first_sector, block.sector_count)
        defects: tuple[PieceDefect, ...] = ()
        is_read = part.table_index is not None
        try:
            data = read_block(self._files, block)
        except BlockError as error:
            data = bytes(size)
            defects = (PieceDefect("udif-block", f"the block {error}", block.offset_bytes, sectors),)
        except SegmentReadError as error:
            data, is_read = bytes(size), False
            defects = (PieceDefect("segment-unreadable", error.reason, error.offset_bytes, sectors),)
        return part, MediaPiece(0, data, 0, b"", defects, is_read=is_read, media_offset_bytes=at)

    def _sum(self, part: Part, piece: MediaPiece) -> None:
        """Take a piece into the checksum of its table; free sectors are in none."""
        index = part.table_index
        if index is None or part.block.kind is BlockKind.FREE:
            return
        if not piece.is_read:
            self._unread.add(index)
        if self._structure.tables[index].checksum.is_crc32:
            self._checksums[index] = crc32(piece.data, self._checksums[index])

    def _compare(self) -> None:
        """Compare the checksum of each table, and that of the stored data."""
        name = self._files.names[0]
        for index, table in enumerate(self._structure.tables):
            if index in self._unread or not table.checksum.is_crc32 or not table.sector_count:
                continue
            if self._checksums[index] != table.checksum.value:
                sectors = SectorRange(table.first_sector, table.sector_count)
                what = "the checksum of the media of a partition"
                differ(self._findings, name, what, table.checksum, self._checksums[index], sectors)
        self._compare_fork()

    def _compare_fork(self) -> None:
        """Compare the checksum of the data as it is stored, where there is one."""
        trailer, name = self._structure.trailer, self._files.names[0]
        if not trailer.fork_checksum.is_crc32:
            return
        computed, end = 0, trailer.fork_offset + trailer.fork_size
        for offset in range(trailer.fork_offset, min(end, self._files.sizes_bytes[0]), PIECE_BYTES):
            size = min(PIECE_BYTES, end - offset, self._files.sizes_bytes[0] - offset)
            try:
                computed = crc32(self._files.read(0, offset, size), computed)
            except SegmentReadError as error:
                self._findings.add("segment-unreadable", error.reason, segment=name, offset_bytes=offset)
                return
        if computed != trailer.fork_checksum.value:
            differ(self._findings, name, "the checksum of the stored data", trailer.fork_checksum, computed)


def read_block(files: SegmentFiles, block: Block) -> bytes:
    """The media of a block.

    Raises:
        BlockError: it lies behind the end of the file, or does not decode.
        SegmentReadError: the system does not read it.
    """
    size = block.sector_count * SECTOR_BYTES
    if block.kind in (BlockKind.ZEROS, BlockKind.FREE):
        return ZEROS[:size] if size <= PIECE_BYTES else bytes(size)
    if block.offset_bytes + block.size_bytes > files.sizes_bytes[0]:
        raise BlockError("lies behind the end of the file")
    if block.kind is not BlockKind.RAW and block.size_bytes > 2 * size + PIECE_BYTES:
        raise BlockError(f"takes {block.size_bytes} bytes for {size} bytes of media")
    if block.kind is BlockKind.RAW and block.size_bytes != size:
        raise BlockError(f"takes {block.size_bytes} bytes for {size} bytes of media")
    data = files.read(0, block.offset_bytes, block.size_bytes)
    return data if block.kind is BlockKind.RAW else decompress(block.kind, data, size)


def _hole(first: int, end: int) -> Block:
    """Sectors that no block holds, as if one did."""
    return Block(BlockKind.FREE, first, max(0, end - first), 0, 0)


def _split(block: Block, table_index: int | None) -> Iterator[Part]:
    """A block in parts that fit into memory; only what is stored as it is can be taken apart."""
    is_raw = block.kind is BlockKind.RAW
    is_odd = is_raw and block.size_bytes != block.sector_count * SECTOR_BYTES
    if block.kind not in (BlockKind.ZEROS, BlockKind.FREE, BlockKind.RAW):
        yield Part(block, table_index)
        return
    step = PIECE_BYTES // SECTOR_BYTES
    for first in range(0, block.sector_count, step):
        count = min(step, block.sector_count - first)
        size = (0 if is_odd else count * SECTOR_BYTES) if is_raw else 0
        offset = block.offset_bytes + first * SECTOR_BYTES if is_raw else 0
        yield Part(Block(block.kind, block.first_sector + first, count, offset, size), table_index)
