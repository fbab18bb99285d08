"""Trying the bad sectors of a finished image again: a new version of it beside the earlier one, which stays."""

import hashlib
from dataclasses import replace
from itertools import count
from pathlib import Path

from acquire.destination import existing_files
from acquire.earlier_image import EarlierImage
from acquire.resume_journal import impossible_values
from image.bounded_files import read_bounded
from image.errors import ImageNotReadError, UsageError
from image.manifest_file import MAXIMUM_BYTES, decode_manifest
from image.sidecars import Sidecar, stem_of
from workflow.acquisition_order import AcquisitionOrder
from workflow.rescue_order import RescueOrder
from workflow.resume_order import carried_order

OWN_CHOICES = frozenset({"retries"})


def retry_order(order: AcquisitionOrder, image: Path) -> AcquisitionOrder:
    """The order with everything that was not given taken from an image, whose bad sectors are to be tried again.

    Raises:
        UsageError: the image has no bad sectors, or something that was given differs from how it was made.
        ImageNotReadError: it has no usable manifest.
    """
    path = Sidecar.MANIFEST.beside(stem_of(image))
    contents = read_bounded(path, MAXIMUM_BYTES, "manifest")
    manifest = decode_manifest(contents, str(path))
    if impossible := impossible_values(manifest):
        what = f"the manifest cannot be true (values that cannot be: {', '.join(impossible)})"
        raise ImageNotReadError(what, str(path), "Give an image whose manifest is sound")
    if not manifest.read.unreadable:
        raise UsageError("the image has no bad sectors", str(image), "There is nothing to try again")
    plain = replace(order, rescue=None, given=order.given - OWN_CHOICES)
    job = replace(manifest.job, parameters=replace(manifest.job.parameters, rescue=None))
    carried = carried_order(plain, job)
    in_case = order.case_folder is not None and order.exhibit is not None
    return replace(
        carried,
        outputs=order.outputs or (() if in_case else (next_version(stem_of(image).absolute()),)),
        rescue=order.rescue or RescueOrder(),
        reading=replace(carried.reading, retries=max(1, order.reading.retries), abort_on_error=False),
        retry_of=EarlierImage(image, manifest, hashlib.sha256(contents).hexdigest()),
    )


def next_version(stem: Path) -> Path:
    """The first of `JB1-2`, `JB1-3`, ... that has no files yet."""
    names = (stem.with_name(f"{stem.name}-{number}") for number in count(2))
    return next(name for name in names if not existing_files(name))
