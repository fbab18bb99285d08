"""The journal of an interrupted acquisition, read back: hostile until every value in it is found to be possible."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from acquire.journal import JOURNAL_KIND, JOURNAL_VERSION, Journal, is_intact
from acquire.rescue_passes import RescuePass
from image.bounded_files import read_bounded
from image.digests import ALGORITHMS
from image.errors import DestinationError, ImageNotReadError
from image.job import EarlierVersion, Job, Parameters, RescueParameters, SourceFacts
from image.manifest import MANIFEST_KIND, MANIFEST_VERSION, Manifest
from image.manifest_file import MAXIMUM_BYTES, decode_record, encode_record
from image.media_digest import PREFIX_STEP_BYTES
from image.read_record import ReadRecord
from image.sectors import SectorRange, compact_ranges

FORMATS = ("e01", "raw")
COMPRESSIONS = (None, "none", "fast", "best")
ON_ERROR = ("continue", "abort")
SECTOR_SIZES_BYTES = (512, 1024, 2048, 4096)
MAXIMUM_SIZE_BYTES = 2**63 - 1
PASSES = frozenset(item.value for item in RescuePass)
SHA256_CHARACTERS = 64
MAXIMUM_OTHER_BYTES = 64 * 1024 * 1024
"""Of a journal without its unreadable ranges: the digests of the first 50 TiB of media."""
VERSIONS = {JOURNAL_KIND: JOURNAL_VERSION, MANIFEST_KIND: MANIFEST_VERSION}


class UnusableJournalError(Exception):
    """What stands in a journal's place is none that this program wrote whole; says why."""


@dataclass(frozen=True)
class _Label:
    """What a record says it is."""

    kind: str = ""
    version: int = 0


def read_journal(path: Path) -> tuple[Journal | Manifest, bytes]:
    """The journal in this file, or the finished manifest that only lacks its name; and the bytes of either.

    Raises:
        UnusableJournalError: neither.
        DestinationError: a later version wrote it, or it cannot be read now.
    """
    contents = _contents(path)
    try:
        label = decode_record(contents, _Label, str(path), MAXIMUM_OTHER_BYTES)
        if VERSIONS.get(label.kind, label.version) < label.version:
            found = f"{label.kind} version {label.version}"
            raise DestinationError(f"a later version began this image ({found})", str(path), "Use that version")
        if label.kind == MANIFEST_KIND:
            return _manifest(contents, path), contents
        journal = decode_record(contents, Journal, str(path), MAXIMUM_OTHER_BYTES)
    except ImageNotReadError as error:
        raise UnusableJournalError("it is not whole") from error
    if not is_intact(contents):
        raise UnusableJournalError("its bytes are not those that were written")
    _require_possible(journal)
    return journal, contents


def _contents(path: Path) -> bytes:
    """The bytes of the file."""
    try:
        return read_bounded(path, MAXIMUM_BYTES, "journal")
    except ImageNotReadError as error:
        raise DestinationError(error.what, error.where, error.do) from error


def _manifest(contents: bytes, path: Path) -> Manifest:
    """A finished manifest, exactly as this program writes it."""
    manifest = decode_record(contents, Manifest, str(path))
    if encode_record(manifest) != contents:
        raise UnusableJournalError("its bytes are not those that were written")
    if impossible := impossible_values(manifest):
        raise UnusableJournalError(f"values that cannot be: {', '.join(impossible)}")
    return manifest


def impossible_values(record: Journal | Manifest) -> list[str]:
    """The names of what no acquisition of this program can have recorded; a manifest is as hostile as a journal."""
    parameters = record.job.parameters
    impossible = [
        *_wrong_parameters(parameters),
        *_wrong_source(record.job.source, parameters),
        *_wrong_reading(record.read, parameters.sector_count),
    ]
    if isinstance(record, Manifest):
        return impossible + _wrong_image(record)
    return impossible + ([] if 0 <= record.watermark.next_sector <= parameters.sector_count else ["next_sector"])


def _wrong_image(manifest: Manifest) -> list[str]:
    """What no whole image can be."""
    media, source, parameters = manifest.media, manifest.job.source, manifest.job.parameters
    is_possible = {
        "segments": bool(manifest.segments) and all(_is_file_name(item.file) for item in manifest.segments),
        "media": media.sector_size_bytes == source.sector_size_bytes
        and media.size_bytes == parameters.sector_count * media.sector_size_bytes,
        "digests": bool(media.digests) and set(media.digests) <= set(ALGORITHMS),
    }
    return [name for name, good in is_possible.items() if not good]


def _is_file_name(text: str) -> bool:
    """Whether this can be the name of a file in a folder."""
    return text not in ("", ".", "..") and not set(text) & {"/", "\0"}


