"""What an image of whatever origin states of the matter, the drive and its making: the one place that reads it.

A manifest of ours beside the image knows more than its header and is believed before it.
"""

from dataclasses import replace

from image.description import ImageDescription
from image.ewf.header import VALUE_CHARACTERS, CaseHeader
from image.job import CaseFields, SourceFacts, SourceImage
from image.manifest import Manifest
from image.sectors import count_sectors

IMAGE_KIND = "image"
"""What kind of source an image is (SourceFacts.kind)."""
_SILENT = CaseHeader()


def stated_by(description: ImageDescription, manifest: Manifest | None = None) -> SourceImage:
    """All that the image and its manifest state; digests, manifest and choices are for the caller to add."""
    header = description.header or _SILENT
    stated = SourceImage(
        path=description.path,
        format=description.format,
        segment_count=len(description.segments),
        stored_bytes=sum(segment.size_bytes for segment in description.segments),
        media_size_bytes=description.media_size_bytes,
        case=_case_of(header),
        acquired=header.acquired.isoformat() if header.acquired is not None else None,
        program=_told(header.program_version),
        system=_told(header.system_version),
        model=_told(header.model),
        serial=_told(header.serial),
        device_label=_told(header.device_label),
        media_type=description.media_type,
        is_physical=description.is_physical,
        set_identifier=description.set_identifier,
        unreadable_sectors=count_sectors(description.unreadable),
        session_count=len(description.sessions),
    )
    return stated if manifest is None else _recorded(stated, manifest)


def source_facts(stated: SourceImage, sector_size_bytes: int, sector_count: int) -> SourceFacts:
    """The image as the source of another one: its path, and the identity of the drive as far as it states it."""
    size_bytes = sector_count * sector_size_bytes
    device = stated.device or SourceFacts(stated.path, IMAGE_KIND, size_bytes, sector_size_bytes)
    return replace(
        device,
        path=stated.path,
        kind=IMAGE_KIND,
        size_bytes=size_bytes,
        sector_size_bytes=sector_size_bytes,
        model=stated.model,
        serial=stated.serial,
        signatures=(),
        reports=(),
    )


def _told(text: str) -> str | None:
    """A text of the header, no longer than a header of ours can hold it; None where it is empty."""
    return text[:VALUE_CHARACTERS] or None


def _case_of(header: CaseHeader) -> CaseFields:
    """What a header says of the matter; what it leaves empty is None."""
    return CaseFields(
        case_number=_told(header.case_number),
        exhibit_reference=_told(header.exhibit_reference),
        examiner=_told(header.examiner),
        description=_told(header.description),
        notes=_told(header.notes),
    )


def _recorded(stated: SourceImage, manifest: Manifest) -> SourceImage:
    """The same with what the manifest knows better; of an image that was itself converted, its origin's."""
    job, earlier = manifest.job, manifest.job.converted_from
    whole = job.source.partition_of is None and job.parameters.start_sector == 0
    return replace(
        stated,
        case=job.case,
        acquired=earlier.acquired if earlier is not None else str(job.started),
        program=f"{job.tool.name} {job.tool.version}",
        system=job.host.system,
        model=job.source.model or stated.model,
        serial=job.source.serial or stated.serial,
        device_label=stated.device_label or (earlier.device_label if earlier is not None else None),
        device=replace(job.source, reports=()) if earlier is None else earlier.device,
        media_type=stated.media_type or (earlier.media_type if earlier is not None else None),
        is_physical=whole if stated.is_physical is None else stated.is_physical,
        unreadable_sectors=count_sectors(manifest.read.unreadable),
        case_link=job.case_link,
    )
