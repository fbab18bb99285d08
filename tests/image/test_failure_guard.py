"""What is open is closed where making it ready fails, whatever ends it, and stays open where that succeeds."""

import io

import pytest

from image.failure_guard import closed_on_failure


@pytest.mark.parametrize("end", [OSError, ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_it_is_closed_where_anything_is_raised_which_goes_on(end: type[BaseException]) -> None:
    opened = io.BytesIO()
    with pytest.raises(end), closed_on_failure(opened):
        raise end
    assert opened.closed


def test_it_stays_open_where_nothing_is_raised() -> None:
    opened = io.BytesIO()
    with closed_on_failure(opened):
        pass
    assert not opened.closed


def opened_and_given() -> io.BytesIO:
    opened = io.BytesIO()
    with closed_on_failure(opened):
        return opened


def test_it_stays_open_where_the_block_gives_it_on() -> None:
    assert not opened_and_given().closed
