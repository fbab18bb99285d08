"""Instants: always with their offset, and never one that no calendar has."""

from datetime import datetime, timedelta, timezone

import pytest

from image.times import Instant, instant_from


def test_an_instant_prints_as_local_time_with_its_offset() -> None:
    assert str(Instant("2026-11-22T10:23:00.123456Z", 60)) == "2026-11-22T11:23:00+01:00"
    assert str(Instant("2026-11-22T10:23:00.000000Z", -210)) == "2026-11-22T06:53:00-03:30"


def test_an_aware_datetime_becomes_utc_and_its_own_offset() -> None:
    moment = datetime(2026, 11, 22, 11, 23, tzinfo=timezone(timedelta(hours=1)))
    assert instant_from(moment) == Instant("2026-11-22T10:23:00.000000Z", 60)
    assert instant_from(moment).as_datetime() == moment


@pytest.mark.parametrize(
    ("utc", "offset_minutes"),
    [
        ("", 0),
        ("noon", 0),
        ("2026-02-30T00:00:00.000000Z", 0),
        ("2026-11-22T10:23:00.000000Z", 1440),
        ("2026-11-22T10:23:00.000000Z", 2**62),
        ("9999-12-31T23:59:59.000000Z", 60),
        ("0001-01-01T00:00:00.000000Z", -60),
    ],
)
def test_what_is_no_moment_is_no_instant(utc: str, offset_minutes: int) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Instant(utc, offset_minutes)
