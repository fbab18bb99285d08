"""What an image says of itself, read from its structure alone: no media data is read."""

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from image.ewf.header import CaseHeader
from image.ewf.range_sections import Session
from image.ewf.reader import EwfImage
from image.ewf.sections import CompressionLevel, MediaFlags, MediaType
from image.findings import Finding
from image.formats import VIRTUAL_DISKS, ImageFormat, recognise
from image.holes import tell_holes
from image.opening import OpenImage, open_image
from image.sectors import SectorRange, merge_ranges

MEDIA_TYPE_NAMES: dict[int, str] = {
    MediaType.REMOVABLE: "removable",
    MediaType.FIXED: "fixed",
    MediaType.OPTICAL: "optical",
    MediaType.LOGICAL_FILES: "logical files",
    MediaType.MEMORY: "memory",
}
_COMPRESSION_NAMES: dict[int, str] = {
    CompressionLevel.NONE: "none",
    CompressionLevel.FAST: "fast",
    CompressionLevel.BEST: "best",
}


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """A segment file as it is on disk."""

    name: str
    size_bytes: int


@dataclass(frozen=True)
class ImageDescription:
    """An image without its media. What the format does not say is None; texts are the image's own, hostile.

    `sub_format` is the kind of a virtual disk, or how a DMG is compressed, in words.
    """

    path: str
    format: str
    media_size_bytes: int
    sector_size_bytes: int
    segments: tuple[SegmentFile, ...]
    missing_segments: tuple[str, ...]
    findings: tuple[Finding, ...]
    header: CaseHeader | None = None
    media_type: str | None = None
    is_physical: bool | None = None
    compression: str | None = None
    chunk_sectors: int | None = None
    chunk_count: int | None = None
    error_granularity_sectors: int | None = None
    set_identifier: str | None = None
    stored_digests: dict[str, str] | None = None
    unreadable: tuple[SectorRange, ...] = ()
    sessions: tuple[Session, ...] = ()
    sub_format: str | None = None


def describe_image(path: Path, folders: tuple[Path, ...] = ()) -> ImageDescription:
    """Describe an image by its first segment file; `folders` hold the segments that are not beside it.

    Raises:
        ImageNotReadError: not there, a further segment, or of a format that is not read.
    """
    image_format = recognise(path)
    with open_image(path, image_format=image_format, folders=folders) as image:
        if image.is_raw:
            tell_holes(image.files, image.findings)
        return describe_open_image(path, image_format, image)


def describe_open_image(path: Path, image_format: ImageFormat, image: OpenImage) -> ImageDescription:
    """Describe an image that is open; `path` is its first segment file."""
    if image_format in VIRTUAL_DISKS or image_format is ImageFormat.DMG:
        return replace(_plain(path, image_format, image), sub_format=_sub_format(image))
    if isinstance(image, EwfImage):
        return _of_ewf(path, image_format, image)
    if image_format is ImageFormat.EWF2_EX01:
        from image.ewf2_description import with_ewf2_facts

        return with_ewf2_facts(_plain(path, image_format, image), image)
    return _plain(path, image_format, image)


def _sub_format(image: OpenImage) -> str | None:
    """What kind of virtual disk or DMG it is; their readers are loaded by now."""
    from image.udif.reader import UdifImage
    from image.virtual.reader import VirtualImage

    if isinstance(image, VirtualImage):
        return image.disk.kind
    if isinstance(image, UdifImage):
        return f"UDIF, {', '.join(image.structure.compressions) or 'not compressed'}"
    return None


def _plain(path: Path, image_format: ImageFormat, image: OpenImage) -> ImageDescription:
    """What any image says."""
    sizes = zip(image.files.names, image.files.sizes_bytes, strict=True)
    return ImageDescription(
        path=str(path),
        format=image_format.value,
        media_size_bytes=image.media_size_bytes,
        sector_size_bytes=image.sector_size_bytes,
        segments=tuple(SegmentFile(name, size) for name, size in sizes),
        missing_segments=image.segments.missing,
        findings=image.findings.as_tuple(),
    )


def _of_ewf(path: Path, image_format: ImageFormat, image: EwfImage) -> ImageDescription:
    """What an E01 says."""
    plain, volume = _plain(path, image_format, image), image.contents.volume
    plain = replace(
        plain,
        header=image.header,
        set_identifier=str(UUID(bytes_le=image.set_identifier)) if image.set_identifier is not None else None,
        stored_digests={algorithm: value for _, algorithm, value in image.stored_digests},
        unreadable=merge_ranges(image.unreadable),
        sessions=image.contents.sessions,
    )
    if volume is None:
        return plain
    return replace(
        plain,
        media_type=MEDIA_TYPE_NAMES.get(volume.media_type, f"unknown ({volume.media_type})"),
        is_physical=bool(volume.media_flags & MediaFlags.PHYSICAL),
        compression=_COMPRESSION_NAMES.get(volume.compression_level, f"unknown ({volume.compression_level})"),
        chunk_sectors=volume.sectors_per_chunk,
        chunk_count=volume.chunk_count,
        error_granularity_sectors=volume.error_granularity,
    )
