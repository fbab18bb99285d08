"""The drive's own counters before and after: from what smartctl prints, and from what no drive should print."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquire.drive_counters import compare_counters, counter_findings
from acquire.request import JobHooks
from image.job import ExternalReport
from image.read_record import DriveCounter
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.faulty_disk import FaultyDisk

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "rig" / "recorded"


def report(answer: object) -> ExternalReport:
    """An answer of smartctl as the manifest keeps it."""
    return ExternalReport("smartctl", "smartctl 7.3", ("--json=c", "-x", "/dev/sdx"), json.dumps(answer))


def ata(reallocated: int, pending: int, hours: int = 1234, serial: str = "F1") -> dict[str, Any]:
    """What an ATA drive answers, as far as it counts."""
    table = [
        {"id": 5, "name": "Reallocated_Sector_Ct", "raw": {"value": reallocated, "string": str(reallocated)}},
        {"id": 197, "name": "Current_Pending_Sector", "raw": {"value": pending, "string": str(pending)}},
        {"id": 194, "name": "Temperature_Celsius", "raw": {"value": 31, "string": "31"}},
    ]
    return {
        "serial_number": serial,
        "ata_smart_attributes": {"revision": 16, "table": table},
        "power_on_time": {"hours": hours},
    }


def test_counters_that_changed_stand_first() -> None:
    assert compare_counters([report(ata(2000, 88))], [report(ata(2000, 91, 1235))]) == (
        DriveCounter("Pending sectors", 88, 91),
        DriveCounter("Power-on hours", 1234, 1235),
        DriveCounter("Reallocated sectors", 2000, 2000),
    )


def test_a_counter_of_errors_that_rose_is_a_note_and_passing_hours_are_none() -> None:
    (found,) = counter_findings(compare_counters([report(ata(7, 88, 1))], [report(ata(7, 91, 9))]))
    assert (found.code, found.severity.value, found.expected, found.found) == (
        "drive-counter-rose",
        "note",
        "88",
        "91",
    )


def test_a_counter_that_fell_is_no_finding() -> None:
    assert counter_findings(compare_counters([report(ata(7, 88))], [report(ata(7, 2))])) == ()


def test_the_counters_of_two_drives_are_not_compared() -> None:
    assert compare_counters([report(ata(7, 1))], [report(ata(9, 9, serial="OTHER"))]) == ()


def test_a_drive_that_answered_once_is_told_with_what_it_said() -> None:
    (first, *_) = compare_counters([report(ata(7, 1))], [])
    assert first == DriveCounter("Reallocated sectors", 7, None)
    assert counter_findings((first,)) == ()


def test_nvme_and_scsi_drives_have_counters_of_their_own() -> None:
    nvme = {"nvme_smart_health_information_log": {"media_errors": 3}, "power_on_time": {"hours": 2}}
    scsi = {"scsi_grown_defect_list": 4, "scsi_error_counter_log": {"read": {"total_uncorrected_errors": 5}}}
    names = [
        [(item.name, item.after) for item in compare_counters([report(answer)], [report(answer)])]
        for answer in (nvme, scsi)
    ]
    assert names == [
        [("Media and data integrity errors", 3), ("Power-on hours", 2)],
        [("Grown defects", 4), ("Uncorrected read errors", 5)],
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "raw", "value", "table", "hours", "read", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
answers = st.dictionaries(
    st.sampled_from(["serial_number", "ata_smart_attributes", "power_on_time", "scsi_error_counter_log"]),
    json_values,
)


@given(answers, answers)
def test_no_answer_however_wrong_breaks_the_comparison(before: dict[str, Any], after: dict[str, Any]) -> None:
    for counter in compare_counters([report(before)], [report(after)]):
        assert all(count is None or 0 <= count < 2**63 for count in (counter.before, counter.after))


@pytest.mark.parametrize(
    "output", ["", "{", "[" * 100_000, "null", '{"power_on_time":{"hours":' + "9" * 5000 + "}}"]
)
def test_what_is_no_answer_says_nothing(output: str) -> None:
    assert compare_counters([ExternalReport("smartctl", "7.3", (), output)], [report(ata(1, 1))])[0].before is None


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the recordings in ../shared")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("fakeata/failing-smartctl-x.txt", ("Reallocated sectors", 2000)),
        ("vm-8-disks/smartctl-x-nvme0n1.json", ("Media and data integrity errors", 0)),
    ],
)
def test_recorded_answers_are_understood(answer: str, expected: tuple[str, int]) -> None:
    recorded = ExternalReport("smartctl", "7.3", (), (REAL / answer).read_text())
    assert expected in [(item.name, item.after) for item in compare_counters([recorded], [recorded])]


def answering(*answers: dict[str, Any]) -> tuple[list[float], Callable[[float], tuple[ExternalReport, ...]]]:
    """A drive that gives these answers one after the other, and the seconds it was given for each."""
    given_seconds: list[float] = []
    left = list(answers)

    def ask(timeout_seconds: float) -> tuple[ExternalReport, ...]:
        given_seconds.append(timeout_seconds)
        return (report(left.pop(0)),)

    return given_seconds, ask


def test_the_drive_is_asked_again_at_the_end_and_its_answer_kept_raw(tmp_path: Path) -> None:
    options = Options(raw=True)
    seconds, ask = answering(ata(1, 1))
    options.hooks = JobHooks(options.hooks.clock, options.hooks.stop, ask_drive=ask)
    manifest = acquire_disk(FaultyDisk(100), tmp_path / "JB1", options=options).manifest
    assert manifest
    assert [item.output for item in manifest.read.reports_after] == [json.dumps(ata(1, 1))]
    assert manifest.read.counters[0] == DriveCounter("Reallocated sectors", None, 1)
    assert len(seconds) == 1


def test_a_stopped_job_asks_for_a_few_seconds_only_and_journals_the_answer(tmp_path: Path) -> None:
    options = Options(raw=True)
    seconds, ask = answering(ata(1, 1))
    options.hooks = JobHooks(options.hooks.clock, options.hooks.stop, ask_drive=ask)
    options.hooks.stop.set()
    assert acquire_disk(FaultyDisk(100), tmp_path / "JB1", options=options).manifest is None
    assert seconds[0] <= 5
    journal = json.loads((tmp_path / "JB1.manifest.json.partial").read_bytes())
    assert journal["read"]["counters"][0] == {"name": "Reallocated sectors", "before": None, "after": 1}
