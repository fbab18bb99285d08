"""The media data of an image at any place: what file systems are read through, while `media()` reads for proof.

Nothing is proved here: a defect makes no finding, and what is damaged or missing counts as zeros.
"""

from typing import Protocol


class MediaAccess(Protocol):
    """Random access to the media of an open image, for one thread and as long as the image is open.

    Its memory is bounded, whatever the size of the image.
    """

    @property
    def size_bytes(self) -> int:
        """Bytes of media."""
        ...

    @property
    def sector_size_bytes(self) -> int:
        """Bytes in a sector; 0 where nothing says."""
        ...

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """The media data from this byte on: fewer bytes at the end of the media, zeros where it is damaged.

        Raises:
            SegmentReadError: the system could not read a segment file.
            ValueError: a negative offset or size.
        """
        ...

    def close(self) -> None:
        """Let go of what is kept for reading; the image stays open."""
        ...


def clipped(offset_bytes: int, size_bytes: int, end_bytes: int) -> range:
    """The bytes that are asked for and lie in front of the end of the media.

    Raises:
        ValueError: a negative offset or size.
    """
    if offset_bytes < 0 or size_bytes < 0:
        raise ValueError(f"no such place in the media: {offset_bytes} + {size_bytes}")
    return range(offset_bytes, max(offset_bytes, min(offset_bytes + size_bytes, end_bytes)))
