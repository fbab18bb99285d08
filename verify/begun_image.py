"""An image whose acquisition ended before its first segment: a journal stands there, and no media to verify."""

import os
from pathlib import Path

from image.finding_list import FindingList
from image.sidecars import Sidecar, stem_of
from image.times import Clock
from verify.verdict import UNFINISHED, VerificationResult

NO_FORMAT = "none yet"


def begun_image(path: Path, clock: Clock) -> VerificationResult | None:
    """The verdict on an image of which nothing but its journal stands there; None of any other, and of none.

    `path` is where its first segment would be, or the image's name without extension.
    """
    if os.path.lexists(path) or not path.name:
        return None
    journal = Sidecar.JOURNAL.beside(stem_of(path))
    if not os.path.isfile(journal):  # noqa: PTH113  of a name that no system takes it says no, and raises nothing
        return None
    findings, now = FindingList(), clock.now()
    detail = f"{journal.name} stands there without a first segment: nothing of the image is durable yet"
    findings.add(UNFINISHED, f"{detail}; acquire --resume goes on")
    return VerificationResult(
        image_path=str(path),
        format=NO_FORMAT,
        media_size_bytes=0,
        sector_size_bytes=0,
        segments=(),
        digests={},
        stored_digests={},
        bad_sectors=(),
        findings=findings.as_tuple(),
        started=now,
        finished=now,
    )
