"""The files that a report carries with it: what bears it out and can be made again from the record alone."""

import hashlib
from collections.abc import Iterator

from casedb.records import Acquisition, CaseRecord, Manifest
from image.badmap import BadSectorMap, SectorState
from image.manifest_file import encode_record
from image.mapfile import MAXIMUM_BLOCKS, encode_mapfile
from report.attachments import Attachment, Relationship
from report.content import Record
from report.document import Report, ReportKind
from report.phrases import image_name
from report.subject import subject_of

CHECKPOINT_FILE = "checkpoint.txt"
_WITH_IMAGE = frozenset({ReportKind.ACQUISITION, ReportKind.VERIFICATION, ReportKind.STATEMENT})


def attachments_of(report: Report, record: Record) -> tuple[Attachment, ...]:
    """The checkpoint, and of an image its manifest, its list of digests and its map of unreadable sectors."""
    return tuple(_attachments(report, record))


def attachment_digests(attachments: tuple[Attachment, ...]) -> dict[str, str]:
    """The SHA-256 of each file by its name."""
    return {item.name: hashlib.sha256(item.content).hexdigest() for item in attachments}


def _attachments(report: Report, record: Record) -> Iterator[Attachment]:
    """One file after the other."""
    checkpoint = report.issue.checkpoint
    if checkpoint is not None:
        what = "Signed checkpoint of the ledger that the report was made of"
        yield Attachment(CHECKPOINT_FILE, "text/plain", Relationship.SUPPLEMENT, what, checkpoint.encode())
    if isinstance(record, CaseRecord) or report.kind not in _WITH_IMAGE:
        return
    acquisition = subject_of(record).acquisition
    if acquisition is not None and acquisition.manifest is not None and acquisition.manifest.segments:
        yield from _of_image(acquisition, acquisition.manifest)


def _of_image(acquisition: Acquisition, manifest: Manifest) -> Iterator[Attachment]:
    """The files of an image that its record can make again."""
    name = image_name(manifest) or "image"
    lines = "".join(f"{item.sha256}  {item.file}\n" for item in manifest.segments)
    what = "SHA-256 of each segment file, for sha256sum"
    yield Attachment(f"{name}.sha256", "text/plain", Relationship.DATA, what, _encoded(lines))
    mapfile = encode_mapfile(_map_of(manifest), manifest.media.sector_size_bytes)
    what = "Map of the sectors that were read and of those that were not (GNU ddrescue)"
    yield Attachment(f"{name}.map", "text/plain", Relationship.DATA, what, mapfile.encode())
    content = encode_record(manifest)
    same = hashlib.sha256(content).hexdigest() == acquisition.manifest_sha256
    what = (
        "Manifest of the image, as it lies beside it" if same else "Manifest of the image, as the record holds it"
    )
    yield Attachment(f"{name}.manifest.json", "application/json", Relationship.SOURCE, what, content)


def _map_of(manifest: Manifest) -> BadSectorMap:
    """Which sectors were read: all but those that were not."""
    return BadSectorMap.of_blocks(_blocks(manifest), MAXIMUM_BLOCKS)


def _blocks(manifest: Manifest) -> Iterator[tuple[int, int, SectorState]]:
    """First sector, sector count and state of each stretch, in order."""
    end = manifest.media.size_bytes // max(manifest.media.sector_size_bytes, 1)
    after = 0
    for item in manifest.read.unreadable:
        if item.first_sector > after:
            yield after, item.first_sector - after, SectorState.FINISHED
        yield item.first_sector, item.sector_count, SectorState.BAD_SECTOR
        after = item.first_sector + item.sector_count
    if end > after:
        yield after, end - after, SectorState.FINISHED


def _encoded(text: str) -> bytes:
    """Text as bytes; half a surrogate pair is spelled out."""
    return text.encode("utf-8", "backslashreplace")
