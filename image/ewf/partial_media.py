"""The media of an E01 set that is not finished: its last segment file ends behind a whole group, without an end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from image.durable_part import ADVICE, DurablePart
from image.errors import DestinationError
from image.ewf.decoding import ChunkGeometry
from image.ewf.media_walk import BATCH_BYTES, MediaWalk
from image.ewf.section_reader import EwfContents
from image.ewf.sections import Volume
from image.ewf.segment_reader import SegmentReader
from image.finding_list import FindingList
from image.findings import Finding
from image.media_pieces import MediaPiece
from image.segment_files import SegmentFiles


def ewf_piece_bytes(chunk_bytes: int) -> int:
    """The bytes of media in the largest piece of a set that we write."""
    return max(BATCH_BYTES, chunk_bytes)


def partial_media(
    files: SegmentFiles, part: DurablePart, volume: Volume, pool: ThreadPoolExecutor | None
) -> Iterator[MediaPiece]:
    """The media of the part in order; `volume` is what each of its segments must say.

    Raises:
        DestinationError: a section, the number of chunks or the volume is not what was written.
    """
    contents = EwfContents(FindingList())
    for index in range(len(files)):
        SegmentReader(files, index, index + 1, contents).read()
        files.close_before(index)
    _require_sound(contents, files, part, volume)
    geometry = ChunkGeometry(volume.chunk_bytes, volume.sectors_per_chunk, part.next_sector)
    return MediaWalk(files, contents, geometry, len(contents.tables)).pieces(pool)


def _require_sound(contents: EwfContents, files: SegmentFiles, part: DurablePart, volume: Volume) -> None:
    """See that the sections are those that were written.

    Raises:
        DestinationError: they are not; names the first that differs.
    """
    for item in contents.findings.as_tuple():
        if not _is_open_end(item, part):
            where = f"{files.paths[0].with_name(item.segment or '')}, byte {item.offset_bytes}"
            raise DestinationError(f"the image is not what was written ({item.detail})", where, ADVICE)
    wanted = -(-part.next_sector // volume.sectors_per_chunk)
    if len(files) and contents.volume != volume:
        what = "the image is not what was written (its volume section says otherwise)"
        raise DestinationError(what, str(files.paths[0]), ADVICE)
    if contents.tables.chunk_count != wanted:
        what = f"the image is not what was written ({contents.tables.chunk_count} chunks instead of {wanted})"
        raise DestinationError(what, str(files.paths[-1]), ADVICE)


def _is_open_end(item: Finding, part: DurablePart) -> bool:
    """Whether this is only the place where the open segment will be written further."""
    place = (item.segment, item.offset_bytes)
    return item.code == "segment-truncated" and part.file is not None and place == (part.file, part.length_bytes)
