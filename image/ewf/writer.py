"""The E01 writer: stretches of media in, segment files out, never a byte changed once it is written.

Layout of EnCase 6 (specification, "The sections"): header2 twice, header, volume; then groups of sectors, table and
table2; `next` at the end of every segment but the last; data, error2, digest, hash and done at the end of the set.
A group is written only when it is complete in memory, so its sizes are known and nothing is ever patched.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from image.buffers import Lease
from image.durable_part import NOTHING_DURABLE, DurablePart
from image.ewf.chunk_group import ChunkGroup
from image.ewf.chunks import ChunkEncoder, EncodedChunks
from image.ewf.digest_sections import encode_digest, encode_hash
from image.ewf.header import CaseHeader, encode_header, encode_header2, told_changes
from image.ewf.layout import ERROR2_ENTRY
from image.ewf.plan import EwfPlan
from image.ewf.range_sections import MAXIMUM_ERROR2_ENTRIES, encode_error2, fits_error2
from image.ewf.sections import (
    CompressionLevel,
    MediaFlags,
    MediaType,
    Volume,
    descriptor_at,
    encode_file_header,
    encode_volume,
)
from image.sectors import SectorRange
from image.segment_names import ewf_segment_name
from image.segments import SegmentSet
from image.writing import ClosedSegment, batch_size, do_nothing

TRAILER_RESERVE_BYTES = 2048
"""Room kept in every segment for what may end it: next, or data, digest, hash and done."""


@dataclass(frozen=True)
class EwfSettings:
    """What the set says of itself beside its media; `set_identifier` is a random GUID, 16 bytes."""

    header: CaseHeader
    compression: CompressionLevel
    set_identifier: bytes
    media_type: MediaType = MediaType.FIXED
    physical: bool = True
    error_granularity: int = 1


class EwfWriter:
    """Writes one E01 set of the planned layout, from its beginning or behind the part that is durable.

    To go on, the segment set must have been reopened at the same part.
    """

    def __init__(
        self,
        segments: SegmentSet,
        plan: EwfPlan,
        settings: EwfSettings,
        before_write: Callable[[], None] = do_nothing,
        part: DurablePart = NOTHING_DURABLE,
    ) -> None:
        self._before_write = before_write
        self._segments = segments
        self._plan = plan
        self._settings = settings
        self.stretch_bytes = plan.chunk_size_bytes
        stretch_bytes = batch_size(self.stretch_bytes)
        self._encoder = ChunkEncoder(plan.chunk_size_bytes, settings.compression, stretch_bytes)
        self._group = ChunkGroup()
        self._leases: list[Lease] = []
        self._segment_first_chunk = -(-part.open_first_sector // plan.chunk_sectors)
        self._chunks_written = -(-part.next_sector // plan.chunk_sectors)
        self._closed: list[ClosedSegment] = list(part.closed)

    def encode(self, media: memoryview) -> EncodedChunks:
        """The chunks of a stretch of media as they will be stored."""
        return self._encoder.encode(media)

    def append(self, media: memoryview, encoded: EncodedChunks) -> tuple[int, ...]:
        """Take in the next chunks; the offsets in the stretch, in bytes, at which a segment ended.

        Raises:
            DestinationError: no destination is left.
        """
        cuts: list[int] = []
        taken = taken_bytes = 0
        while taken < len(encoded.sizes):
            if self._segments.name is None:
                self._open_segment()
            fitting = self._fitting(encoded.sizes, taken)
            if not fitting:
                self._close_segment("next")
                cuts.append(min(taken * self._plan.chunk_size_bytes, len(media)))
                continue
            size_bytes = sum(encoded.sizes[taken : taken + fitting])
            self._take(encoded, taken, fitting, encoded.data[taken_bytes : taken_bytes + size_bytes])
            taken += fitting
            taken_bytes += size_bytes
        self._leases.append(encoded.lease)
        if not self._group:
            self._release()
        return tuple(cuts)

    def flush(self) -> None:
        """Write the pending chunks as a group of their own.

        Raises:
            DestinationError: no destination is left.
        """
        if not self._group:
            return
        self._before_write()
        self._segments.append(self._group.sections(self._segments.length_bytes))
        self._chunks_written += len(self._group)
        self._group = ChunkGroup()
        self._release()

    def finish(self, digests: dict[str, str], unreadable: Sequence[SectorRange]) -> None:
        """Write the sections that end the set, and close it.

        Raises:
            DestinationError: no destination is left.
        """
        if self._segments.name is None:
            self._open_segment()
        errors = self._error2(unreadable)
        self.flush()
        if self._segments.length_bytes + len(errors) + TRAILER_RESERVE_BYTES > self._limit():
            self._close_segment("next")
            self._open_segment()
        if not self._closed:
            self._append_section("data", self._volume())
        if errors:
            self._append_section("error2", errors)
        self._append_digests(digests)
        self._close_segment("done")

    @property
    def written_sectors(self) -> int:
        """The sectors whose bytes have gone to the segment set."""
        return min(self._chunks_written * self._plan.chunk_sectors, self._plan.sector_count)

    @property
    def closed(self) -> Sequence[ClosedSegment]:
        """The finished segments, in order."""
        return self._closed

    def unlisted(self, unreadable: Sequence[SectorRange]) -> tuple[SectorRange, ...]:
        """The unreadable ranges that error2 cannot name: map and manifest alone hold them."""
        listed = set(self._listed(unreadable))
        return tuple(sectors for sectors in unreadable if sectors not in listed)

    def changed_texts(self) -> tuple[str, ...]:
        """What its header does not say as it was given; of versions the manifest tells."""
        return told_changes(self._settings.header)

    def _release(self) -> None:
        """Let the buffers be used again whose chunks are all written."""
        leases, self._leases = self._leases, []
        for lease in leases:
            lease.release()

    def _fitting(self, sizes: tuple[int, ...], taken: int) -> int:
        """How many of the chunks from `taken` on fit into the pending group and the open segment."""
        wanted = sizes[taken : taken + self._plan.chunks_per_group - len(self._group)]
        return self._group.fitting(wanted, self._limit() - self._segments.length_bytes - TRAILER_RESERVE_BYTES)

    def _take(self, encoded: EncodedChunks, first: int, count: int, data: memoryview) -> None:
        """Add chunks to the pending group, and write it when it is full."""
        self._group.take(encoded, first, count, data)
        if len(self._group) == self._plan.chunks_per_group:
            self.flush()

    def _limit(self) -> int:
        """The size in bytes that a segment must not pass."""
        return self._plan.segment_size_bytes or 2**62

    def _open_segment(self) -> None:
        number = len(self._closed) + 1
        self._segments.open_next(lambda stem: ewf_segment_name(stem, number))
        self._segment_first_chunk = self._chunks_written
        self._segments.append([encode_file_header(number)])
        if number == 1:
            header2 = encode_header2(self._settings.header)
            self._append_section("header2", header2)
            self._append_section("header2", header2)
            self._append_section("header", encode_header(self._settings.header))
            self._append_section("volume", self._volume())
        else:
            self._append_section("data", self._volume())

    def _close_segment(self, last_section: str) -> None:
        self.flush()
        self._append_section(last_section, b"")
        name, size_bytes = self._segments.name or "", self._segments.length_bytes
        first = min(self._segment_first_chunk * self._plan.chunk_sectors, self._plan.sector_count)
        sha256 = self._segments.finish()
        self._closed.append(ClosedSegment(name, size_bytes, sha256, first, self.written_sectors - first))

    def _append_section(self, kind: str, contents: bytes) -> None:
        at = self._segments.length_bytes
        self._segments.append([descriptor_at(kind, at, len(contents)), contents])

    def _volume(self) -> bytes:
        """The contents of the volume and data sections, the same throughout the set."""
        return encode_volume(planned_volume(self._plan, self._settings))

    def _listed(self, unreadable: Sequence[SectorRange]) -> list[SectorRange]:
        """The ranges that error2 can name: 32-bit numbers, and no more of them than one segment holds."""
        fitting = [sectors for sectors in unreadable if fits_error2(sectors)]
        room = min(self._limit() - 8 * TRAILER_RESERVE_BYTES, 2**31)
        return fitting[: min(room // ERROR2_ENTRY.stored_bytes, MAXIMUM_ERROR2_ENTRIES)]

    def _error2(self, unreadable: Sequence[SectorRange]) -> bytes:
        listed = self._listed(unreadable)
        return encode_error2(listed) if listed else b""

    def _append_digests(self, digests: dict[str, str]) -> None:
        """The digest section (MD5 and SHA-1 together) and the hash section (MD5), as far as they were made."""
        if "md5" not in digests:
            return
        md5 = bytes.fromhex(digests["md5"])
        if "sha1" in digests:
            self._append_section("digest", encode_digest(md5, bytes.fromhex(digests["sha1"])))
        self._append_section("hash", encode_hash(md5))


def planned_volume(plan: EwfPlan, settings: EwfSettings) -> Volume:
    """What every segment of the set says of the media."""
    return Volume(
        chunk_count=plan.chunk_count,
        sectors_per_chunk=plan.chunk_sectors,
        bytes_per_sector=plan.sector_size_bytes,
        sector_count=plan.sector_count,
        media_type=settings.media_type,
        media_flags=MediaFlags.IMAGE_FILE | (MediaFlags.PHYSICAL if settings.physical else MediaFlags(0)),
        compression_level=settings.compression,
        error_granularity=settings.error_granularity,
        set_identifier=settings.set_identifier,
    )
