"""Numbers and times as they are printed: exact, and the same in every locale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquire.event_kinds import EventKind
from image.read_record import JobEvent
from image.sectors import SectorRange
from image.times import Instant
from report.phrases import (
    bytes_text,
    counted,
    digest_order,
    elapsed_text,
    instant_text,
    interruptions_text,
    percent_text,
    sectors_text,
    short_size,
    told_text,
)


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (9_999, "9999 bytes"),
        (1_474_560, "1474560 bytes (1.47 MB)"),
        (1_000_204_886_016, "1000204886016 bytes (1.00 TB)"),
        (16_000_900_661_248, "16000900661248 bytes (16.0 TB)"),
    ],
)
def test_a_size_is_exact_first(size_bytes: int, text: str) -> None:
    assert bytes_text(size_bytes) == text


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(999, "999 bytes"), (999_499, "999 kB"), (999_999, "1.00 MB"), (9_996_000, "10.0 MB"), (99_960_000, "100 MB")],
)
def test_a_short_size_has_three_figures(size_bytes: int, text: str) -> None:
    assert short_size(size_bytes) == text


@given(st.integers(min_value=0, max_value=2**63))
def test_every_size_begins_with_its_exact_number(size_bytes: int) -> None:
    assert bytes_text(size_bytes).split()[0] == str(size_bytes)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 10, "0 %"),
        (10, 10, "100 %"),
        (1, 10**12, "less than 0.0001 %"),
        (10**12 - 1, 10**12, "more than 99.9999 %"),
        (1, 4, "25.00 %"),
        (1, 300, "0.3333 %"),
        (1, 0, "of nothing"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_all(part: int, whole: int, text: str) -> None:
    assert percent_text(part, whole) == text


def test_an_instant_is_local_with_its_offset() -> None:
    assert instant_text(Instant("2026-03-01T23:30:00.000000Z", -210)) == "2026-03-01T20:00:00-03:30"
    assert instant_text(None) is None


@pytest.mark.parametrize(
    ("finished", "text"),
    [
        ("2026-03-01T10:00:42Z", "42 s"),
        ("2026-03-01T10:22:10Z", "1330 s (22 min 10 s)"),
        ("2026-03-02T11:00:01Z", "90001 s (25 h 0 min 1 s)"),
        ("2026-03-01T09:58:00Z", "-120 s (-2 min 0 s)"),
    ],
)
def test_a_stretch_of_time_is_exact_first(finished: str, text: str) -> None:
    assert elapsed_text(Instant("2026-03-01T10:00:00Z", 60), Instant(finished, 0)) == text


def test_a_range_names_its_first_and_last_sector() -> None:
    assert sectors_text(SectorRange(2048, 2048)) == "2048 to 4095"
    assert sectors_text(SectorRange(7, 1)) == "7"


def test_the_strongest_algorithm_stands_first_and_an_unknown_one_last() -> None:
    assert digest_order(["md5", "blake3", "sha256", "sha1", "md5"]) == ("sha256", "sha1", "md5", "blake3")


def test_one_thing_is_singular_and_more_are_plural() -> None:
    assert [counted(n, "sector") for n in (0, 1, 2)] == ["0 sectors", "1 sector", "2 sectors"]


def test_a_note_of_several_lines_becomes_one() -> None:
    assert told_text("first\nsecond") == "first / second"
    assert told_text(" \n ") is None


def test_interruptions_are_counted_with_their_times() -> None:
    times = [Instant(f"2026-03-01T10:0{minute}:00Z", 0) for minute in range(4)]
    events = (
        JobEvent(times[0], EventKind.STOPPED, "by the operator"),
        JobEvent(times[1], EventKind.RESUMED, "at sector 5"),
        JobEvent(times[2], EventKind.PAUSED, "by the operator"),
        JobEvent(times[3], EventKind.SOURCE_LOST, "pulled out"),
    )
    assert interruptions_text(events) == (
        "2: stopped 2026-03-01T10:00:00+00:00, resumed 2026-03-01T10:01:00+00:00, "
        "source lost 2026-03-01T10:03:00+00:00"
    )
    assert interruptions_text(events[2:3]) == "None"


def test_a_job_of_many_interruptions_tells_the_first_ones() -> None:
    at = Instant("2026-03-01T10:00:00Z", 0)
    told = interruptions_text([JobEvent(at, EventKind.STOPPED, ""), JobEvent(at, EventKind.SOURCE_BACK, "")] * 9)
    assert told.startswith("9: ")
    assert (told.count("stopped"), told.count("source back"), told.endswith(" ...")) == (3, 3, True)
