"""The durable part of an unfinished image, read back from the medium and compared with what its journal says.

Nothing on disk is changed here. What comes out is what the job needs to go on: every digest where it stood.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from image.consumers import Consumer, FileDigests, WholeDigest
from image.digests import Hasher
from image.durable_part import ADVICE, DurablePart, require_possible
from image.errors import DestinationError
from image.fan_out import FanOut
from image.folder_row import located
from image.forms import ImageForm
from image.lanes import worker_pool
from image.media_digest import MediaDigester
from image.part_consumers import MediaProof, SampledSectors
from image.reopening import forget_cached, require_file
from image.segment_files import SegmentFiles
from image.writing import do_nothing

SMALL_PART_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class ProvenPart:
    """A part that is on the medium as the journal says, with the digests as they stood at its watermark.

    `hashers` are of the media, one for each algorithm but SHA-256, which `media` holds; `file_hasher` is the
    SHA-256 of the open segment file, None for raw; `samples` are the sectors that were asked for, by number.
    """

    part: DurablePart
    hashers: Mapping[str, Hasher]
    media: MediaDigester
    file_hasher: Hasher | None
    samples: Mapping[int, bytes]


def _ignore(_: int) -> None:
    """Tell nobody how far the reading is."""


def prove_part(
    output: Path,
    part: DurablePart,
    form: ImageForm,
    algorithms: Collection[str],
    samples: Collection[int] = (),
    passed: Callable[[int], None] = _ignore,
    folders: Sequence[Path] = (),
) -> ProvenPart:
    """Read the part at `output`, a path without extension, from the medium, and prove it.

    `passed` is called with the bytes of media of each piece; what it raises ends the reading. `samples` are
    sectors before the watermark; `folders` hold what is not beside the journal. Of several outputs each is proven,
    against the part that they all share.

    Raises:
        DestinationError: a file is not there, is shorter, cannot be read, or is not what was written; names the
            first range of media that differs, or the file.
    """
    limits = form.limits
    require_possible(part, output.name, limits)
    whole = [WholeDigest(name) for name in algorithms if name != "sha256"]
    media = MediaProof(output, part, limits.sector_size_bytes)
    sampled = SampledSectors(samples, limits.sector_size_bytes)
    with _files_of(output, part, folders) as files:
        wanted = [frozenset[str]() if limits.is_raw else frozenset({"sha256"})] * len(files)
        stored = FileDigests(files, wanted, do_nothing)
        _pass(files, part, form, [media, *whole, sampled, *([] if limits.is_raw else [stored])], passed)
    _require_same_files(output, part, stored)
    hashers = {item.algorithm: item.hasher for item in whole}
    return ProvenPart(part, hashers, media.digester, stored.last_hashers.get("sha256"), sampled.found)


@contextmanager
def _files_of(output: Path, part: DurablePart, folders: Sequence[Path]) -> Iterator[SegmentFiles]:
    """The segment files of the part, each as far as it is durable, out of the page cache.

    Raises:
        DestinationError: one is not there, or is not what the journal says by its kind or size.
    """
    paths = [located((output.parent, *folders), name) for name, _ in part.files]
    for path, (name, length_bytes) in zip(paths, part.files, strict=True):
        try:
            require_file(path, length_bytes, exactly=name != part.file)
            forget_cached(path)
        except OSError as error:
            what = f"the image is not what was written ({error.strerror or error})"
            raise DestinationError(what, str(path), ADVICE) from error
    with SegmentFiles(paths, [length_bytes for _, length_bytes in part.files]) as files:
        yield files


def _pass(
    files: SegmentFiles,
    part: DurablePart,
    form: ImageForm,
    consumers: Sequence[Consumer],
    passed: Callable[[int], None],
) -> None:
    """Give all the media of the part to every consumer, segment files closed as they are done with.

    Raises:
        DestinationError: the media is not what was written.
    """
    small = part.next_sector * form.limits.sector_size_bytes <= SMALL_PART_BYTES
    segment = 0
    with (
        nullcontext(None) if small else worker_pool("decode") as pool,
        FanOut(consumers, threaded=not small, piece_bytes=form.piece_bytes) as fan_out,
    ):
        for piece in form.media(files, part, pool):
            size_bytes, index = len(piece.data), piece.segment_index
            fan_out.put(piece)
            passed(size_bytes)
            if index > segment:
                segment = index
                files.close_before(segment)
        fan_out.finish()


def _require_same_files(output: Path, part: DurablePart, stored: FileDigests) -> None:
    """Compare the digests of the segment files.

    Raises:
        DestinationError: one differs, or could not be read to its end.
    """
    for error in stored.errors:
        path = output.with_name(part.files[error.segment_index][0])
        raise DestinationError(f"the image cannot be read back ({error.reason})", str(path), ADVICE)
    promised = [item.sha256 for item in part.closed] + ([] if part.file is None else [part.file_sha256])
    for index, (expected, (name, length_bytes)) in enumerate(zip(promised, part.files, strict=True)):
        if expected is not None and stored.digests.get((index, "sha256")) != expected:
            where = f"{output.with_name(name)}, bytes 0 to {length_bytes - 1}"
            raise DestinationError("the image is not what was written (its SHA-256 differs)", where, ADVICE)
