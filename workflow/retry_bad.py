"""Trying the bad sectors of a finished image again: a new version of it beside the earlier one, which stays."""

import hashlib
from dataclasses import replace
from pathlib import Path

from acquire.destination import existing_files
from acquire.earlier_image import EarlierImage
from acquire.resume_journal import impossible_values
from acquire.resume_look import Look
from image.bounded_files import read_bounded
from image.errors import ImageNotReadError, UsageError
from image.job import EarlierVersion
from image.manifest_file import MAXIMUM_BYTES, decode_manifest
from image.sidecars import Sidecar, stem_of
from workflow.acquisition_order import AcquisitionOrder
from workflow.first_segment import FIRST_SEGMENT
from workflow.rescue_order import RescueOrder
from workflow.resume_order import carried_order

OWN_CHOICES = frozenset({"retries"})


def retry_order(order: AcquisitionOrder, image: Path, *, resumes: bool = False) -> AcquisitionOrder:
    """The order with everything that was not given taken from an image, whose bad sectors are to be tried again.

    `resumes`: the last version that was begun is to be gone on with.

    Raises:
        UsageError: the image has no bad sectors, or something that was given differs from how it was made.
        ImageNotReadError: it has no usable manifest.
    """
    earlier = read_earlier(image)
    manifest = earlier.manifest
    if not manifest.read.unreadable:
        raise UsageError("the image has no bad sectors", str(image), "There is nothing to try again")
    plain = replace(order, rescue=None, given=order.given - OWN_CHOICES)
    job = replace(manifest.job, parameters=replace(manifest.job.parameters, rescue=None))
    carried = carried_order(plain, job)
    in_case = order.case_folder is not None and order.exhibit is not None
    return replace(
        carried,
        outputs=order.outputs or (() if in_case else (_version(stem_of(image).absolute(), resumes=resumes),)),
        rescue=order.rescue or RescueOrder(),
        reading=replace(carried.reading, retries=max(1, order.reading.retries), abort_on_error=False),
        retry_of=earlier,
        given=order.given,
    )


def read_earlier(image: Path) -> EarlierImage:
    """An image, by its first segment, with its manifest.

    Raises:
        ImageNotReadError: it has no usable manifest.
    """
    if not image.name:
        raise ImageNotReadError("the image is a folder", str(image), FIRST_SEGMENT)
    path = Sidecar.MANIFEST.beside(stem_of(image))
    contents = read_bounded(path, MAXIMUM_BYTES, "manifest")
    manifest = decode_manifest(contents, str(path))
    if impossible := impossible_values(manifest):
        what = f"the manifest cannot be true (values that cannot be: {', '.join(impossible)})"
        raise ImageNotReadError(what, str(path), "Give an image whose manifest is sound")
    return EarlierImage(image, manifest, hashlib.sha256(contents).hexdigest())


def earlier_again(version: EarlierVersion) -> EarlierImage:
    """The image that a job began with, as it was then.

    Raises:
        ImageNotReadError: it has no usable manifest, or another one.
    """
    earlier = read_earlier(Path(version.image))
    if earlier.manifest_sha256 != version.manifest_sha256:
        advice = "Put the image back that this job began with, or begin another version"
        raise ImageNotReadError("the manifest is not the one that this job began with", version.image, advice)
    return earlier


def require_same_retry(order: AcquisitionOrder, look: Look) -> None:
    """See that what stands at an output is a retry of the image that was given, where one was.

    Raises:
        UsageError: of another image, or of none.
    """
    if order.retry_of is None:
        return
    record = look.journal or look.manifest
    begun = record.job.parameters.retry_of if record is not None else None
    if begun is None or begun.manifest_sha256 != order.retry_of.manifest_sha256:
        what = f"the acquisition there is no retry of {order.retry_of.path}"
        advice = "Leave --retry-bad out to go on with it, or --resume to begin a retry"
        raise UsageError(what, str(look.output), advice)


def _version(stem: Path, *, resumes: bool) -> Path:
    """The first of `JB1-2`, `JB1-3`, ... that has no files yet; to resume, the one before it."""
    number = 2
    while existing_files(_numbered(stem, number)):
        number += 1
    return _numbered(stem, number - 1 if resumes and number > 2 else number)


def _numbered(stem: Path, number: int) -> Path:
    return stem.with_name(f"{stem.name}-{number}")
