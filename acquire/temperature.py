"""The drive's temperature while it is read: asked for now and then, with a limit above which the reading pauses.

Sources, the cheapest first: the kernel's drivetemp and nvme sensors (Linux kernel, Documentation/hwmon/drivetemp
and drivers/nvme/host/hwmon.c: `temp1_input` in thousandths of a degree), else smartctl in a process of its own.
Nobody is asked in the reading thread: a drive that hangs answers neither.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from acquire.device_tools import has_smart
from acquire.identity import bus_of
from acquire.pause_wishes import PauseReason, PauseWishes
from acquire.sysfs import MAXIMUM_ATTRIBUTE_BYTES, BlockNode, disk_of
from image.read_record import TemperatureSample
from image.times import Clock
from image.tools import ToolError, find_tool, run_tool

SECONDS_BETWEEN_SAMPLES = 60.0
SECONDS_BETWEEN_SAMPLES_CLOSE = 10.0
"""While the reading pauses for heat, and after a question that was not answered."""

DEGREES_TO_COOL = 5
"""The reading goes on when the drive is so much cooler than the limit."""

SILENT_SAMPLES_TO_GO_ON = 30
"""So many unanswered questions in a pause end it: the drive may be gone, which only the reading can tell."""

SILENT_SAMPLES_TO_GIVE_UP = 3
"""So many unanswered questions at the beginning mean that the drive tells no temperature."""

MAXIMUM_SAMPLES = 1000
PLAUSIBLE_CELSIUS = range(1, 126)
"""Drives that do not know answer 0 or a number no drive lives through."""

SENSORS = ("device/hwmon/hwmon*/temp1_input", "device/hwmon*/temp1_input", "device/nvme*/hwmon*/temp1_input")
SMARTCTL_TIMEOUT_SECONDS = 10.0
MAXIMUM_ANSWER_BYTES = 1024 * 1024
SECONDS_TO_END = 1.0

Thermometer = Callable[[], int | None]


class _Current(msgspec.Struct):
    """The temperature of now."""

    current: int | None = None


class _Answer(msgspec.Struct):
    """The part of `smartctl --json -A` that is used."""

    temperature: _Current = msgspec.field(default_factory=_Current)


def thermometer_of(node: BlockNode) -> Thermometer | None:
    """What gives the temperature of the disk in whole degrees Celsius, or None where nobody could."""
    disk = disk_of(node)
    for pattern in SENSORS:
        for sensor in sorted(disk.folder.glob(pattern)):
            return lambda: celsius_of_sensor(sensor)
    if has_smart(bus_of(disk)) and find_tool("smartctl") is not None:
        return lambda: _ask_smartctl(disk.device_path)
    return None


def celsius_of_sensor(sensor: Path) -> int | None:
    """Whole degrees in a file of thousandths, or None where there is no plausible number."""
    try:
        with sensor.open("rb") as file:
            return _plausible(round(int(file.read(MAXIMUM_ATTRIBUTE_BYTES)) / 1000))
    except (OSError, ValueError):
        return None


def celsius_in_answer(output: str) -> int | None:
    """The temperature in an answer of smartctl, or None where there is no plausible one."""
    try:
        return _plausible(msgspec.json.decode(output, type=_Answer).temperature.current)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def thinned(samples: Sequence[TemperatureSample]) -> tuple[TemperatureSample, ...]:
    """At most MAXIMUM_SAMPLES of these samples; of two neighbours the hotter one stays."""
    kept = tuple(samples)
    while len(kept) > MAXIMUM_SAMPLES:
        pairs = [kept[place : place + 2] for place in range(0, len(kept), 2)]
        kept = tuple(max(pair, key=lambda sample: sample.celsius) for pair in pairs)
    return kept


class TemperatureWatch:
    """Asks a thermometer and wants a pause above `limit_celsius`, until the drive is so much cooler."""

    def __init__(
        self, thermometer: Thermometer, clock: Clock, pauses: PauseWishes, limit_celsius: int | None = None
    ) -> None:
        self._thermometer = thermometer
        self._clock = clock
        self._pauses = pauses
        self._limit_celsius = limit_celsius
        self._samples: tuple[TemperatureSample, ...] = ()
        self._silent = 0
        self._is_hot = False

    @property
    def samples(self) -> tuple[TemperatureSample, ...]:
        """The samples so far, in order, thinned."""
        return self._samples

    @property
    def seconds_to_next(self) -> float | None:
        """How long to wait for the next look; None where the drive tells no temperature at all."""
        if not self._samples and self._silent >= SILENT_SAMPLES_TO_GIVE_UP:
            return None
        return SECONDS_BETWEEN_SAMPLES_CLOSE if self._is_hot or self._silent else SECONDS_BETWEEN_SAMPLES

    def look(self) -> None:
        """Take one sample, and pause or go on by it."""
        celsius = self._thermometer()
        if celsius is None:
            self._silent += 1
            if self._is_hot and self._silent >= SILENT_SAMPLES_TO_GO_ON:
                self._go_on("the drive tells its temperature no longer")
            return
        self._silent = 0
        self._samples = thinned((*self._samples, TemperatureSample(self._clock.now(), celsius)))
        if self._limit_celsius is not None:
            self._judge(celsius, self._limit_celsius)

    def _judge(self, celsius: int, limit_celsius: int) -> None:
        """Want a pause, or no longer."""
        if not self._is_hot and celsius > limit_celsius:
            self._is_hot = True
            words = f"the drive has {celsius} degrees Celsius, the limit is {limit_celsius}"
            self._pauses.wish(PauseReason.HEAT, words)
        elif self._is_hot and celsius <= limit_celsius - DEGREES_TO_COOL:
            self._go_on(f"the drive has {celsius} degrees Celsius")

    def _go_on(self, words: str) -> None:
        """Want the pause no longer."""
        self._is_hot = False
        self._pauses.withdraw(PauseReason.HEAT, words)


@contextmanager
def watch_temperature(watch: TemperatureWatch, on_silence: Callable[[], None]) -> Iterator[None]:
    """Look in a thread of its own for the length of a `with` block; one that hangs is left behind.

    `on_silence` is called where the drive turns out to tell no temperature.
    """
    ended = threading.Event()

    def look_again_and_again() -> None:
        seconds: float | None = 0.0
        while seconds is not None and not ended.wait(seconds):
            watch.look()
            seconds = watch.seconds_to_next
        if seconds is None:
            on_silence()

    thread = threading.Thread(target=look_again_and_again, name="temperature", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(SECONDS_TO_END)


def _ask_smartctl(device_path: str) -> int | None:
    """The temperature that smartctl reads from the drive's attributes or logs."""
    try:
        run = run_tool(
            "smartctl",
            ["--json=c", "-A", "--", device_path],
            timeout_seconds=SMARTCTL_TIMEOUT_SECONDS,
            maximum_output_bytes=MAXIMUM_ANSWER_BYTES,
        )
    except ToolError:
        return None
    return celsius_in_answer(run.stdout)


def _plausible(celsius: int | None) -> int | None:
    """The temperature, where a drive can have it."""
    return celsius if celsius in PLAUSIBLE_CELSIUS else None
