"""Random disks that fail at random, imaged in random ways: every sector is held against the truth."""

import threading
from pathlib import Path

from acquire.imager import acquire_image
from acquire.reader import Reader
from acquire.request import JobHooks
from acquire.rescue_passes import RescueSettings
from acquire.result import AcquisitionResult
from tests.sim.acquisitions import request_for
from tests.sim.rescues import RescueOptions, rescue_disk
from tests.sim.still_clock import StillClock
from tests.torture.conftest import Count
from tests.torture.fault_scripts import FaultScript, make_script, seeded
from tests.torture.media import zeroed
from tests.torture.scripted_disk import ScriptedDisk
from tests.torture.truth import check_whole, listed_unreadable

LONG_RUN = 20
"""So many unreadable sectors in a row may raise a doubt whether the drive lives: sectors elsewhere are tried."""


def acquire(script: FaultScript, disk: ScriptedDisk, clock: StillClock, output: Path) -> AcquisitionResult:
    """Image the disk in-line."""
    reader = Reader(disk, script.reading, clock, pause=lambda _: None)
    hooks = JobHooks(clock, threading.Event())
    return acquire_image(request_for(disk, (output,), script.options), reader, hooks)


@seeded(short=12, long=200)
def test_every_sector_is_in_the_image_or_named_as_unreadable(seed: int, tmp_path: Path, count: Count) -> None:
    script, clock = make_script(seed), StillClock()
    disk = ScriptedDisk(script, clock)
    result = acquire(script, disk, clock, tmp_path / "JB1")
    assert result.manifest is not None, result.stopped
    lost = disk.given_up()
    check_whole(tmp_path / "JB1", zeroed(script.media, lost, script.sector_size_bytes), lost)
    check_manners(script, disk)
    count("fault scripts", scripts=1, sectors=script.sector_count, unreadable=len(lost), wrong=0)


@seeded(short=4, long=40)
def test_a_rescue_gives_every_sector_that_reads(seed: int, tmp_path: Path, count: Count) -> None:
    script, clock = make_script(seed, rescue=True), StillClock()
    disk = ScriptedDisk(script, clock)
    settings = RescueSettings(script.sector_size_bytes, script.reading.retries)
    options = RescueOptions(script.options, settings, hooks=JobHooks(clock, threading.Event()))
    result = rescue_disk(disk, tmp_path / "JB1", options=options)
    assert result.manifest is not None, result.stopped
    lost = listed_unreadable(tmp_path / "JB1")
    assert script.bad <= lost <= disk.given_up()
    check_whole(tmp_path / "JB1", zeroed(script.media, lost, script.sector_size_bytes), lost)
    count("rescue scripts", scripts=1, sectors=script.sector_count, unreadable=len(lost), wrong=0)


def check_manners(script: FaultScript, disk: ScriptedDisk) -> None:
    """See that no sector was in more failed requests than promised, and that none was given up too early."""
    retries = script.reading.retries
    has_long_run = any(script.bad.issuperset(range(first, first + LONG_RUN)) for first in script.bad)
    assert max(disk.failed_touches.values(), default=0) <= 3 + retries + (2 if has_long_run else 0)
    assert all(disk.failed_units[sector] >= 1 + retries for sector in script.bad)