def _require_possible(journal: Journal) -> None:
    """See that a journal tells of an acquisition that this program can have begun.

    What it says of the image's files is looked at where they are read (image/part_proof).

    Raises:
        UnusableJournalError: a value that cannot be.
    """
    if journal.kind != JOURNAL_KIND or journal.prefix_step_bytes != PREFIX_STEP_BYTES:
        raise UnusableJournalError(f"a record of another kind ({journal.kind[:40]!a})")
    impossible = impossible_values(journal)
    if impossible:
        raise UnusableJournalError(f"values that cannot be: {', '.join(impossible)}")


def _wrong_parameters(parameters: Parameters) -> list[str]:
    """The parameters that no acquisition has."""
    is_possible = {
        "format": parameters.format in FORMATS,
        "compression": parameters.compression in COMPRESSIONS,
        "chunk_sectors": (parameters.chunk_sectors is None) == (parameters.format == "raw")
        and 1 <= (parameters.chunk_sectors or 1) <= 2**15,
        "segment_size_bytes": 0 <= parameters.segment_size_bytes <= MAXIMUM_SIZE_BYTES,
        "algorithms": bool(parameters.algorithms) and set(parameters.algorithms) <= set(ALGORITHMS),
        "retries": 0 <= parameters.retries <= 1000,
        "error_granularity_sectors": 1 <= parameters.error_granularity_sectors <= 65536,
        "on_error": parameters.on_error in ON_ERROR,
        "output_next": all(folder.startswith("/") and "\0" not in folder for folder in parameters.output_next),
        "set_identifier": _is_identifier(parameters.set_identifier),
        "wait_for_device_seconds": 0 <= parameters.wait_for_device_seconds <= MAXIMUM_SIZE_BYTES,
        "rescue": parameters.rescue is None or _is_rescue(parameters.rescue),
        "retry_of": parameters.retry_of is None or _is_earlier(parameters.retry_of),
    }
    return [name for name, good in is_possible.items() if not good]


def _is_rescue(rescue: RescueParameters) -> bool:
    """Whether a rescue can have been asked for like this: passes that there are, limits above zero."""
    limits = (rescue.max_error_rate, rescue.max_slow_reads, rescue.pass_timeout_seconds)
    return set(rescue.passes) <= PASSES and all(
        limit is None or 0 <= limit <= MAXIMUM_SIZE_BYTES for limit in limits
    )


def _is_earlier(earlier: EarlierVersion) -> bool:
    """Whether an image can be named like this: by its whole path, and by a manifest beside it."""
    is_path = earlier.image.startswith("/") and "\0" not in earlier.image
    return is_path and _is_file_name(earlier.manifest) and len(earlier.manifest_sha256) == SHA256_CHARACTERS


def _is_identifier(text: str | None) -> bool:
    """Whether this is the identifier of a set, or none."""
    try:
        return text is None or str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _wrong_source(source: SourceFacts, parameters: Parameters) -> list[str]:
    """The facts of the source that cannot be, and a range of it that it does not hold."""
    if source.sector_size_bytes not in SECTOR_SIZES_BYTES:
        return ["sector_size_bytes"]
    if not 0 < source.size_bytes <= MAXIMUM_SIZE_BYTES or source.size_bytes % source.sector_size_bytes:
        return ["size_bytes"]
    total = source.size_bytes // source.sector_size_bytes
    first, count = parameters.start_sector, parameters.sector_count
    return [] if first >= 0 and count >= 1 and first + count <= total else ["sector_count"]


def _wrong_reading(read: ReadRecord, sector_count: int) -> list[str]:
    """What of the history cannot be."""
    counts = (read.error_count, read.zero_sectors or 0, read.incompressible_sectors or 0)
    is_possible = {
        "unreadable": _is_merged(read.unreadable, sector_count),
        "errors": len(read.errors) <= read.error_count,
        "counts": all(0 <= count <= MAXIMUM_SIZE_BYTES for count in counts),
        "speed": all(sample.first_sector >= 0 and sample.seconds >= 0 for sample in read.speed),
    }
    return [name for name, good in is_possible.items() if not good]


def _is_merged(ranges: Sequence[SectorRange], sector_count: int) -> bool:
    """Whether the ranges are in order, apart from each other, and of the image."""
    return compact_ranges(ranges).merged() == ranges and (not ranges or ranges[-1].end_sector <= sector_count)


def same_job(one: Job, other: Job) -> bool:
    """Whether two journals are of one acquisition."""
    return (one.parameters, one.source, one.started, one.case_link) == (
        other.parameters,
        other.source,
        other.started,
        other.case_link,
    )
