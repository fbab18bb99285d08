"""The layout of an E01 set before a sector is read: chunks, groups and segments, within the limits of the format.

Pure: a source of any size can be planned. The limits are those of the specification ("Volume section",
"Table section", "Segment file extensions") and of the readers in use.
"""

from dataclasses import dataclass

from image.errors import UsageError
from image.ewf.layout import CHECKSUM_BYTES
from image.ewf.sections import DESCRIPTOR_BYTES
from image.ewf.table_section import ENTRY_BYTES, MAXIMUM_ENTRIES_OLD, TABLE_HEADER_BYTES
from image.segment_names import MAXIMUM_EWF_SEGMENTS

MIB = 1024 * 1024
MINIMUM_CHUNK_SECTORS = 64
MAXIMUM_CHUNK_SECTORS = 32_768
MAXIMUM_CHUNK_SIZE_BYTES = 16 * MIB
MAXIMUM_CHUNK_COUNT = 2**31 - 1
# libewf 20140813, which most distributions carry, opens no image of more chunks than this.
WIDELY_READABLE_CHUNK_COUNT = 2**27 - 1
MAXIMUM_GROUP_MEDIA_BYTES = 32 * MIB
DEFAULT_SEGMENT_SIZE_BYTES = 2_000 * MIB
SEGMENT_MARGIN_BYTES = 64 * 1024


@dataclass(frozen=True)
class EwfPlan:
    """How a source of `sector_count` sectors is laid out. `segment_size_bytes` 0 means one file.

    `notes` say what was chosen instead of the default, in the examiner's words.
    """

    sector_count: int
    sector_size_bytes: int
    chunk_sectors: int
    segment_size_bytes: int
    chunk_count: int
    chunks_per_group: int
    worst_case_segments: int
    worst_case_bytes: int
    notes: tuple[str, ...] = ()

    @property
    def chunk_size_bytes(self) -> int:
        """The media bytes of a whole chunk."""
        return self.chunk_sectors * self.sector_size_bytes


