"""The options of `convert` as values, and the order they come to together with the lab configuration."""

from dataclasses import dataclass, replace
from pathlib import Path

from acquire.source_options import SourceOptions
from diskwitness.making_options import MakingChoice
from image.errors import UsageError
from verify.request import Expectation
from workflow.conversion_order import ConversionOrder
from workflow.laboratory import Laboratory


@dataclass(frozen=True, kw_only=True)
class ConvertChoice(MakingChoice):
    """What was given on the command line; None and empty mean "not given"."""

    image: Path
    output: Path | None
    manifest: Path | None
    also: tuple[Path, ...]
    expectations: tuple[Expectation, ...]
    sector_size: str | None
    pad_last_sector: bool
    accept_damage: bool


def conversion_order(choice: ConvertChoice, laboratory: Laboratory) -> ConversionOrder:
    """The order; what the image states of the matter goes before what the laboratory says of itself.

    Raises:
        UsageError: options that contradict each other.
        CaseError: the named folder holds no case.
    """
    making = choice.order(str(choice.image), laboratory)
    size_bytes = int(choice.sector_size) if choice.sector_size else None
    fields = replace(making.fields, examiner=choice.examiner, agency=None, notes=choice.notes)
    outputs = (*((choice.output.absolute(),) if choice.output else ()), *making.outputs)
    if making.output_next and len(outputs) > 1:
        raise UsageError("--output-next is for a single output", do="Convert once for each copy")
    options = SourceOptions(pad=choice.pad_last_sector, sector_size_bytes=size_bytes)
    return ConversionOrder(
        image=choice.image,
        making=replace(making, outputs=outputs, options=options, fields=fields),
        manifest=choice.manifest,
        expectations=choice.expectations,
        also=choice.also,
        accepts_damage=choice.accept_damage,
        notes=choice.note,
    )
