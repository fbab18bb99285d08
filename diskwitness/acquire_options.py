"""The options of `acquire` as values, and the order they come to together with the lab configuration."""

from dataclasses import dataclass, replace

from diskwitness.clock_options import ClockChoice
from diskwitness.making_options import MakingChoice
from diskwitness.rescue_options import RescueChoice
from diskwitness.resume_options import ResumeChoice
from diskwitness.source_options import SourceChoice
from workflow.acquisition_order import AcquisitionOrder
from workflow.laboratory import Laboratory


@dataclass(frozen=True, kw_only=True)
class AcquireChoice(MakingChoice, SourceChoice, RescueChoice, ResumeChoice, ClockChoice):
    """What was given on the command line; None and empty mean "not given"."""

    blocker: str | None
    wait_for_device: int
    temperature_limit: int | None


def acquisition_order(
    choice: AcquireChoice, laboratory: Laboratory, given: frozenset[str] = frozenset()
) -> AcquisitionOrder:
    """The order: from the command line first, the lab configuration second, the program's defaults last.

    `given` are the names of what stood on the command line.

    Raises:
        UsageError: options that contradict each other.
        CaseError: the named folder holds no case.
    """
    order = choice.order(choice.source, laboratory)
    choice.refuse_alone(dry_run=choice.dry_run, retries_bad=choice.retry_bad is not None)
    defaults = laboratory.defaults
    return replace(
        order,
        start_sector=choice.start,
        sector_count=choice.sectors,
        options=choice.opening,
        reading=choice.reading(defaults.retries),
        rescue=choice.rescue_order(choice.on_error),
        blocker=choice.blocker or defaults.blocker,
        wait_for_device_seconds=choice.wait_for_device,
        given=given,
        clock=choice.entered_clock,
        same_device=choice.same_device,
        temperature_limit_celsius=choice.temperature_limit or defaults.temperature_limit,
    )
