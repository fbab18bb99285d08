"""The options of `acquire` as values, and the order they come to together with the lab configuration."""

import sys
from dataclasses import dataclass
from pathlib import Path

from diskwitness.parameters import DEFAULT_NAMES, algorithms, size
from diskwitness.rescue_options import RescueChoice
from diskwitness.resume_options import ResumeChoice
from diskwitness.source_options import SourceChoice
from image.errors import UsageError
from image.job import CaseFields
from report.escape import visible
from workflow.acquisition_order import AcquisitionOrder
from workflow.case_folder import find_case_folder
from workflow.laboratory import Laboratory


@dataclass(frozen=True, kw_only=True)
class AcquireChoice(SourceChoice, RescueChoice, ResumeChoice):
    """What was given on the command line; None and empty mean "not given"."""

    exhibit: str | None
    outputs: tuple[Path, ...]
    output_next: tuple[Path, ...]
    image_format: str | None
    compression: str | None
    segment_size: int | None
    chunk_sectors: int | None
    names: tuple[str, ...] | None
    verify: bool | None
    second_opinion: bool | None
    blocker: str | None
    note: tuple[str, ...]
    case_number: str | None
    exhibit_number: str | None
    examiner: str | None
    description: str | None
    notes: str | None
    wait_for_device: int
    temperature_limit: int | None
    dry_run: bool
    case_folder: Path | None
    progress: str


def acquisition_order(
    choice: AcquireChoice, laboratory: Laboratory, given: frozenset[str] = frozenset()
) -> AcquisitionOrder:
    """The order: from the command line first, the lab configuration second, the program's defaults last.

    `given` are the names of what stood on the command line.

    Raises:
        UsageError: options that contradict each other.
        CaseError: the named folder holds no case.
    """
    case_folder = find_case_folder(choice.case_folder)
    _refuse_contradictions(choice, case_folder)
    choice.refuse_alone(dry_run=choice.dry_run, retries_bad=choice.retry_bad is not None)
    defaults = laboratory.defaults
    return AcquisitionOrder(
        source=choice.source,
        outputs=tuple(output.absolute() for output in choice.outputs),
        output_next=tuple(folder.absolute() for folder in choice.output_next),
        case_folder=case_folder,
        exhibit=choice.exhibit,
        format=choice.image_format or defaults.format or "e01",
        compression=choice.compression or defaults.compression or "fast",
        chunk_sectors=choice.chunk_sectors,
        segment_size_bytes=_segment_size(choice, laboratory),
        algorithms=choice.names or algorithms(defaults.hash or DEFAULT_NAMES),
        start_sector=choice.start,
        sector_count=choice.sectors,
        options=choice.opening,
        reading=choice.reading(defaults.retries),
        rescue=choice.rescue_order(choice.on_error),
        fields=_fields(choice, laboratory, in_case=case_folder is not None),
        blocker=choice.blocker or defaults.blocker,
        verify=_first_given(choice.verify, defaults.verify),
        second_opinion=_first_given(choice.second_opinion, defaults.second_opinion),
        command_line=tuple(visible(word) for word in sys.argv),
        wait_for_device_seconds=choice.wait_for_device,
        given=given,
        same_device=choice.same_device,
        temperature_limit_celsius=choice.temperature_limit or defaults.temperature_limit,
    )


def _refuse_contradictions(choice: AcquireChoice, case_folder: Path | None) -> None:
    """Raise UsageError for options that cannot all be meant."""
    if case_folder is None and choice.exhibit is not None:
        advice = "Give --case DIR, or --exhibit-number for an image without a case"
        raise UsageError("--exhibit needs a case", do=advice)
    if case_folder is not None and (choice.case_number or choice.exhibit_number):
        advice = "The case gives both; leave the options out, or work outside the case"
        raise UsageError(
            "--case-number and --exhibit-number are for images without a case", str(case_folder), advice
        )
    if choice.image_format == "raw" and choice.compression not in (None, "none"):
        raise UsageError("raw images are not compressed", do="Leave --compression out, or give --format e01")


def _segment_size(choice: AcquireChoice, laboratory: Laboratory) -> int | None:
    """The segment size in bytes, None for the format's own."""
    if choice.segment_size is not None:
        return choice.segment_size
    text = laboratory.defaults.segment_size
    return size(text) if text is not None else None


def _fields(choice: AcquireChoice, laboratory: Laboratory, *, in_case: bool) -> CaseFields:
    """What the examiner says of the matter; a case's own examiner goes before the lab's. Every note is kept."""
    notes = "; ".join(text for text in (choice.notes, *choice.note) if text)
    return CaseFields(
        case_number=choice.case_number,
        exhibit_reference=choice.exhibit_number,
        examiner=choice.examiner or (None if in_case else laboratory.examiner),
        agency=laboratory.agency,
        description=choice.description,
        notes=notes or None,
    )


def _first_given(*choices: bool | None) -> bool:
    """The first choice that was made; yes where none was."""
    return next((choice for choice in choices if choice is not None), True)
