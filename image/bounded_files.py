"""Small files of strangers, read whole: never a pipe or device that does not end, never more than is allowed."""

import os
import stat
from pathlib import Path

from image.errors import ImageNotReadError


def read_bounded(path: Path, maximum_bytes: int, what: str) -> bytes:
    """The bytes of a regular file; `what` is its name in a message, such as "manifest".

    Raises:
        ImageNotReadError: larger than `maximum_bytes`, not a regular file, or the system cannot read it.
    """
    try:
        # Opening a pipe would wait for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise ImageNotReadError(f"the {what} is no regular file", str(path))
            if facts.st_size > maximum_bytes:
                advice = f"At most {maximum_bytes} bytes are read"
                raise ImageNotReadError(f"too large for a {what}", str(path), advice)
            return file.read(facts.st_size)
    except OSError as error:
        raise ImageNotReadError(f"cannot read the {what} ({error.strerror or error})", str(path)) from error
