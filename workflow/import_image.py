"""Importing an image that the case did not make: looked at, verified by re-reading, recorded with who says what.

The image stays where it is. Its logs are copied into the case as attachments.
"""

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from casedb.import_intake import ImageImported
from image.errors import ImageNotReadError, SourceError
from image.finding_list import FindingList
from image.imported import IMAGE_HEADER, MANIFEST, StatedFact
from image.job import SourceImage, StatedDigest
from image.manifest import Manifest, SegmentRecord
from image.progress import Listener
from image.sidecars import stem_of
from image.stated import stated_by
from image.times import Clock
from verify.manifest_beside import FoundManifest, load_manifest
from verify.verdict import VerificationResult
from workflow.attach_file import CopiedFile, keep_copy, record_attachment
from workflow.case_opening import write_case
from workflow.describe_image import DescribedImage, look_at_image
from workflow.first_segment import require_first_segment
from workflow.imported_facts import disagreements, facts_of_image, facts_of_manifest, facts_of_record
from workflow.imported_logs import ReadLog, read_log
from workflow.verify_exhibit import VerifyOptions, verify_file

if TYPE_CHECKING:
    from casedb.case_store import CaseStore
    from casedb.records import Attachment, ImportedImage, Verification

LOG_OF_IMPORT = "log that came with the imported image"


@dataclass(frozen=True)
class ImportOrder:
    """One image to import, named by its first segment, with its logs and what a person states of it.

    Without `verify` it is not read; `options` say how it is.
    """

    image: Path
    exhibit: str
    logs: tuple[Path, ...] = ()
    entered: tuple[StatedFact, ...] = ()
    verify: bool = True
    options: VerifyOptions = field(default_factory=VerifyOptions)


@dataclass(frozen=True)
class ImageImport:
    """What an import came to: the image in the record, its logs, and its verification where there was one."""

    imported: "ImportedImage"
    attachments: "tuple[Attachment, ...]"
    result: VerificationResult | None
    verification: "Verification | None"
    notes: tuple[str, ...] = ()


def import_image(
    case_folder: Path, order: ImportOrder, clock: Clock, listener: Listener, stop: threading.Event
) -> ImageImport:
    """Import one image; nothing is recorded before it was read to its end.

    Raises:
        SourceError: there is no such image.
        ImageNotReadError: the image or a log cannot be read, or its acquisition did not reach its end.
        UsageError: no such exhibit, or the case knows the image.
        CaseError: the case cannot be used, or not everything could be recorded.
        StoppedError: stopped before the end; nothing was recorded.
    """
    require_first_segment(order.image)
    with write_case(case_folder, clock) as store:
        exhibit, case = store.exhibit(order.exhibit), store.case()
        image = _LookedAt(order)
        store.refuse_known_image(str(stem_of(order.image)), image.manifest_sha256)
        result = _verified(order, image, clock, listener, stop)
        stated = (*order.entered, *image.facts)
        warnings = disagreements((*facts_of_record(case, exhibit), *stated))
        facts = image.as_recorded(stated, tuple(map(str, warnings)), result)
        copies = tuple(_kept(store, log) for log in image.logs)
        imported = store.import_image(facts, order.exhibit)
        attachments = tuple(
            record_attachment(store, order.exhibit, log.path.name, copy, imported.sequence, LOG_OF_IMPORT)
            for log, copy in zip(image.logs, copies, strict=True)
        )
        verification = (
            store.record_verification(result, order.exhibit, imported.sequence) if result is not None else None
        )
        return ImageImport(imported, attachments, result, verification, image.notes)


def _kept(store: "CaseStore", log: ReadLog) -> CopiedFile:
    """Copy a log into the case.

    Raises:
        SourceError: it is not the one that was read before.
    """
    copied = keep_copy(store.folder, log.path)
    if copied.sha256 != log.record.sha256:
        raise SourceError("the log changed while it was read", str(log.path), "Close what writes it, and repeat")
    return copied


class _LookedAt:
    """An image with its manifest and logs, as far as they tell without its media."""

    def __init__(self, order: ImportOrder) -> None:
        self._order = order
        findings = FindingList()
        self.described: DescribedImage = look_at_image(order.image)
        self.found: FoundManifest | None = load_manifest(order.image, None, findings)
        codes = {item.code for item in findings.as_tuple()}
        if "acquisition-incomplete" in codes:
            do = "Finish it with: diskwitness acquire --resume"
            raise ImageNotReadError("the acquisition of this image did not reach its end", str(order.image), do)
        self.notes = tuple(item.detail for item in findings.as_tuple())
        self.logs = tuple(read_log(path, self.described.description.sector_size_bytes) for path in order.logs)

    @property
    def manifest(self) -> Manifest | None:
        """A manifest of ours, where there is one."""
        return self.found.manifest if self.found is not None else None

    @property
    def manifest_sha256(self) -> str | None:
        """The SHA-256 of exactly its bytes."""
        return self.found.sha256 if self.found is not None else None

    @property
    def facts(self) -> tuple[StatedFact, ...]:
        """What manifest, image and logs state."""
        stated = facts_of_manifest(self.manifest) if self.manifest is not None else ()
        from_logs = tuple(fact for log in self.logs for fact in log.facts)
        return (*stated, *facts_of_image(self.described.description), *from_logs)

    def as_recorded(
        self, facts: tuple[StatedFact, ...], warnings: tuple[str, ...], result: VerificationResult | None
    ) -> ImageImported:
        """What the ledger is told."""
        return ImageImported(
            path=str(stem_of(self._order.image)),
            image=self._stated_image(),
            facts=facts,
            warnings=warnings,
            logs=tuple(log.record for log in self.logs),
            segments=result.segments if result is not None else self._segments_unread(),
            digests=dict(result.digests) if result is not None else {},
            manifest=self.manifest,
            manifest_sha256=self.manifest_sha256,
        )

    def _stated_image(self) -> SourceImage:
        """The image as it and its manifest state it, with every digest of its media that anybody states."""
        description, manifest = self.described.description, self.manifest
        stored = tuple((description.stored_digests or {}).items())
        ours = tuple(manifest.media.digests.items()) if manifest is not None else ()
        digests = [StatedDigest(name, value, MANIFEST) for name, value in ours]
        digests += [StatedDigest(name, value, IMAGE_HEADER) for name, value in stored if value]
        digests += [digest for log in self.logs for digest in log.digests]
        stated = stated_by(replace(description, path=str(self._order.image.absolute())), manifest)
        return replace(stated, digests=tuple(digests), manifest_sha256=self.manifest_sha256)

    def _segments_unread(self) -> tuple[SegmentRecord, ...]:
        """The segment files of an image that was not read: names and sizes alone."""
        return tuple(
            SegmentRecord(item.name, item.size_bytes, "", 0, 0, "") for item in self.described.description.segments
        )


def _verified(
    order: ImportOrder, image: _LookedAt, clock: Clock, listener: Listener, stop: threading.Event
) -> VerificationResult | None:
    """The verification of the image against everything that its logs say; None where none is wanted."""
    if not order.verify:
        return None
    options = replace(
        order.options,
        checksum_files=tuple(log.path for log in image.logs if log.has_digests),
        bad_sector_map=next((log.path for log in image.logs if log.is_map), None),
        hash_files=True,
    )
    return verify_file(order.image, options, clock, listener, stop)
