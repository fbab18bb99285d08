"""The source that a person names to be compared with an image, accepted only where it can be its source."""

from typing import TYPE_CHECKING

from image.errors import SourceError
from image.manifest import Manifest
from image.opening import OpenImage
from verify.request import SourceToCompare

if TYPE_CHECKING:
    from verify.source_comparison import SourceComparison


def compare_with_source(
    source: SourceToCompare | None, image: OpenImage, manifest: Manifest | None
) -> "SourceComparison | None":
    """The comparison with a source, where one is asked for.

    Raises:
        SourceError: it cannot be the source of this image.
    """
    if source is None:
        return None
    first = manifest.job.parameters.start_sector if manifest is not None else 0
    _require_fitting(source, image, first, manifest.job.parameters.padded_bytes if manifest is not None else 0)
    unreadable = manifest.read.unreadable if manifest is not None else image.unreadable
    from verify.source_comparison import SourceComparison

    return SourceComparison(source.reader, source.read_failures, first, unreadable)


def _require_fitting(source: SourceToCompare, image: OpenImage, first_sector: int, padded_bytes: int) -> None:
    """Refuse a source that this image cannot have been made of.

    Raises:
        SourceError: other sectors than the image's, or too few of them.
    """
    reader = source.reader
    where, advice = str(image.files.paths[0]), "Name the drive or file that the image was made of"
    if reader.sector_size_bytes != image.sector_size_bytes:
        what = f"the source has sectors of {reader.sector_size_bytes} bytes, the image of {image.sector_size_bytes}"
        raise SourceError(what, where, advice)
    if first_sector < 0:
        raise SourceError(f"the manifest names sector {first_sector} as the image's first on the source", where)
    if first_sector * reader.sector_size_bytes + image.media_size_bytes - padded_bytes > reader.size_bytes:
        raise SourceError(f"the source has {reader.size_bytes} bytes, fewer than the image", where, advice)
