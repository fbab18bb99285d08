"""What is asked of a conversion, and what comes of it, as values."""

from dataclasses import dataclass
from pathlib import Path

from image.findings import Finding
from image.job import SourceImage
from verify.request import Expectation
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired


@dataclass(frozen=True)
class ConversionOrder:
    """One image, named by its first segment, to be made into another one.

    `making` says what is made of it and where, as of any acquisition; `manifest` None looks for the one beside the
    image, `also` are folders that hold further segments of it. `accepts_damage`: what cannot be relied on is
    converted too, and listed. `notes` are added to those that the image holds.
    """

    image: Path
    making: AcquisitionOrder
    manifest: Path | None = None
    expectations: tuple[Expectation, ...] = ()
    also: tuple[Path, ...] = ()
    accepts_damage: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageConverted:
    """How a conversion went: the image that was made, what the source image stated, and what was found in that."""

    acquired: ExhibitAcquired
    origin: SourceImage
    findings: tuple[Finding, ...]
