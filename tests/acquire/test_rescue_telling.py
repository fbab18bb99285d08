"""What a rescue tells of its passes: in the manifest, and to the examiner while it runs."""

import threading
from pathlib import Path

from acquire.request import JobHooks
from acquire.rescue_passes import RescueSettings
from tests.sim.faulty_disk import Faults, FaultyDisk
from tests.sim.rescues import RescueOptions, rescue_disk
from tests.sim.resuming import HurriedClock
from tests.sim.still_clock import StillClock

STEPS_OF_A_PASS = 4


def test_a_pass_whose_time_is_up_is_told_and_recorded(tmp_path: Path) -> None:
    told: list[str] = []
    options = RescueOptions(
        settings=RescueSettings(pass_timeout=31.0 * 2 * STEPS_OF_A_PASS),
        hooks=JobHooks(HurriedClock(), threading.Event(), warn=told.append),
    )
    result = rescue_disk(FaultyDisk(16_384), tmp_path / "JB1", options=options)
    assert result.manifest is not None
    events = [event for event in result.manifest.read.events if event.kind == "pass limit"]
    assert [event.detail for event in events] == told
    names = [text.partition(": its time is up")[0] for text in told]
    assert names == ["copy forwards", "copy backwards", "copy without jumps"]
    assert "sectors-not-tried" in {item.code for item in result.manifest.findings}


def test_a_pass_that_ends_in_its_time_is_told_of_as_no_limit(tmp_path: Path) -> None:
    told: list[str] = []
    options = RescueOptions(
        settings=RescueSettings(pass_timeout=1.0, retries=1),
        hooks=JobHooks(StillClock(), threading.Event(), warn=told.append),
    )
    disk = FaultyDisk(16_384, Faults(bad=frozenset({77})))
    result = rescue_disk(disk, tmp_path / "JB1", options=options)
    assert result.manifest is not None
    assert not [event for event in result.manifest.read.events if event.kind == "pass limit"]
    assert told == []
