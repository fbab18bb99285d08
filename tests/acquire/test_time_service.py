"""Which service keeps the clock, by what runs and what it says."""

import os
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from acquire.sysfs import SystemPaths
from acquire.time_service import TimeService, decode_tracking, time_service


def system(folder: Path, *programs: str) -> SystemPaths:
    """A system where these programs run."""
    for number, name in enumerate(programs, 300):
        (folder / "proc" / str(number)).mkdir(parents=True)
        (folder / "proc" / str(number) / "comm").write_text(f"{name}\n")
    return SystemPaths(sys=folder / "sys", proc=folder / "proc", dev=folder / "dev", run=folder / "run")


def test_no_service_is_said_to_be_none(tmp_path: Path) -> None:
    assert time_service(system(tmp_path, "bash")) == TimeService("none running")


def test_systemd_timesyncd_says_when_it_was_last_in_step(tmp_path: Path) -> None:
    paths = system(tmp_path, "systemd-timesyn")
    assert time_service(paths) == TimeService("systemd-timesyncd", "not in step since it was started")
    mark = tmp_path / "run" / "systemd" / "timesync" / "synchronized"
    mark.parent.mkdir(parents=True)
    mark.touch()
    os.utime(mark, (1_800_000_000, 1_800_000_000))
    assert time_service(paths).state == "last in step 2027-01-15T08:00:00+00:00"


def test_chrony_s_answer_is_read() -> None:
    row = "C0000201,192.0.2.1,3,1763820000.1,-0.000012,0.00001,0.00002,-5.1,0.001,0.05,0.002,0.001,64.2,Normal\n"
    assert decode_tracking(row) == "source 192.0.2.1, stratum 3, -0.000012 s off, leap status Normal"


@settings(deadline=None)
@given(st.text())
def test_any_other_answer_says_nothing_or_is_bounded(text: str) -> None:
    assert len(decode_tracking(text) or "") <= 300
