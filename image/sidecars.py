"""The files of an image by name: those that stand beside its segments, and which names belong to it at all.

An image JB1 is its segments (segment_names.py) and the files of `Sidecar`; nothing else of its name is its own.
"""

import re
from enum import Enum
from pathlib import Path


class Sidecar(Enum):
    """A file beside the segments; the value is what follows the image's name."""

    MANIFEST = ".manifest.json"
    JOURNAL = ".manifest.json.partial"
    CHECKSUMS = ".sha256"
    MAP = ".map"
    LOG = ".txt"
    VERIFICATION = ".verification.json"
    CHECKPOINT = ".checkpoint"
    RESCUE = ".rescue.raw"

    def beside(self, stem: Path) -> Path:
        """The path of this file of an image, given by its path without extension."""
        return stem.with_name(stem.name + self.value)


# FAT and its kin do not tell JB1.e01 from JB1.E01; JB1.pdf or JB1.log is nobody's segment.
_SEGMENT_EXTENSION = re.compile(r"\.(?:[Ee]\d\d|[E-Z][A-Z]{2}|e[a-z]{2}|raw|\d{3,})")
_SIDECAR_EXTENSIONS = frozenset(item.value for item in Sidecar)


def stem_of(first_segment: Path) -> Path:
    """The path of an image without the extension of its first segment."""
    return first_segment.with_suffix("") if first_segment.suffix else first_segment


def is_file_of_image(name: str, image_name: str) -> bool:
    """Whether a file of this name is a segment or sidecar of the image `image_name`, in its folder."""
    if not name.startswith(image_name):
        return False
    extension = name.removeprefix(image_name)
    return extension in _SIDECAR_EXTENSIONS or _SEGMENT_EXTENSION.fullmatch(extension) is not None
