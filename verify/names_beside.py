"""The names that a file about an image may bear: those of its first segment and of the image itself."""

from pathlib import Path

from image.formats import RAW_EXTENSIONS
from image.sidecars import stem_of


def borne_names(image: Path) -> tuple[str, ...]:
    """JB1.raw.001, JB1.raw and JB1 for the first, longest first; JB1.E01 and JB1."""
    names = [image.name, stem_of(image).name]
    stem, _, extension = names[-1].rpartition(".")
    if stem and extension.lower() in RAW_EXTENSIONS:
        names.append(stem)
    return tuple(dict.fromkeys(names))
