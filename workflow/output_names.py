"""Names for images: what `--output` may be, looked at before anything is opened."""

import os
from pathlib import Path

from acquire.destination import existing_files
from image.errors import UsageError
from report.escape import visible

FILE_EXTENSIONS = frozenset({".e01", ".ex01", ".s01", ".raw", ".dd", ".img", ".001"})


def check_outputs(outputs: tuple[Path, ...]) -> None:
    """See that each output names an image, without extension, and that no two are the same.

    Raises:
        UsageError: one that does not, or the same twice.
    """
    for output in outputs:
        _check_name(output)
    places = [Path(os.path.realpath(output.parent)) / output.name for output in outputs]
    for place in places:
        if places.count(place) > 1:
            raise UsageError("the same output is given twice", str(place), "Give another folder for a second copy")


def _check_name(output: Path) -> None:
    """See that the last part of the path can be the name of image files."""
    if output.name in ("", ".", ".."):
        raise UsageError("the output names no image", str(output), "Give a path such as /evidence/JB1")
    if visible(output.name) != output.name:
        what = "the output's name holds characters that checksum files and programs trip over"
        raise UsageError(what, str(output), "Choose a plain name")
    if output.suffix.lower() in FILE_EXTENSIONS:
        advice = f"Give --output {output.with_suffix('').name}; the format adds the extension"
        raise UsageError("the output has an extension", str(output), advice)
    if output.is_dir() and not existing_files(output):
        what = "the output is a folder; the image would be made beside it"
        raise UsageError(what, str(output), f"Give the image a name in it: {output / 'JB1'}")
