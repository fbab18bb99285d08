"""The files whose SHA-256 the record holds: reports, signed reports, attachments, manifests and segments."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from casedb import import_queries, queries
from casedb.ledger_reading import RowSource
from casedb.records import Acquisition, ImportedImage, SegmentRecord
from image.sidecars import Sidecar

_SINGLE_FILES = {
    "report": "SELECT sequence, file, sha256 FROM reports",
    "signed report": "SELECT sequence, file, sha256 FROM report_signatures",
    "attachment": "SELECT sequence, file, sha256 FROM attachments",
}
_FOREIGN_IMAGES = "SELECT sequence FROM imports WHERE has_manifest = 0"


@dataclass(frozen=True)
class RecordedFile:
    """A file as the record knows it: its path (relative in the case folder, else absolute), digest, kind, entry."""

    path: str
    sha256: str
    what: str
    entry: int


class FileState(Enum):
    """How a recorded file stands today."""

    AS_RECORDED = "as recorded"
    DIFFERS = "differs"
    NOT_HERE = "not here"


def read_recorded_files(rows: RowSource) -> tuple[RecordedFile, ...]:
    """Every file whose SHA-256 the record holds, in the order of their entries."""
    found: list[RecordedFile] = []
    for what, sql in _SINGLE_FILES.items():
        found += [RecordedFile(row["file"], row["sha256"], what, row["sequence"]) for row in rows.query(sql)]
    for acquisition in queries.read_all_acquisitions(rows):
        found += _files_of_image(acquisition)
    for sequence in [row["sequence"] for row in rows.query(_FOREIGN_IMAGES)]:
        found += _files_of_import(import_queries.read_import(rows, sequence))
    return tuple(sorted(found, key=lambda item: item.entry))


def _files_of_image(acquisition: Acquisition) -> Iterator[RecordedFile]:
    """The manifest and the segments of a finished image, at each of its places."""
    manifest, sequence = acquisition.manifest, acquisition.finished_sequence
    if manifest is None or sequence is None:
        return
    for path in acquisition.paths:
        stem = PurePosixPath(path)
        name = f"{stem.name}{Sidecar.MANIFEST.value}"
        if acquisition.manifest_sha256 is not None:
            yield RecordedFile(str(stem.with_name(name)), acquisition.manifest_sha256, "manifest", sequence)
        yield from _segments(manifest.segments, stem, sequence)


def _files_of_import(imported: ImportedImage) -> Iterator[RecordedFile]:
    """The segments of an image that was made elsewhere, as far as they were read."""
    read = tuple(item for item in imported.segments if item.sha256)
    yield from _segments(read, PurePosixPath(imported.path), imported.sequence)


def _segments(segments: Iterable[SegmentRecord], stem: PurePosixPath, sequence: int) -> Iterator[RecordedFile]:
    """The segments of an image at this path without extension."""
    for segment in segments:
        folder = PurePosixPath(segment.folder) if segment.folder else stem.parent
        yield RecordedFile(str(folder / segment.file), segment.sha256, "segment", sequence)


def states_of(
    files: Iterable[RecordedFile], digest_of: Callable[[str], str | None]
) -> Iterator[tuple[RecordedFile, FileState]]:
    """How each file stands; `digest_of` gives the SHA-256 of the file at a path, None where there is none."""
    for item in files:
        found = digest_of(item.path)
        if found is None:
            yield item, FileState.NOT_HERE
        else:
            yield item, FileState.AS_RECORDED if found == item.sha256 else FileState.DIFFERS
