"""The drive beside its sectors: its temperature while it is read, and its own reports when it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from acquire.devices import Device, ask_again
from acquire.pause_wishes import PauseWishes
from acquire.request import ask_nobody
from acquire.sysfs import LIVE_SYSTEM, BlockNode, SystemPaths, disk_of, find_node
from acquire.temperature import TemperatureWatch, thermometer_of, watch_temperature
from image.job import ExternalReport
from image.read_record import TemperatureSample
from image.times import Clock

NO_TEMPERATURE = "the source tells no temperature, so --temperature-limit cannot be kept"

DeviceNow = Callable[[], Device | None]


@dataclass(frozen=True)
class DriveWatch:
    """What the imager asks of a drive beside its sectors; `ask` waits so many seconds at most."""

    temperatures: Callable[[], tuple[TemperatureSample, ...]] = tuple
    ask: Callable[[float], tuple[ExternalReport, ...]] = ask_nobody


@contextmanager
def watch_drive(
    device_now: DeviceNow,
    limit_celsius: int | None,
    clock: Clock,
    pauses: PauseWishes,
    tell: Callable[[str], None],
    paths: SystemPaths = LIVE_SYSTEM,
) -> Iterator[DriveWatch]:
    """Watch the drive for the length of a `with` block. `device_now` gives it, under the name it has by now, or
    None for a source that is no drive."""

    def say_there_is_none() -> None:
        if limit_celsius is not None:
            tell(NO_TEMPERATURE)

    def ask(timeout_seconds: float) -> tuple[ExternalReport, ...]:
        node = _node_of(device_now(), paths)
        return ask_again(node.number, timeout_seconds, paths) if node is not None else ()

    def celsius() -> int | None:
        node = _node_of(device_now(), paths)
        thermometer = thermometer_of(node) if node is not None else None
        return thermometer() if thermometer is not None else None

    node = _node_of(device_now(), paths)
    if node is None or thermometer_of(node) is None:
        say_there_is_none()
        yield DriveWatch(ask=ask)
        return
    watch = TemperatureWatch(celsius, clock, pauses, limit_celsius)
    with watch_temperature(watch, say_there_is_none):
        yield DriveWatch(lambda: watch.samples, ask)


def _node_of(device: Device | None, paths: SystemPaths) -> BlockNode | None:
    """The drive in sysfs; None where there is none, or where another one has taken its place."""
    node = find_node(device.number, paths) if device is not None else None
    if device is None or node is None or disk_of(node).integer("diskseq") != device.sequence:
        return None
    return node
