"""A UDIF image (.dmg), opened for proof: every block and every checksum looked at, each defect a finding."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from image.finding_list import FindingList
from image.media_access import MediaAccess
from image.media_pieces import MediaPiece
from image.open_files import BareImage
from image.sectors import SectorRange
from image.segment_files import SegmentFiles
from image.segment_sets import FoundSegments
from image.udif.access import UdifAccess
from image.udif.media_walk import PIECE_BYTES, UdifWalk
from image.udif.structure import SECTOR_BYTES, UdifStructure, read_structure


@dataclass
class UdifImage(BareImage):
    """An open UDIF image of one file."""

    structure: UdifStructure
    findings: FindingList

    @property
    def segments(self) -> FoundSegments:
        """Its one file."""
        return FoundSegments(self.files.paths, (1,), ())

    @property
    def is_raw(self) -> bool:
        """Its file holds more than the media."""
        return False

    @property
    def media_size_bytes(self) -> int:
        """Bytes of media that the trailer tells of."""
        return self.structure.media_size_bytes

    @property
    def sector_size_bytes(self) -> int:
        """Bytes in a sector; the format knows no others."""
        return SECTOR_BYTES

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        return max(PIECE_BYTES, self.structure.largest_block_bytes)

    def segment_ranges(self) -> tuple[SectorRange | None, ...]:
        """The sectors in its file."""
        count = self.structure.trailer.sector_count
        return (SectorRange(0, count) if count else None,)

    def media(self, pool: ThreadPoolExecutor | None = None) -> Iterator[MediaPiece]:
        """The media data in order, a block at a time; defects become findings as they are passed."""
        return UdifWalk(self.files, self.structure, self.findings).pieces(pool)

    def access(self) -> MediaAccess:
        """The media at any place."""
        return UdifAccess(self.files, self.structure)


def open_udif(path: Path) -> UdifImage:
    """Open a UDIF image.

    Raises:
        ImageNotReadError: no trailer, in several files, damaged, or compressed in a way that is not read.
    """
    findings = FindingList()
    structure = read_structure(path, findings)
    if not structure.media_size_bytes:
        findings.add("media-empty", "its trailer tells of no media", segment=path.name)
    return UdifImage(SegmentFiles([path]), structure, findings)
