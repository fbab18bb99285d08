"""Pauses of the reading: whoever wants one, it begins with everything durable and leaves the image as it was."""

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from acquire.pause_wishes import PauseReason, PauseWishes
from acquire.request import JobHooks
from acquire.result import AcquisitionResult
from image.badmap import SectorState
from image.mapfile import decode_mapfile
from image.progress import Progress
from image.sectors import SectorRange, count_sectors
from image.sidecars import Sidecar
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.faulty_disk import Faults, FaultyDisk
from tests.sim.rescues import RescueOptions, rescue_disk
from tests.sim.still_clock import StillClock
from verify.request import VerificationRequest
from verify.verdict import Verdict
from verify.verification import verify_image

SECTORS = 60_000
PAUSE_AT_BYTES = 8_000_000
BY_KEY = "by the operator (p)"


@dataclass
class Operator:
    """Somebody who wants a pause once so much is read, and does something at its second look."""

    during: Callable[["Operator"], None]
    reason: PauseReason = PauseReason.OPERATOR
    wishes: PauseWishes = field(default_factory=PauseWishes)
    clock: StillClock = field(default_factory=StillClock)
    stop: threading.Event = field(default_factory=threading.Event)
    states: list[str] = field(default_factory=list)
    journals: list[int] = field(default_factory=list)

    def watch(self, progress: Progress) -> None:
        """Take the newest progress."""
        self.states.append(progress.state)
        if self.states.count("paused") == 2 and progress.state == "paused":
            self.during(self)
        if progress.bytes_done >= PAUSE_AT_BYTES and "paused" not in self.states:
            self.wishes.wish(self.reason, BY_KEY)

    def acquire(self, disk: FaultyDisk, output: Path, *, raw: bool = True) -> AcquisitionResult:
        """Image the disk under this operator's hands."""
        hooks = JobHooks(self.clock, self.stop, listener=self.watch, pauses=self.wishes)
        return acquire_disk(disk, output, options=Options(raw=raw, hooks=hooks))


def go_on(operator: Operator) -> None:
    """Want the pause no longer, a minute later."""
    operator.clock.seconds += 60
    operator.wishes.withdraw(PauseReason.OPERATOR, BY_KEY)


def events_of(result: AcquisitionResult) -> list[tuple[str, str]]:
    """The events in the manifest."""
    assert result.manifest
    return [(event.kind, event.detail) for event in result.manifest.read.events]


@pytest.mark.parametrize("raw", [True, False])
def test_a_pause_changes_nothing_in_the_data_and_is_in_the_manifest(tmp_path: Path, raw: bool) -> None:
    disk, operator = FaultyDisk(SECTORS), Operator(go_on)
    result = operator.acquire(disk, tmp_path / "JB1", raw=raw)
    assert result.manifest
    content = disk.content(SectorRange(0, SECTORS))
    assert result.manifest.media.digests["sha256"] == hashlib.sha256(content).hexdigest()
    assert events_of(result) == [("paused", BY_KEY), ("continued", f"after 60 s: {BY_KEY}")]
    assert set(operator.states) == {"reading", "paused"}
    first = tmp_path / result.manifest.segments[0].file
    assert verify_image(VerificationRequest(first), clock=StillClock()).verdict is Verdict.PASSED


def test_all_that_was_read_is_in_the_journal_while_the_reading_is_paused(tmp_path: Path) -> None:
    marks: list[tuple[int, int]] = []

    def look(operator: Operator) -> None:
        journal = json.loads(Sidecar.JOURNAL.beside(tmp_path / "JB1").read_bytes())
        size_bytes = (tmp_path / "JB1.raw").stat().st_size
        marks.append((journal["watermark"]["next_sector"] * 512, size_bytes))
        assert [event["kind"] for event in journal["read"]["events"]] == ["paused"]
        go_on(operator)

    assert Operator(look).acquire(FaultyDisk(SECTORS), tmp_path / "JB1").manifest
    assert marks[0][0] == marks[0][1] >= PAUSE_AT_BYTES


def test_paused_time_counts_neither_as_slow_nor_in_the_speed(tmp_path: Path) -> None:
    manifest = Operator(go_on).acquire(FaultyDisk(SECTORS), tmp_path / "JB1").manifest
    assert manifest
    assert sum(sample.seconds for sample in manifest.read.speed) == 0
    assert manifest.read.slow == ()


def test_a_stop_ends_a_pause(tmp_path: Path) -> None:
    result = Operator(lambda operator: operator.stop.set()).acquire(FaultyDisk(SECTORS), tmp_path / "JB1")
    assert result.manifest is None
    assert result.stopped is not None
    assert result.stopped.startswith("stopped by the operator")


def test_a_wish_to_be_suspended_suspends_once_all_is_durable(tmp_path: Path) -> None:
    operator = Operator(lambda _: None, PauseReason.SUSPENSION)
    marks: list[int] = []

    def suspend() -> None:
        marks.append(json.loads(Sidecar.JOURNAL.beside(tmp_path / "JB1").read_bytes())["watermark"]["next_sector"])
        operator.clock.seconds += 5

    operator.wishes.suspend = suspend
    result = operator.acquire(FaultyDisk(SECTORS), tmp_path / "JB1")
    assert marks[0] * 512 >= PAUSE_AT_BYTES
    assert events_of(result) == [("paused", BY_KEY), ("continued", "after 5 s: the process was continued")]


def test_a_second_reason_keeps_the_pause_and_is_an_event_of_its_own(tmp_path: Path) -> None:
    def heat_then_cool(operator: Operator) -> None:
        operator.wishes.wish(PauseReason.HEAT, "the drive has 61 degrees Celsius")
        operator.wishes.withdraw(PauseReason.OPERATOR, BY_KEY)
        threading.Timer(0.1, operator.wishes.withdraw, (PauseReason.HEAT, "it has 55 degrees Celsius")).start()

    result = Operator(heat_then_cool).acquire(FaultyDisk(SECTORS), tmp_path / "JB1")
    assert events_of(result) == [
        ("paused", BY_KEY),
        ("paused", "the drive has 61 degrees Celsius"),
        ("continued", "after 0 s: it has 55 degrees Celsius"),
    ]


def test_a_key_pressed_twice_is_no_wish() -> None:
    wishes = PauseWishes()
    for _ in range(2):
        wishes.toggle(PauseReason.OPERATOR, BY_KEY, BY_KEY)
    assert not wishes.any


def test_a_rescue_pauses_with_map_and_media_durable(tmp_path: Path) -> None:
    maps: list[int] = []

    def look(operator: Operator) -> None:
        saved = decode_mapfile((tmp_path / "JB1.map").read_text(), 512, "JB1.map")
        maps.append(count_sectors(saved.ranges(SectorState.FINISHED)) * 512)
        go_on(operator)

    disk, operator = FaultyDisk(SECTORS, Faults(bad=frozenset({59_000}))), Operator(look)
    hooks = JobHooks(operator.clock, operator.stop, listener=operator.watch, pauses=operator.wishes)
    result = rescue_disk(disk, tmp_path / "JB1", options=RescueOptions(Options(raw=True), hooks=hooks))
    assert maps[0] >= PAUSE_AT_BYTES
    pauses = [event for event in events_of(result) if event[0] in ("paused", "continued")]
    assert pauses == [("paused", BY_KEY), ("continued", f"after 60 s: {BY_KEY}")]
    assert result.manifest
    assert result.manifest.read.unreadable == (SectorRange(59_000, 1),)
