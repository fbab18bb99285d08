"""The folders of `--output-next`: whether this image can go on in them at all."""

import os
from pathlib import Path

from acquire.request import RawPlan
from image.errors import UsageError
from image.ewf.plan import EwfPlan


def check_next_folders(
    outputs: tuple[Path, ...], next_folders: tuple[Path, ...], layout: EwfPlan | RawPlan
) -> None:
    """See that a set of one output in several segments is to go on in folders that differ.

    Raises:
        UsageError: it cannot.
    """
    if not next_folders:
        return
    if len(outputs) != 1:
        advice = "Give one --output, or a disk with room for each copy"
        raise UsageError("--output-next is for an image with one output", do=advice)
    if not layout.segment_size_bytes:
        what = "an image in one file cannot go on in another folder"
        raise UsageError(what, do="Give --segment-size, such as 2000MiB")
    places = [Path(os.path.realpath(folder)) for folder in (outputs[0].parent, *next_folders)]
    for place in places:
        if places.count(place) > 1:
            raise UsageError("the same folder is given twice", str(place), "Give another one with --output-next")
