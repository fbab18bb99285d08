"""What the workstation tells of its clock, its sleep and its automounters."""

from pathlib import Path

import pytest

from acquire.sysfs import SystemPaths
from acquire.workstation import (
    TIMEX_BYTES,
    TIMEX_HEAD,
    ClockState,
    can_inhibit_sleep,
    clock_state,
    decode_timex,
    running_automounters,
    sleep_inhibited,
)


def processes(root: Path, **names: str) -> SystemPaths:
    """A /proc in which these processes run, number (after p) to name."""
    for number, name in names.items():
        folder = root / "proc" / number.removeprefix("p")
        folder.mkdir(parents=True)
        (folder / "comm").write_text(name + "\n")
    return SystemPaths(proc=root / "proc")


def timex(maximum_error: int, status: int) -> bytes:
    """A struct timex of the kernel."""
    return TIMEX_HEAD.pack(0, 0, 0, maximum_error, 0, status).ljust(TIMEX_BYTES, b"\0")


@pytest.mark.parametrize(
    ("block", "state", "phrase"),
    [
        (
            timex(12_345, 0x2001),
            ClockState(True, 0.012345),
            "synchronised, at most 0.012 s off as the kernel knows",
        ),
        (timex(16_000_000, 0x0040), ClockState(False, 16.0), "not synchronised"),
    ],
)
def test_the_kernel_knows_whether_its_clock_is_kept(block: bytes, state: ClockState, phrase: str) -> None:
    assert decode_timex(block) == state
    assert str(state) == phrase


def test_an_unknown_clock_is_said_to_be_unknown() -> None:
    assert str(ClockState()) == "not known"


def test_the_real_clock_answers() -> None:
    assert clock_state().synchronised in (True, False)


def test_automounters_are_found_among_the_processes(tmp_path: Path) -> None:
    paths = processes(tmp_path, p1="systemd", p44="udisksd", p45="gvfs-udisks2-vo", p46="bash", p47="udisksd")
    assert running_automounters(paths) == ("gvfs", "udisks2")


def test_sleep_cannot_be_inhibited_without_systemd(tmp_path: Path) -> None:
    assert not can_inhibit_sleep(processes(tmp_path, p1="init"))


def test_inhibiting_sleep_says_whether_it_was_possible() -> None:
    with sleep_inhibited("a test") as possible:
        assert possible == can_inhibit_sleep()
