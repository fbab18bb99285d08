"""How a failing drive is to be read, as the examiner asks for it, and what that comes to."""

from dataclasses import dataclass

from acquire.reader import ReadSettings
from acquire.rescue_passes import RescuePass, RescueSettings
from image.errors import UsageError
from image.job import RescueParameters


@dataclass(frozen=True)
class RescueOrder:
    """A rescue as it was asked for: the passes to run and their limits, None without one.

    `max_error_rate` is bytes that fail in a second, `pass_timeout_seconds` the time of one pass; `keep_file` keeps
    the rescue file when the image is proved.
    """

    passes: tuple[RescuePass, ...] = tuple(RescuePass)
    max_error_rate: int | None = None
    max_slow_reads: int | None = None
    pass_timeout_seconds: int | None = None
    keep_file: bool = False


def rescue_settings(order: RescueOrder, reading: ReadSettings, sector_size_bytes: int) -> RescueSettings:
    """What the plan works with; slow is a second that gives less than a tenth of the average."""
    return RescueSettings(
        sector_size_bytes=sector_size_bytes,
        retries=reading.retries,
        passes=order.passes,
        unit_sectors=reading.error_granularity_sectors,
        max_error_rate=order.max_error_rate,
        min_read_rate=None if order.max_slow_reads is None else 0,
        max_slow_reads=order.max_slow_reads,
        pass_timeout=order.pass_timeout_seconds,
    )


def rescue_parameters(order: RescueOrder) -> RescueParameters:
    """The order as the manifest records it."""
    return RescueParameters(
        passes=tuple(item.value for item in order.passes),
        max_error_rate=order.max_error_rate,
        max_slow_reads=order.max_slow_reads,
        pass_timeout_seconds=order.pass_timeout_seconds,
        keep_file=order.keep_file,
    )


def carried_rescue(recorded: RescueParameters) -> RescueOrder:
    """The order that a record tells of.

    Raises:
        UsageError: it names passes that there are not.
    """
    try:
        passes = tuple(RescuePass(name) for name in recorded.passes)
    except ValueError as error:
        raise UsageError(
            f"the journal names no possible rescue ({error})", do="Give --output another name"
        ) from error
    limits = (recorded.max_error_rate, recorded.max_slow_reads, recorded.pass_timeout_seconds)
    return RescueOrder(passes, *limits, keep_file=recorded.keep_file)
