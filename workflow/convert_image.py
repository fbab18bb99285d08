"""Converting an image: read once, checked on the way, written as an acquisition is written, verified, recorded."""

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from acquire.image_source import ImageReader
from acquire.reader import ReadSettings
from acquire.source import OpenedSource
from image.errors import DestinationError, DiskwitnessError
from image.job import CaseFields, Job
from image.lanes import worker_pool
from image.sectors import SectorRange
from image.times import Clock
from verify.walk import SMALL_IMAGE_BYTES
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired
from workflow.acquisition_plan import AcquisitionPlan, make_job, plan_acquisition
from workflow.case_fields import case_fields
from workflow.case_opening import write_case
from workflow.conversion_order import ConversionOrder, ImageConverted
from workflow.conversion_remains import unfinished_conversion
from workflow.image_place import entered, own_place
from workflow.laboratory import Laboratory
from workflow.output_names import check_outputs
from workflow.prove_outputs import load_verifier, prove_outputs
from workflow.ready_job import Hands, ReadyJob, image_source
from workflow.source_check import SourceCheck
from workflow.source_image import SourceToConvert, open_to_convert

if TYPE_CHECKING:
    from casedb.case_store import CaseStore


def plan_conversion(order: ConversionOrder, clock: Clock) -> AcquisitionPlan:
    """Tell what a conversion would do, and write nothing.

    Raises:
        DiskwitnessError: what would stop the conversion at its beginning.
    """
    with ExitStack() as stack:
        return _Conversion(order, clock, stack, stack).ready.plan


def convert_image(order: ConversionOrder, laboratory: Laboratory, hands: Hands) -> ImageConverted:
    """Make another image of an image, record it, and verify what was made.

    Raises:
        DamagedImageError: the image is damaged or not whole; nothing was begun.
        UsageError, SourceError, DestinationError, ImageNotReadError, CaseError: nothing was begun.
    """
    with ExitStack() as until_proved:
        with ExitStack() as while_reading:
            conversion = _Conversion(order, hands.clock, until_proved, while_reading)
            conversion.source.image.watch_scan(hands.watch)
            making, ready = conversion.making, conversion.ready
            for note in (*ready.plan.notes, *conversion.warnings()):
                hands.tell(note)
            load_verifier(making)
            job = entered(making, ready, conversion.job(laboratory, hands.clock))
            result, errors = image_source(making, ready, job, hands)
            findings = conversion.source.image.findings.as_tuple()
        if result.manifest is None:
            errors = (*conversion.refusals(), *errors)
        acquired = ExhibitAcquired(job, ready.plan.sectors, ready.plan.preflight, result, (), errors)
        acquired = prove_outputs(making, acquired, ready.store, hands.clock, hands.listener, hands.stop)
    return ImageConverted(acquired, conversion.origin, findings)


class _Conversion:
    """An image that may be converted: open, checked and laid out."""

    def __init__(self, order: ConversionOrder, clock: Clock, for_case: ExitStack, for_source: ExitStack) -> None:
        self._order = order
        check_outputs(order.making.outputs)
        store = None
        if order.making.case_folder is not None:
            store = for_case.enter_context(write_case(order.making.case_folder, clock))
        outputs = order.making.outputs or (own_place(order.making, store),)
        self.source = for_source.enter_context(open_to_convert(order))
        self._check = SourceCheck(self.source, order.accepts_damage, clock)
        self._check.begin(str(order.image), store)
        self.origin = self.source.stated(accepts_damage=order.accepts_damage)
        self.making = _making(order.making, self.source)
        reader = self._reader(for_source)
        self.ready = self._ready(reader, store, outputs)

    def _reader(self, stack: ExitStack) -> ImageReader:
        """What reads the image, decoding ahead where that is worth it."""
        image = self.source.image
        small = image.media_size_bytes <= SMALL_IMAGE_BYTES
        pool = None if small else stack.enter_context(worker_pool("decode"))
        reader = ImageReader(image, self.source.unreadable, self._check.look, pool)
        if reader.padded_bytes:
            reader.digest_stored(self.making.algorithms)
        return reader

    def _ready(self, reader: ImageReader, store: "CaseStore | None", outputs: tuple[Path, ...]) -> ReadyJob:
        """The job, laid out."""
        sectors = SectorRange(0, reader.size_bytes // reader.sector_size_bytes)
        facts = self.source.facts(self.origin, sectors.sector_count)
        opened = OpenedSource(reader, facts, None, reader.padded_bytes)
        try:
            plan = plan_acquisition(self.making, opened, sectors, outputs)
        except DestinationError as error:
            raise unfinished_conversion(outputs) or error from error
        conclude = partial(self._check.conclude, reader)
        return ReadyJob(store, opened, outputs, plan, reader=reader, conclude=conclude)

    def job(self, laboratory: Laboratory, clock: Clock) -> Job:
        """Everything known before the first sector is read."""
        store, exhibit = self.ready.store, self.making.exhibit
        given = self.making.fields
        fields = _first_known(given, self.origin.case, case_fields(given, store, exhibit))
        notes = "; ".join(filter(None, (fields.notes, *self._order.notes)))
        fields = replace(fields, notes=notes or None)
        job = make_job(self.making, self.ready.plan, self.ready.opened, fields, laboratory, clock)
        return replace(job, converted_from=self.origin)

    def warnings(self) -> list[str]:
        """What the examiner may not expect."""
        warnings = []
        if self.making.format == "e01" and "md5" not in self.making.algorithms:
            warnings.append("without md5 in --hash other programs have nothing to compare the image with")
        if self.origin.session_count:
            warnings.append(f"the list of {self.origin.session_count} sessions of the disc is not carried over")
        if self._check.doubts():
            warnings.append("the image is damaged; what cannot be relied on is converted and listed, as asked for")
        return warnings

    def refusals(self) -> tuple[DiskwitnessError, ...]:
        """Why the image was not converted to its end, where that is its own fault."""
        refusal = self._check.refusal(str(self._order.image))
        return (refusal,) if refusal is not None else ()


def _making(making: AcquisitionOrder, source: SourceToConvert) -> AcquisitionOrder:
    """How the new image is made, with what only the open image tells."""
    granularity = source.error_granularity_sectors
    return replace(
        making,
        algorithms=source.algorithms(making.algorithms),
        reading=ReadSettings(retries=0, error_granularity_sectors=granularity),
    )


def _first_known(*stated: CaseFields) -> CaseFields:
    """Each field as the first of these has it who has it."""
    known: dict[str, str] = {}
    for fields in reversed(stated):
        known |= {name: value for name, value in vars(fields).items() if value}
    return CaseFields(**known)
