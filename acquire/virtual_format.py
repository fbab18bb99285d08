"""Whether a source file is a virtual disk, told by its bytes; what decodes it is loaded only then."""

import os

from acquire.sysfs import shown_path
from image.errors import SourceError
from image.formats import HEAD_BYTES, TAIL_BYTES, ImageFormat, recognise_disk

AS_IT_IS = "Give --source-format raw for the bytes of the file itself"


def virtual_format(descriptor: int, path: str) -> ImageFormat | None:
    """The format of an open file that is a virtual disk, None for any other file.

    Raises:
        SourceError: it is a DMG, which is no drive but an image: its checksums would not be compared.
    """
    try:
        head = os.pread(descriptor, HEAD_BYTES, 0)
        tail = os.pread(descriptor, TAIL_BYTES, max(0, os.fstat(descriptor).st_size - TAIL_BYTES))
    except OSError:
        return None
    found = recognise_disk(path, head, tail)
    if found is ImageFormat.DMG:
        advice = f"Make an image of what it holds with `diskwitness convert`. {AS_IT_IS}"
        raise SourceError("the source is a DMG image", shown_path(path), advice)
    return found
