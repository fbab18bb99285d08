"""Images that were made elsewhere, as facts for the ledger, and the rows that they come to.

The fields are part of the ledger's bytes: one may be added with a default, none renamed or taken away.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from casedb.image_projections import imported_rows, segment_rows
from casedb.rows import Row, Written, row
from image.imported import ImportedLog, StatedFact
from image.job import SourceImage
from image.manifest import Manifest, SegmentRecord


@dataclass(frozen=True)
class ImageImported:
    """An image that the case did not make: what it, its logs and people state, each with its origin.

    `path` is its first segment without extension, as the record keeps paths. `segments` are as found, with their
    SHA-256 where they were read; `digests` those computed of the media. `manifest` is ours, whole, if it has one.
    `warnings` are what two of these facts disagree in.
    """

    path: str
    image: SourceImage
    facts: tuple[StatedFact, ...]
    warnings: tuple[str, ...] = ()
    logs: tuple[ImportedLog, ...] = ()
    segments: tuple[SegmentRecord, ...] = ()
    digests: dict[str, str] | None = None
    manifest: Manifest | None = None
    manifest_sha256: str | None = None


@dataclass(frozen=True)
class ImageRelocated:
    """An image lies elsewhere now, where it was verified first. `acquisition` is the entry that began or
    imported it.

    Paths are without extension, as the record keeps them. `verified_by` says how: by which recorded digests.
    """

    acquisition: int
    old_path: str
    path: str
    verified_by: str
    segment_count: int


def import_rows(written: Written, facts: ImageImported) -> Iterable[Row]:
    """An imported image; with a manifest of ours it is a whole acquisition besides."""
    sequence, image = written.entry.seq, facts.image
    yield row(
        "imports",
        sequence=sequence,
        exhibit=written.entry.exhibit,
        path=facts.path,
        format=image.format,
        media_size_bytes=image.media_size_bytes,
        has_manifest=int(facts.manifest is not None),
    )
    if facts.manifest is not None:
        yield from imported_rows(written, facts.manifest, facts.manifest_sha256, facts.path)
    else:
        yield from segment_rows(sequence, facts.segments, facts.digests or {})


def relocation_rows(written: Written, facts: ImageRelocated) -> Iterable[Row]:
    """Where an image went."""
    yield row(
        "relocations",
        sequence=written.entry.seq,
        acquisition=facts.acquisition,
        old_path=facts.old_path,
        path=facts.path,
    )
