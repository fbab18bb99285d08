"""What open images have in common: files that are closed at the end, and what those lack that store media alone."""

from dataclasses import dataclass, field
from typing import Self

from image.scan_watch import ScanWatch, watch_nothing
from image.sectors import SectorRange
from image.segment_files import SegmentFiles


@dataclass
class OpenFiles:
    """The files of an open image."""

    files: SegmentFiles
    _watch: ScanWatch = field(default_factory=lambda: watch_nothing, init=False, repr=False, compare=False)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def watch_scan(self, watch: ScanWatch) -> None:
        """Let long work before the first piece of media call this."""
        self._watch = watch

    def __exit__(self, *_: object) -> None:
        """Close its files."""
        self.files.close()


class BareImage(OpenFiles):
    """An image that stores nothing of its media but the media, and has no sections that could break off."""

    @property
    def stored_digests(self) -> tuple[tuple[str, str, str], ...]:
        """It stores no digests."""
        return ()

    @property
    def unreadable(self) -> tuple[SectorRange, ...]:
        """It names no unreadable sectors."""
        return ()

    @property
    def set_identifier(self) -> bytes | None:
        """Nothing identifies its files as one set."""
        return None

    @property
    def incomplete_segments(self) -> frozenset[int]:
        """A file that breaks off is refused when it is opened, or makes findings of its own."""
        return frozenset()
