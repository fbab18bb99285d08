"""The forecast of free space in numbers, and the watch that warns by it."""

from pathlib import Path

import pytest

from acquire.forecast import Forecast, Measured, Outlook, forecast_space
from acquire.space_watch import LOOK_SECONDS, SpaceWatch, forecast_text
from image.destinations import Destination
from image.segments import SegmentSet
from tests.sim.still_clock import StillClock

GIB = 1024**3
HALF = Measured(written_bytes=100 * GIB, media_bytes=200 * GIB, left_bytes=300 * GIB, seconds=2000.0)
"""200 of 500 GiB read, half as large in the image; 150 GiB are still needed."""


@pytest.mark.parametrize(
    ("free_gib", "outputs", "outlook", "short_gib"),
    [
        (150, 1, Outlook.ENOUGH, 0),
        (149, 1, Outlook.SHORT, 1),
        (299, 2, Outlook.SHORT, 1),
        (300, 2, Outlook.ENOUGH, 0),
        (31, 1, Outlook.SHORT, 119),
        (29, 1, Outlook.CRITICAL, 121),
        (0, 1, Outlook.CRITICAL, 150),
    ],
)
def test_the_rest_is_reckoned_at_the_ratio_so_far(
    free_gib: int, outputs: int, outlook: Outlook, short_gib: int
) -> None:
    forecast = forecast_space(HALF, free_gib * GIB, outputs)
    assert (forecast.outlook, forecast.short_bytes) == (outlook, short_gib * GIB)


def test_the_time_left_is_that_of_the_free_bytes() -> None:
    assert forecast_space(HALF, 29 * GIB).seconds_left == pytest.approx(580)


def test_a_hundredth_of_the_media_is_too_little_to_tell() -> None:
    begun = Measured(written_bytes=90, media_bytes=90, left_bytes=9910, seconds=1.0)
    assert forecast_space(begun, 0).outlook is Outlook.ENOUGH
    assert forecast_space(Measured(100, 100, 9900, 1.0), 0).outlook is Outlook.CRITICAL


def test_nothing_left_needs_nothing() -> None:
    assert forecast_space(Measured(500, 500, 0, 1.0), 0) == Forecast(Outlook.ENOUGH, 0, 0, None)


def test_a_warning_says_how_much_is_missing_and_when_it_ends() -> None:
    text = forecast_text(["/evidence"], forecast_space(HALF, 29 * GIB))
    assert text.startswith("/evidence is full in about 9 min: the rest of the image needs ")
    assert f"{121 * GIB} more than are free" in text


class PassingClock(StillClock):
    """A clock whose seconds are set by the test."""

    seconds = 0.0

    def monotonic(self) -> float:
        """The seconds as they were set."""
        return self.seconds


def test_each_outlook_is_told_once_for_all_outputs_on_a_disk(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    clock, free = PassingClock(), [10**9]
    told: list[str] = []
    segments = SegmentSet([Destination(tmp_path / name / "JB1") for name in ("a", "b")], lambda _: None)
    watch = SpaceWatch(segments, 1_000_000, clock, told.append, lambda _: free[0])
    watch.look(0)
    for media_bytes, room in ((100_000, 10**9), (200_000, 10**6), (201_000, 10**6), (300_000, 0), (301_000, 0)):
        clock.seconds += LOOK_SECONDS * 1000
        segments.stored_bytes, free[0] = media_bytes, room
        watch.look(media_bytes)
    assert len(told) == 2
    assert told[0].startswith(f"{tmp_path}/a, {tmp_path}/b will not hold the image")
    assert "is full in about 0 min" in told[1]
