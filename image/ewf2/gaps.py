"""What stands between the chunks of an Ex01: padding, patterns, or bytes that belong to nobody.

Of a chunk that is filled with a pattern nothing need be stored; libewf stores the 8 bytes of the pattern too, at
their place among the chunks, and says so by a stored size of 8.
"""

from dataclasses import replace

from image.ewf2.chunk_plan import ChunkBatch, ChunkEntry
from image.ewf2.layout import MAXIMUM_PADDING_BYTES, PATTERN_BYTES
from image.ewf2.table_index import TableReference
from image.media_pieces import PieceDefect
from image.segment_files import SegmentFiles

MAXIMUM_PATTERNS_BYTES = 4 * 1024 * 1024
"""Patterns of so many chunks without a stored one between them are kept to be compared."""


class GapWatch:
    """Follows the chunks of one table: what is between batches and behind the last chunk is looked at here."""

    def __init__(self, files: SegmentFiles, table: TableReference) -> None:
        self._files = files
        self._table = table
        self._position_bytes = table.area_start_bytes
        self._patterns = bytearray()

    def placed(self, batch: ChunkBatch) -> tuple[ChunkBatch, PieceDefect | None]:
        """The batch from the end of the chunk before it, or from its own first one where patterns are between.

        Raises:
            SegmentReadError: the system could not read what stands between.
        """
        first = next((entry for entry in batch.entries if not entry.is_filled), None)
        leading = batch.entries if first is None else batch.entries[: batch.entries.index(first)]
        self._keep_patterns(leading)
        start, defect = self._position_bytes, None
        if first is not None and self._patterns and start <= first.start_bytes < self._table.area_end_bytes:
            defect = gap_defect(self._files, batch.segment_index, start, first, bytes(self._patterns))
            start = first.start_bytes
        whole = replace(batch, from_bytes=start)
        self._position_bytes = max(start, whole.to_bytes)
        if first is not None:
            self._patterns.clear()
            self._keep_patterns(_behind_last_stored(batch.entries))
        return whole, defect

    def end(self) -> PieceDefect | None:
        """What is wrong behind the last chunk.

        Raises:
            SegmentReadError: the system could not read what stands there.
        """
        rest, known = self._table.area_end_bytes - self._position_bytes, len(self._patterns)
        if rest > MAXIMUM_PADDING_BYTES + known:
            detail = f"{rest} bytes stand behind the last chunk"
            return PieceDefect("unowned-bytes", detail, self._position_bytes, None)
        data = self._files.read(self._table.segment_index, self._position_bytes, rest)
        at = data.find(self._patterns) if any(self._patterns) else 0
        if any(data) and (at < 0 or any(data[:at]) or any(data[at + known :])):
            detail = f"{rest} bytes behind the last chunk are no padding"
            return PieceDefect("unowned-bytes", detail, self._position_bytes, None)
        return None

    def _keep_patterns(self, entries: tuple[ChunkEntry, ...]) -> None:
        """Keep the patterns that these chunks store."""
        if len(self._patterns) < MAXIMUM_PATTERNS_BYTES:
            self._patterns += stored_patterns(entries)


def stored_patterns(entries: tuple[ChunkEntry, ...]) -> bytes:
    """What pattern-filled chunks say that is stored of them."""
    return b"".join(entry.pattern for entry in entries if entry.stored_bytes == PATTERN_BYTES)


def gap_defect(
    files: SegmentFiles, segment_index: int, position_bytes: int, entry: ChunkEntry, patterns: bytes
) -> PieceDefect | None:
    """What is wrong between the end of the chunk before, at `position_bytes`, and this chunk.

    Raises:
        SegmentReadError: the system could not read what stands there.
    """
    gap = entry.start_bytes - position_bytes
    if gap < 0:
        detail = "a chunk stands in front of the end of the one before"
        return PieceDefect("chunk-order", detail, entry.start_bytes, None)
    if gap > MAXIMUM_PADDING_BYTES + len(patterns):
        return PieceDefect("unowned-bytes", f"{gap} bytes stand between two chunks", position_bytes, None)
    return padding_defect(files.read(segment_index, position_bytes, gap), position_bytes, patterns)


def padding_defect(between: bytes | memoryview, offset_bytes: int, patterns: bytes) -> PieceDefect | None:
    """What is wrong with these bytes between two chunks: they should be zeros, and then patterns."""
    padding = len(between) - len(patterns)
    if not any(between) or (padding >= 0 and not any(between[:padding]) and between[padding:] == patterns):
        return None
    detail = f"{len(between)} bytes between two chunks are no padding"
    return PieceDefect("unowned-bytes", detail, offset_bytes, None)


def _behind_last_stored(entries: tuple[ChunkEntry, ...]) -> tuple[ChunkEntry, ...]:
    """The pattern-filled chunks at the end."""
    count = 0
    while count < len(entries) and entries[-1 - count].is_filled:
        count += 1
    return entries[len(entries) - count :]
