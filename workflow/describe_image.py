"""What an image says of itself, with the manifest that stands beside it; no media data is read."""

from dataclasses import dataclass
from pathlib import Path

from image.description import ImageDescription, describe_image
from image.errors import ImageNotReadError
from image.manifest import Manifest
from image.manifest_file import read_manifest
from image.sidecars import Sidecar, stem_of
from workflow.first_segment import require_first_segment


@dataclass(frozen=True)
class DescribedImage:
    """The image's own words and its manifest's; `problem` says what is wrong with the manifest."""

    description: ImageDescription
    manifest: Manifest | None
    problem: str | None = None


def look_at_image(path: Path) -> DescribedImage:
    """Describe the image whose first segment this is.

    Raises:
        SourceError: there is no such file.
        ImageNotReadError: an image of a kind that is not read.
    """
    require_first_segment(path)
    manifest, problem = _manifest_beside(path)
    description = describe_image(path, manifest.other_folders if manifest is not None else ())
    return DescribedImage(description, manifest, problem)


def _manifest_beside(path: Path) -> tuple[Manifest | None, str | None]:
    """The manifest of an image, or what is wrong with it."""
    beside = Sidecar.MANIFEST.beside(stem_of(path))
    if not beside.exists():
        is_begun = Sidecar.JOURNAL.beside(stem_of(path)).exists()
        return None, "the acquisition did not reach its end" if is_begun else None
    try:
        return read_manifest(beside), None
    except ImageNotReadError as error:
        return None, str(error)
