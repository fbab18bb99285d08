"""The media of a UDIF image at any place, through a few decoded blocks that are kept."""

from bisect import bisect_right
from collections import OrderedDict

from image.media_access import clipped
from image.segment_files import SegmentFiles
from image.udif.block_table import Block, BlockKind
from image.udif.decompression import BlockError
from image.udif.media_walk import read_block
from image.udif.structure import SECTOR_BYTES, UdifStructure

KEPT_BYTES = 32 * 1024 * 1024


class UdifAccess:
    """Reads where it is asked to; what does not decode counts as zeros."""

    def __init__(self, files: SegmentFiles, structure: UdifStructure) -> None:
        self._files = files
        self._tables = [table for table in structure.tables if len(table)]
        self._starts = [table.block(0).first_sector for table in self._tables]
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._kept_bytes = 0
        self.size_bytes = structure.media_size_bytes
        self.sector_size_bytes = SECTOR_BYTES

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """As `MediaAccess.read_at`."""
        wanted = clipped(offset_bytes, size_bytes, self.size_bytes)
        data = bytearray(len(wanted))
        at = wanted.start
        while at < wanted.stop:
            block, end = self._block_at(at // SECTOR_BYTES)
            stop = min(wanted.stop, end * SECTOR_BYTES)
            if block is not None and block.kind not in (BlockKind.ZEROS, BlockKind.FREE):
                data[at - wanted.start : stop - wanted.start] = self._of_block(block, at, stop)
            at = stop
        return bytes(data)

    def close(self) -> None:
        """As `MediaAccess.close`."""
        self._kept.clear()
        self._kept_bytes = 0

    def _block_at(self, sector: int) -> tuple[Block | None, int]:
        """The block that holds a sector and the sector it ends before; None where no block does."""
        number = bisect_right(self._starts, sector) - 1
        if number >= 0:
            table = self._tables[number]
            index = table.index_at(sector)
            block = table.block(index)
            if sector < block.first_sector + block.sector_count:
                return block, block.first_sector + block.sector_count
            if index + 1 < len(table):
                return None, table.block(index + 1).first_sector
        following = number + 1
        return None, self._starts[following] if following < len(self._starts) else self.size_bytes // SECTOR_BYTES

    def _of_block(self, block: Block, start: int, stop: int) -> bytes:
        """The media from byte `start` to byte `stop`, both inside the block; zeros where it does not decode."""
        first = block.first_sector * SECTOR_BYTES
        if block.kind is BlockKind.RAW:
            return self._raw(block.offset_bytes + start - first, stop - start)
        return self._decoded(block)[start - first : stop - first]

    def _raw(self, offset: int, size: int) -> bytes:
        """Stored bytes, zeros behind the end of the file."""
        held = max(0, min(size, self._files.sizes_bytes[0] - offset))
        return self._files.read(0, offset, held).ljust(size, b"\0") if held else bytes(size)

    def _decoded(self, block: Block) -> bytes:
        """The media of a compressed block, kept for the next time."""
        kept = self._kept.get(block.first_sector)
        if kept is not None:
            self._kept.move_to_end(block.first_sector)
            return kept
        try:
            data = read_block(self._files, block)
        except BlockError:
            data = bytes(block.sector_count * SECTOR_BYTES)
        self._kept[block.first_sector] = data
        self._kept_bytes += len(data)
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])
        return data
