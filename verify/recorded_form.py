"""What a manifest says of how its image is to be opened, checked before it is believed."""

from pathlib import Path

from image.formats import ImageFormat, recognise
from image.manifest import Manifest
from image.raw_reader import DEFAULT_SECTOR_BYTES

MAXIMUM_SECTOR_BYTES = 64 * 1024


def format_of(image: Path, manifest: Manifest | None) -> ImageFormat:
    """The format by the manifest where it says raw, since raw bytes may look like anything."""
    if manifest is None or manifest.job.parameters.format != ImageFormat.RAW.value:
        return recognise(image)
    return ImageFormat.SPLIT_RAW if manifest.job.parameters.segment_size_bytes else ImageFormat.RAW


def recorded_sector_bytes(manifest: Manifest | None) -> int:
    """The sector size that a manifest records, where it can be one."""
    recorded = manifest.media.sector_size_bytes if manifest is not None else 0
    return recorded if 0 < recorded <= MAXIMUM_SECTOR_BYTES else DEFAULT_SECTOR_BYTES
