"""What the clocks showed: in the manifest, the log, the ledger and the report."""

import json
from pathlib import Path

import pytest

from image.times import Instant
from tests.cli.conftest import Workstation
from workflow.clock import SystemClock

CLOCKS = (
    *("--clock-offset", "-1.25", "--clock-reference", "speaking clock"),
    *("--exhibit-clock", "2026-11-22T14:30:05"),
)


@pytest.fixture
def case(station: Workstation) -> Path:
    """A case with an exhibit, and a disk beside it."""
    (station.folder / "disk.raw").write_bytes(bytes(range(256)) * 1024)
    return station.begin_case("case")


def test_an_acquisition_holds_what_the_clocks_showed(station: Workstation, case: Path) -> None:
    words = ("acquire", "disk.raw", "--exhibit", "JB1", "--no-second-opinion", "--case", case)
    assert station.run(*words, *CLOCKS).exit_code == 0
    image = case / "images" / "JB1" / "JB1"
    clock = json.loads(image.with_suffix(".manifest.json").read_text())["job"]["clock"]
    assert (clock["offset_ms"], clock["reference"], clock["exhibit_clock"]) == (
        -1250,
        "speaking clock",
        "2026-11-22T14:30:05",
    )
    assert clock["exhibit_clock_at"]["utc"]
    assert clock["service"]
    log = " ".join(image.with_suffix(".txt").read_text().split())
    assert "1.250 s behind speaking clock" in log
    assert "2026-11-22T14:30:05, when this clock showed" in log
    record = station.run_json("exhibit", "show", "JB1", "--case", case)["record"]
    assert record["acquisitions"][0]["job"]["clock"]["offset_ms"] == -1250
    assert station.run("ledger", "verify", case).exit_code == 0


def test_a_custody_event_holds_them_too(station: Workstation, case: Path) -> None:
    words = ("custody", "add", "JB1", "--kind", "seize", "--received-by", "Hale", "--case", case)
    event = station.run_json(*words, *CLOCKS)["event"]
    assert event["clock"]["offset_ms"] == -1250
    shown = station.run("custody", "show", "JB1", "--case", case).stdout
    assert "1.250 s behind speaking clock" in shown
    assert "2026-11-22T14:30:05, when this clock showed" in shown
    assert station.run_json(*words)["event"]["clock"]["offset_ms"] is None
    assert station.run("ledger", "verify", case).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--clock-offset", "2"),
        ("--clock-reference", "a watch"),
        ("--clock-offset", "nan", "--clock-reference", "a watch"),
        ("--clock-offset", "1e300", "--clock-reference", "a watch"),
        ("--clock-offset", "1e12", "--clock-reference", "a watch"),
        ("--exhibit-clock", "half past two"),
    ],
)
def test_half_a_fact_about_clocks_is_refused(station: Workstation, case: Path, words: tuple[str, ...]) -> None:
    result = station.run("acquire", "disk.raw", "--exhibit", "JB1", "--case", case, *words)
    assert result.exit_code == 2
    assert not (case / "images" / "JB1").exists()


def test_a_clock_that_is_set_while_the_job_runs_is_an_event(
    station: Workstation, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Instant] = []
    now = SystemClock.now

    def later_and_later(clock: SystemClock) -> Instant:
        told.append(now(clock))
        return Instant(told[-1].utc.replace(told[-1].utc[:4], str(2026 + len(told))), 0)

    monkeypatch.setattr(SystemClock, "now", later_and_later)
    words = ("acquire", "disk.raw", "--output", "loose", "--no-verify", "--case-number", "1")
    assert station.run(*words).exit_code == 0
    events = station.manifest("loose")["read"]["events"]
    assert "went forward by" in next(event["detail"] for event in events if event["kind"] == "clock jumped")
