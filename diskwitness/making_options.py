"""Options of every command that makes an image, and the order they come to with the lab configuration."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from diskwitness.option_groups import Command, with_options
from diskwitness.parameters import DEFAULT_NAMES, algorithms, path, size, text
from image.errors import UsageError
from image.job import CaseFields
from report.escape import visible
from workflow.acquisition_order import AcquisitionOrder
from workflow.case_folder import find_case_folder
from workflow.laboratory import Laboratory

YES_NO = "Default: yes, or the lab configuration's."

IMAGE_OPTIONS = (
    click.option(
        "--output",
        "outputs",
        type=path,
        multiple=True,
        metavar="PATH",
        help="The image without extension; again for a second copy. Default: images/REF/REF in the case.",
    ),
    click.option(
        "--output-next", type=path, multiple=True, metavar="DIR", help="Go on there when the folder before is full."
    ),
    click.option("--format", "image_format", type=click.Choice(("e01", "raw")), help="Default: e01."),
    click.option("--compression", type=click.Choice(("none", "fast", "best")), help="Of an E01. Default: fast."),
    click.option(
        "--segment-size", type=size, metavar="SIZE", help="0 is one file. Default: 2000MiB for E01, 0 for raw."
    ),
    click.option(
        "--chunk-sectors", type=click.IntRange(min=1), metavar="N", help="Sectors of an E01 chunk. Default: 64."
    ),
    click.option(
        "--hash", "names", type=algorithms, metavar="NAMES", help=f"Which digests. Default: {DEFAULT_NAMES}."
    ),
)
PROOF_OPTIONS = (
    click.option("--verify/--no-verify", default=None, help=f"Read the image back when it is made. {YES_NO}"),
    click.option("--second-opinion/--no-second-opinion", default=None, help=f"Let libewf decode it too. {YES_NO}"),
    click.option(
        "--files/--no-files",
        default=None,
        help="Name the files that hold unread sectors. Default: where there are some, for ten minutes at most.",
    ),
)
MATTER_TEXTS = {
    "case_number": "Without a case: the case number in the image.",
    "exhibit_number": "Without a case: the exhibit reference in the image.",
    "examiner": "Who images; default: the case's or the lab configuration's.",
    "description": "What the source is; default: the exhibit's description.",
    "notes": "Notes in the image's header.",
}
CARRIED_TEXTS = {
    "case_number": "Without a case: the case number; default: that in IMAGE.",
    "exhibit_number": "Without a case: the exhibit reference; default: that in IMAGE.",
    "examiner": "Who imaged; default: as IMAGE says, else the case's.",
    "description": "What was imaged; default: as IMAGE says, else the exhibit's description.",
    "notes": "Notes in the header; default: those in IMAGE.",
}
"""What fills the header of an image that is converted: what the image says goes first."""


def image_options(command: Command) -> Command:
    """Add the options that say where an image goes and what it is like."""
    return with_options(command, IMAGE_OPTIONS)


def proof_options(command: Command) -> Command:
    """Add the options that say how it is verified."""
    return with_options(command, PROOF_OPTIONS)


def matter_options(texts: dict[str, str]) -> Callable[[Command], Command]:
    """Add the options that fill its header, with these texts in the help."""
    note = click.option("--note", type=text, multiple=True, metavar="TEXT", help="A note for the record.")
    fields = (click.option(f"--{name.replace('_', '-')}", type=text, help=line) for name, line in texts.items())
    options = (note, *fields)
    return lambda command: with_options(command, options)


@dataclass(frozen=True, kw_only=True)
class MakingChoice:
    """What was given of these options; names are theirs, None and empty mean "not given"."""

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
    files: bool | None
    note: tuple[str, ...]
    case_number: str | None
    exhibit_number: str | None
    examiner: str | None
    description: str | None
    notes: str | None
    dry_run: bool
    case_folder: Path | None
    progress: str

    def order(self, source: str, laboratory: Laboratory) -> AcquisitionOrder:
        """The order: from the command line first, the lab configuration second, the program's defaults last.

        Raises:
            UsageError: options that contradict each other.
            CaseError: the named folder holds no case.
        """
        case_folder, defaults = find_case_folder(self.case_folder), laboratory.defaults
        self._refuse_contradictions(case_folder)
        return AcquisitionOrder(
            source=source,
            outputs=tuple(output.absolute() for output in self.outputs),
            output_next=tuple(folder.absolute() for folder in self.output_next),
            case_folder=case_folder,
            exhibit=self.exhibit,
            format=self.image_format or defaults.format or "e01",
            compression=self.compression or defaults.compression or "fast",
            chunk_sectors=self.chunk_sectors,
            segment_size_bytes=self._segment_size(laboratory),
            algorithms=self.names or algorithms(defaults.hash or DEFAULT_NAMES),
            fields=self._fields(laboratory, in_case=case_folder is not None),
            verify=_first_given(self.verify, defaults.verify),
            second_opinion=_first_given(self.second_opinion, defaults.second_opinion),
            files=self.files if self.files is not None else defaults.files,
            command_line=tuple(visible(word) for word in sys.argv),
        )

    def _refuse_contradictions(self, case_folder: Path | None) -> None:
        """Raise UsageError for options that cannot all be meant."""
        if case_folder is None and self.exhibit is not None:
            advice = "Give --case DIR, or --exhibit-number for an image without a case"
            raise UsageError("--exhibit needs a case", do=advice)
        if case_folder is not None and (self.case_number or self.exhibit_number):
            advice = "The case gives both; leave the options out, or work outside the case"
            what = "--case-number and --exhibit-number are for images without a case"
            raise UsageError(what, str(case_folder), advice)
        if self.image_format == "raw" and self.compression not in (None, "none"):
            raise UsageError("raw images are not compressed", do="Leave --compression out, or give --format e01")

    def _segment_size(self, laboratory: Laboratory) -> int | None:
        """The segment size in bytes, None for the format's own."""
        if self.segment_size is not None:
            return self.segment_size
        typed = laboratory.defaults.segment_size
        return size(typed) if typed is not None else None

    def _fields(self, laboratory: Laboratory, *, in_case: bool) -> CaseFields:
        """What the examiner says of the matter; a case's own examiner goes before the lab's. Every note is kept."""
        notes = "; ".join(given for given in (self.notes, *self.note) if given)
        return CaseFields(
            case_number=self.case_number,
            exhibit_reference=self.exhibit_number,
            examiner=self.examiner or (None if in_case else laboratory.examiner),
            agency=laboratory.agency,
            description=self.description,
            notes=notes or None,
        )


def _first_given(*choices: bool | None) -> bool:
    """The first choice that was made; yes where none was."""
    return next((choice for choice in choices if choice is not None), True)
