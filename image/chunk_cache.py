"""Media that is stored in chunks, read at any place: the chunks that were last decoded are kept."""

from collections import OrderedDict
from collections.abc import Callable

from image.media_access import clipped

CHUNK_CACHE_BYTES = 32 * 1024 * 1024


class ChunkCache:
    """Reads through `decode`, which gives the media data of one chunk: `chunk_bytes`, perhaps fewer in the last."""

    def __init__(self, size_bytes: int, chunk_bytes: int, decode: Callable[[int], bytes]) -> None:
        self._size_bytes = size_bytes
        self._chunk_bytes = chunk_bytes
        self._decode = decode
        self._chunks: OrderedDict[int, bytes] = OrderedDict()

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """The media data from this byte on, fewer bytes at the end of the media.

        Raises:
            SegmentReadError: the system could not read a segment file.
            ValueError: a negative offset or size.
        """
        wanted = clipped(offset_bytes, size_bytes, self._size_bytes)
        first, end = wanted.start // self._chunk_bytes, -(-wanted.stop // self._chunk_bytes)
        skipped = wanted.start - first * self._chunk_bytes
        data = b"".join(self._chunk(index) for index in range(first, end))
        return data[skipped : skipped + len(wanted)]

    def clear(self) -> None:
        """Keep nothing."""
        self._chunks.clear()

    def _chunk(self, index: int) -> bytes:
        """The media data of a chunk, as it was decoded before where that is kept."""
        data = self._chunks.get(index)
        if data is not None:
            self._chunks.move_to_end(index)
            return data
        data = self._decode(index)
        self._chunks[index] = data
        while len(self._chunks) > max(1, CHUNK_CACHE_BYTES // self._chunk_bytes):
            self._chunks.popitem(last=False)
        return data
