"""The chunks that wait to be written: a group of sectors with its table and table2, complete in memory first.

Specification, "Sectors section", "Table section". Sizes and offsets are bytes.
"""

from itertools import accumulate

from image.ewf.chunks import EncodedChunks
from image.ewf.plan import group_overhead_bytes
from image.ewf.sections import DESCRIPTOR_BYTES, descriptor_at
from image.ewf.table_section import COMPRESSED_BIT, encode_table


class ChunkGroup:
    """Chunks in their order, as they will be stored."""

    def __init__(self) -> None:
        self._stored: list[memoryview] = []
        self._sizes: list[int] = []
        self._deflated: list[bool] = []
        self.stored_bytes = 0

    def __len__(self) -> int:
        """How many chunks there are."""
        return len(self._sizes)

    def take(self, encoded: EncodedChunks, first: int, count: int, data: memoryview) -> None:
        """Add so many of the encoded chunks, which lie in `data`."""
        self._stored.append(data)
        self._sizes += encoded.sizes[first : first + count]
        self._deflated += encoded.deflated[first : first + count]
        self.stored_bytes += len(data)

    def fitting(self, sizes: tuple[int, ...], room_bytes: int) -> int:
        """How many chunks of these sizes, one after the other, fit with the group and its tables into this room."""
        count, room = len(sizes), room_bytes - self.stored_bytes
        while count and sum(sizes[:count]) + group_overhead_bytes(len(self) + count) > room:
            count -= 1
        return count

    def sections(self, at: int) -> list[bytes | memoryview]:
        """The sections of the group as they stand from this offset of a segment on."""
        table = encode_table(at, self._entries())
        first_at = at + DESCRIPTOR_BYTES + self.stored_bytes
        sectors = descriptor_at("sectors", at, self.stored_bytes)
        first = descriptor_at("table", first_at, len(table))
        second = descriptor_at("table2", first_at + DESCRIPTOR_BYTES + len(table), len(table))
        return [sectors, *self._stored, first, table, second, table]

    def _entries(self) -> list[int]:
        """Where each chunk begins behind the offset of the group, with the bit of those that are compressed."""
        starts = accumulate(self._sizes[:-1], initial=DESCRIPTOR_BYTES)
        return [
            start | (COMPRESSED_BIT if deflated else 0)
            for start, deflated in zip(starts, self._deflated, strict=True)
        ]