def plan_ewf(
    sector_count: int,
    sector_size_bytes: int,
    chunk_sectors: int | None = None,
    segment_size_bytes: int | None = None,
) -> EwfPlan:
    """The layout for a source; None lets the plan choose the chunk or segment size.

    Raises:
        UsageError: a size the format cannot hold, with the size to choose instead.
    """
    notes: list[str] = []
    chunk = _chosen_chunk(sector_count, sector_size_bytes, notes) if chunk_sectors is None else chunk_sectors
    _check_chunk(chunk, sector_count, sector_size_bytes, notes)
    chunk_count = -(-sector_count // chunk)
    chunk_bytes = chunk * sector_size_bytes
    per_group = max(1, min(MAXIMUM_GROUP_MEDIA_BYTES // chunk_bytes, MAXIMUM_ENTRIES_OLD))
    worst_bytes = _worst_case_bytes(chunk_count, chunk_bytes, per_group)
    if segment_size_bytes is None:
        size = _chosen_segment_size(worst_bytes, chunk_bytes, per_group, notes)
    else:
        # A size below a sector must not round down to 0, which is one file.
        size = segment_size_bytes - segment_size_bytes % sector_size_bytes or segment_size_bytes
    segments = _check_segment_size(size, worst_bytes, chunk_bytes, per_group)
    return EwfPlan(
        sector_count, sector_size_bytes, chunk, size, chunk_count, per_group, segments, worst_bytes, tuple(notes)
    )


def group_overhead_bytes(chunks: int) -> int:
    """What a group of this many chunks takes beside its chunks: three descriptors and two tables."""
    table = TABLE_HEADER_BYTES + chunks * ENTRY_BYTES + CHECKSUM_BYTES
    return 3 * DESCRIPTOR_BYTES + 2 * table


def _chosen_chunk(sector_count: int, sector_size_bytes: int, notes: list[str]) -> int:
    """The smallest chunk from the default up that keeps the image readable for the tools in use."""
    chunk = MINIMUM_CHUNK_SECTORS
    largest = MAXIMUM_CHUNK_SIZE_BYTES // sector_size_bytes
    while -(-sector_count // chunk) > WIDELY_READABLE_CHUNK_COUNT and chunk < largest:
        chunk *= 2
    if chunk != MINIMUM_CHUNK_SECTORS:
        notes.append(
            f"chunks of {chunk} sectors instead of {MINIMUM_CHUNK_SECTORS}: common readers cannot open more than "
            f"{WIDELY_READABLE_CHUNK_COUNT} chunks"
        )
    return chunk


def _check_chunk(chunk: int, sector_count: int, sector_size_bytes: int, notes: list[str]) -> None:
    largest = min(MAXIMUM_CHUNK_SECTORS, MAXIMUM_CHUNK_SIZE_BYTES // sector_size_bytes)
    if not MINIMUM_CHUNK_SECTORS <= chunk <= largest or chunk & (chunk - 1):
        raise UsageError(
            f"no chunk of {chunk} sectors is possible",
            f"sectors of {sector_size_bytes} bytes",
            f"Choose a power of two from {MINIMUM_CHUNK_SECTORS} to {largest} with --chunk-sectors",
        )
    chunk_count = -(-sector_count // chunk)
    if chunk_count > MAXIMUM_CHUNK_COUNT:
        raise UsageError(
            f"{chunk_count} chunks are more than E01 can count",
            f"{sector_count} sectors in chunks of {chunk}",
            f"Choose --chunk-sectors {_fitting_chunk(sector_count, largest)} or --format raw",
        )
    if chunk_count > WIDELY_READABLE_CHUNK_COUNT:
        notes.append(
            f"{chunk_count} chunks: libewf before 2023 cannot open so many; larger --chunk-sectors would help"
        )


def _fitting_chunk(sector_count: int, largest: int) -> int:
    """The smallest chunk size in sectors that can be counted."""
    chunk = MINIMUM_CHUNK_SECTORS
    while -(-sector_count // chunk) > MAXIMUM_CHUNK_COUNT and chunk < largest:
        chunk *= 2
    return chunk


def _worst_case_bytes(chunk_count: int, chunk_bytes: int, per_group: int) -> int:
    """The space of the set when no chunk shrinks, all groups full."""
    groups = -(-chunk_count // per_group)
    chunks = chunk_count * (chunk_bytes + CHECKSUM_BYTES + 2 * ENTRY_BYTES)
    return chunks + groups * group_overhead_bytes(0) + SEGMENT_MARGIN_BYTES


def _usable_bytes(segment_size_bytes: int, chunk_bytes: int, per_group: int) -> int:
    """What a segment surely holds of the set: its size less the last chunk that did not fit and its frame."""
    groups = -(-segment_size_bytes // (chunk_bytes * per_group)) + 1
    waste = min(chunk_bytes + SEGMENT_MARGIN_BYTES // 2, segment_size_bytes // 2)
    return max(chunk_bytes, segment_size_bytes - waste - groups * group_overhead_bytes(0))


def _chosen_segment_size(worst_bytes: int, chunk_bytes: int, per_group: int, notes: list[str]) -> int:
    """The default size, or the smallest multiple of it that keeps the file names from running out."""
    size = DEFAULT_SEGMENT_SIZE_BYTES
    while -(-worst_bytes // _usable_bytes(size, chunk_bytes, per_group)) > MAXIMUM_EWF_SEGMENTS:
        size += DEFAULT_SEGMENT_SIZE_BYTES
    if size != DEFAULT_SEGMENT_SIZE_BYTES:
        notes.append(f"segments of {size // MIB} MiB: smaller ones could run out of file names (.E01 to .ZZZ)")
    return size


def _check_segment_size(size: int, worst_bytes: int, chunk_bytes: int, per_group: int) -> int:
    """The number of segments at worst.

    Raises:
        UsageError: smaller than a chunk and its frame, or so small that the names run out.
    """
    if size == 0:
        return 1
    smallest = chunk_bytes + SEGMENT_MARGIN_BYTES
    if size < smallest:
        raise UsageError(f"a segment of {size} bytes is too small", do=f"Choose --segment-size {smallest} or more")
    segments = -(-worst_bytes // _usable_bytes(size, chunk_bytes, per_group))
    if segments > MAXIMUM_EWF_SEGMENTS:
        fitting = _chosen_segment_size(worst_bytes, chunk_bytes, per_group, [])
        raise UsageError(
            f"{segments} segments could be needed, and only {MAXIMUM_EWF_SEGMENTS} have names",
            do=f"Choose --segment-size {fitting // MIB}MiB, or 0 for one file",
        )
    return segments
