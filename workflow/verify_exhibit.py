"""Verifying images: read again for proof, and recorded in the case that knows them."""

import threading
from dataclasses import dataclass
from pathlib import Path

from image.digests import DEFAULT_ALGORITHMS
from image.errors import DiskwitnessError
from image.progress import Listener
from image.times import Clock
from verify.verdict import VerificationResult


@dataclass(frozen=True)
class VerifyOptions:
    """How an image is verified. `expectations` are (algorithm, hex) pairs for the media data."""

    algorithms: tuple[str, ...] = DEFAULT_ALGORITHMS
    manifest: Path | None = None
    expectations: tuple[tuple[str, str], ...] = ()
    from_medium: bool = False
    second_opinion: bool = False
    source: str | None = None


def verify_file(
    path: Path, options: VerifyOptions, clock: Clock, listener: Listener, stop: threading.Event
) -> VerificationResult:
    raise DiskwitnessError("not yet")
