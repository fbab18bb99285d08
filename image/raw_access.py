"""The media of a raw image at any place."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from image.media_access import clipped
from image.segment_files import SegmentFiles


class RawAccess:
    """Reads raw segments; `numbers` are their places in the set, from 1, and a missing one counts as zeros.

    Where one is missing all count as long as the first, since split tools make them so.
    """

    def __init__(self, files: SegmentFiles, numbers: Sequence[int], sector_size_bytes: int) -> None:
        self._files = files
        self.sector_size_bytes = sector_size_bytes
        if numbers[-1] - numbers[0] == len(numbers) - 1:
            self._starts = list(accumulate(files.sizes_bytes[:-1], initial=0))
        else:
            self._starts = [(number - numbers[0]) * files.sizes_bytes[0] for number in numbers]
        self.size_bytes = self._starts[-1] + files.sizes_bytes[-1]

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """As `MediaAccess.read_at`."""
        wanted = clipped(offset_bytes, size_bytes, self.size_bytes)
        data = bytearray(len(wanted))
        index = max(0, bisect_right(self._starts, wanted.start) - 1)
        while index < len(self._starts) and self._starts[index] < wanted.stop:
            start = self._starts[index]
            behind = self._starts[index + 1] if index + 1 < len(self._starts) else self.size_bytes
            first, end = max(wanted.start, start), min(wanted.stop, start + self._files.sizes_bytes[index], behind)
            if end > first:
                view = memoryview(data)[first - wanted.start : end - wanted.start]
                self._files.read_into(index, first - start, view)
            index += 1
        return bytes(data)

    def close(self) -> None:
        """As `MediaAccess.close`."""
