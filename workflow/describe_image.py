"""What an image says of itself, with the manifest that stands beside it; no media data is read."""

import stat
from dataclasses import dataclass
from pathlib import Path

from image.description import ImageDescription, describe_image
from image.errors import ImageNotReadError, SourceError
from image.manifest import Manifest
from image.manifest_file import read_manifest
from image.sidecars import Sidecar, stem_of

FIRST_SEGMENT = "Name the first segment file, such as JB1.E01"


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
    description = describe_image(path)
    beside = Sidecar.MANIFEST.beside(stem_of(path))
    if Sidecar.JOURNAL.beside(stem_of(path)).exists() and not beside.exists():
        return DescribedImage(description, None, "the acquisition did not reach its end")
    if not beside.exists():
        return DescribedImage(description, None)
    try:
        return DescribedImage(description, read_manifest(beside))
    except ImageNotReadError as error:
        return DescribedImage(description, None, str(error))


def require_first_segment(path: Path) -> None:
    """See that the first segment file is there.

    Raises:
        SourceError: it is not, is no regular file, or lies where we may not look.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceError("there is no such image", str(path), FIRST_SEGMENT) from error
    except OSError as error:
        raise SourceError(f"the image cannot be looked at ({error.strerror or error})", str(path)) from error
    if not stat.S_ISREG(mode):
        what = "the image is a folder" if stat.S_ISDIR(mode) else "the image is no file"
        raise SourceError(what, str(path), FIRST_SEGMENT)
