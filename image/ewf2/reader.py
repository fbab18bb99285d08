"""An Ex01 set, opened for proof: every section looked at, media decoded in order, each defect a finding.

Nothing is decoded until the media is walked, and the entries of sector tables are read only then, so that memory
does not grow with the image.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from image.errors import ImageNotReadError
from image.ewf.decoding import ChunkGeometry
from image.ewf.header import CaseHeader
from image.ewf.media_walk import largest_piece_bytes
from image.ewf2.chunk_access import Ewf2Access
from image.ewf2.contents import Ewf2Contents
from image.ewf2.media_facts import case_header
from image.ewf2.media_walk import MediaWalk
from image.ewf2.segment_reader import SegmentReader
from image.ewf2.set_checks import check_chunks, check_end, check_media, check_unreadable
from image.failure_guard import closed_on_failure
from image.finding_list import FindingList
from image.media_pieces import MediaPiece
from image.open_files import OpenFiles
from image.sectors import SectorRange
from image.segment_files import SegmentFiles
from image.segment_sets import FoundSegments, find_segments


@dataclass
class Ewf2Image(OpenFiles):
    """An open Ex01 set. `geometry` is None where nothing can be decoded."""

    segments: FoundSegments
    contents: Ewf2Contents
    geometry: ChunkGeometry | None

    @property
    def findings(self) -> FindingList:
        """Every defect met so far."""
        return self.contents.findings

    @property
    def header(self) -> CaseHeader | None:
        """The case data, None where the image has none."""
        return case_header(self.contents.device, self.contents.case)

    @property
    def is_raw(self) -> bool:
        """Its files hold more than the media."""
        return False

    @property
    def media_size_bytes(self) -> int:
        """Bytes of media data that the image should hold; 0 where it does not say."""
        geometry = self.geometry
        return geometry.sector_count * self.sector_size_bytes if geometry is not None else 0

    @property
    def sector_size_bytes(self) -> int:
        """Bytes in a sector; 0 where the image does not say."""
        return self.contents.device.bytes_per_sector if self.contents.device is not None else 0

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        return largest_piece_bytes(self.geometry)

    @property
    def stored_digests(self) -> tuple[tuple[str, str, str], ...]:
        """Section, algorithm and hex of every digest the image stores of its media."""
        return tuple(self.contents.digests)

    @property
    def unreadable(self) -> tuple[SectorRange, ...]:
        """The sectors that the error table calls unreadable."""
        return self.contents.unreadable

    @property
    def set_identifier(self) -> bytes | None:
        """The identifier that all segments share; None where no file header could be read."""
        return self.contents.header.set_identifier if self.contents.header is not None else None

    @property
    def incomplete_segments(self) -> frozenset[int]:
        """The segments of which a section is lost."""
        return frozenset(self.contents.broken_segments)

    def segment_ranges(self) -> tuple[SectorRange | None, ...]:
        """The sectors that each segment holds; None for one without chunks."""
        if self.geometry is None:
            return (None,) * len(self.files)
        chunks = self.contents.tables.chunks_of_segments(len(self.files))
        return tuple(self.geometry.sectors_of(first, end - first) for first, end in chunks)

    def media(self, pool: ThreadPoolExecutor | None = None) -> Iterator[MediaPiece]:
        """The media data in order, in pieces of about 2 MiB; defects become findings as they are passed.

        What is in no segment that could be read is left out.
        """
        if self.geometry is None:
            return iter(())
        return MediaWalk(self.files, self.contents, self.geometry).pieces(pool)

    def access(self) -> Ewf2Access:
        """The media at any place.

        Raises:
            ImageNotReadError: nothing can be decoded.
        """
        if self.geometry is None:
            raise ImageNotReadError("the image does not say how its media is stored", str(self.files.paths[0]))
        return Ewf2Access(self.files, self.contents, self.geometry)


def open_ewf2(
    first_segment: Path, expected_names: tuple[str, ...] = (), folders: tuple[Path, ...] = ()
) -> Ewf2Image:
    """Open the set that begins with this segment and read every section of every segment.

    `expected_names` are the segment files that a manifest lists: those that are not there are missing too.
    `folders` hold the segments that are not beside the first one.

    Raises:
        ImageNotReadError: the first segment is not there, not a file, or a further segment of a set; the set is
            encrypted, of an unknown version, or compressed in an unknown way.
    """
    findings = FindingList()
    segments = find_segments(first_segment, expected_names, findings, folders)
    files = SegmentFiles(segments.paths)
    contents = Ewf2Contents(findings)
    with closed_on_failure(files):
        for index, number in enumerate(segments.numbers):
            SegmentReader(files, index, number, contents).read()
            files.close_before(index)
        return _opened(files, segments, contents)


def _opened(files: SegmentFiles, segments: FoundSegments, contents: Ewf2Contents) -> Ewf2Image:
    """The image with everything its segments say together."""
    geometry = check_media(contents)
    check_end(contents, len(files))
    if geometry is not None:
        check_unreadable(contents, geometry.sector_count)
        check_chunks(
            contents,
            segments.fronts_of_gaps(contents.broken_segments, ends=contents.done_segment is not None),
            geometry,
        )
    return Ewf2Image(files, segments, contents, geometry)
