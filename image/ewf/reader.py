"""An E01 set, opened for proof: every section looked at, media decoded in order, each defect a finding.

Nothing is decoded until the media is walked, and chunk tables are read only then, so that memory does not grow
with the image.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from image.errors import ImageNotReadError
from image.ewf.chunk_access import EwfAccess
from image.ewf.decoding import ChunkGeometry
from image.ewf.header import CaseHeader
from image.ewf.media_walk import MediaWalk, largest_piece_bytes
from image.ewf.section_reader import EwfContents
from image.ewf.segment_reader import SegmentReader
from image.ewf.set_checks import (
    check_digests,
    check_end,
    check_headers,
    check_sizes,
    check_unreadable,
    check_volume,
    merged_header,
    place_chunks,
)
from image.failure_guard import closed_on_failure
from image.finding_list import FindingList
from image.media_pieces import MediaPiece
from image.open_files import OpenFiles
from image.sectors import SectorRange, SectorRanges
from image.segment_files import SegmentFiles
from image.segment_sets import FoundSegments, find_segments


@dataclass
class EwfImage(OpenFiles):
    """An open E01 set. `geometry` is None where nothing can be decoded; `missing_sectors` are in no segment."""

    segments: FoundSegments
    contents: EwfContents
    geometry: ChunkGeometry | None
    missing_sectors: SectorRange | None
    unplaced_from_table: int

    @property
    def findings(self) -> FindingList:
        """Every defect met so far."""
        return self.contents.findings

    @property
    def header(self) -> CaseHeader | None:
        """The case data, None where the image has none."""
        return merged_header(self.contents)

    @property
    def is_raw(self) -> bool:
        """Its files hold more than the media."""
        return False

    @property
    def media_size_bytes(self) -> int:
        """Bytes of media data that the image should hold; 0 where it does not say."""
        volume = self.contents.volume
        return volume.media_size_bytes if volume is not None and self.geometry is not None else 0

    @property
    def sector_size_bytes(self) -> int:
        """Bytes in a sector; 0 where the image does not say."""
        return self.contents.volume.bytes_per_sector if self.contents.volume is not None else 0

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        return largest_piece_bytes(self.geometry)

    @property
    def stored_digests(self) -> tuple[tuple[str, str, str], ...]:
        """Section, algorithm and hex of every digest the image stores of its media."""
        return tuple(
            (kind, name, value)
            for kind, digests in self.contents.digests
            for name, value in digests.as_hex().items()
        )

    @property
    def unreadable(self) -> SectorRanges:
        """The sectors that error2 calls unreadable."""
        return self.contents.unreadable

    @property
    def set_identifier(self) -> bytes | None:
        """The identifier that all segments share; None in dialects without one."""
        volume = self.contents.volume
        return volume.set_identifier if volume is not None and any(volume.set_identifier) else None

    @property
    def incomplete_segments(self) -> frozenset[int]:
        """The segments whose chain of sections breaks off."""
        return frozenset(self.contents.broken_segments)

    def segment_ranges(self) -> tuple[SectorRange | None, ...]:
        """The sectors that each segment holds; None for one without chunks, and where its place is not known."""
        if self.geometry is None or self.unplaced_from_table < len(self.contents.tables):
            return (None,) * len(self.files)
        chunks = self.contents.tables.chunks_of_segments(len(self.files))
        return tuple(self.geometry.sectors_of(first, end - first) for first, end in chunks)

    def media(self, pool: ThreadPoolExecutor | None = None) -> Iterator[MediaPiece]:
        """The media data in order, in pieces of about 2 MiB; defects become findings as they are passed.

        What is in no segment that could be read is left out; `missing_sectors` names what is known to be lost.
        """
        if self.geometry is None:
            return iter(())
        return MediaWalk(self.files, self.contents, self.geometry, self.unplaced_from_table).pieces(pool)

    def access(self) -> EwfAccess:
        """The media at any place.

        Raises:
            ImageNotReadError: nothing can be decoded.
        """
        if self.geometry is None:
            raise ImageNotReadError("the image does not say how its media is stored", str(self.files.paths[0]))
        return EwfAccess(self.files, self.contents.tables, self.geometry, self.unplaced_from_table)


def open_ewf(first_segment: Path, expected_names: tuple[str, ...] = (), folders: tuple[Path, ...] = ()) -> EwfImage:
    """Open the set that begins with this segment and read every section of every segment.

    `expected_names` are the segment files that a manifest lists: those that are not there are missing too.
    `folders` hold the segments that are not beside the first one.

    Raises:
        ImageNotReadError: the first segment is not there, not a file, or a further segment of a set.
    """
    findings = FindingList()
    segments = find_segments(first_segment, expected_names, findings, folders)
    files = SegmentFiles(segments.paths)
    contents = EwfContents(findings)
    with closed_on_failure(files):
        for index, number in enumerate(segments.numbers):
            SegmentReader(files, index, number, contents).read()
            files.close_before(index)
        return _opened(files, segments, contents)


def _opened(files: SegmentFiles, segments: FoundSegments, contents: EwfContents) -> EwfImage:
    """The image with everything its segments say together."""
    geometry = check_volume(contents)
    check_end(contents, len(files))
    check_sizes(contents)
    check_headers(contents)
    check_digests(contents)
    missing, unplaced = None, 0
    if geometry is not None and contents.volume is not None:
        check_unreadable(contents, contents.volume)
        missing, unplaced = place_chunks(
            contents,
            segments.fronts_of_gaps(contents.broken_segments, ends=contents.done_segment is not None),
            geometry,
        )
    return EwfImage(files, segments, contents, geometry, missing, unplaced)
