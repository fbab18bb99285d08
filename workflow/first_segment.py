"""The first segment file, by which an image is named."""

import stat
from pathlib import Path

from image.errors import SourceError

FIRST_SEGMENT = "Name the first segment file, such as JB1.E01"


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
