"""Progress on stderr."""

import io
import json
import sys
import time

import pytest

from diskwitness.progress_display import bar_facts, progress_display
from image.progress import Progress


def test_json_progress_is_one_object_a_line_at_most_four_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    started = time.monotonic()
    with progress_display("json") as listener:
        for done in range(1001):
            listener(Progress("acquire", done, 1000, 10.4, 3.14, 2))
            time.sleep(0.0005)
    seconds = time.monotonic() - started
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len(lines) <= 1 + seconds * 4
    assert lines[-1] == {
        "stage": "acquire",
        "state": "running",
        "bytes_done": 1000,
        "bytes_total": 1000,
        "bytes_per_second": 10,
        "eta_seconds": 3.1,
        "bad_sectors": 2,
        "untried_bytes": None,
    }


def test_a_state_that_came_too_soon_is_told_before_the_next_one_comes(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_display("json") as listener:
        listener(Progress("acquire", 1, 9, state="no answer since 14:03:22"))
        listener(Progress("acquire", 2, 9, state="reading"))
        time.sleep(0.8)
        listener(Progress("acquire", 2, 9, state="no answer since 14:03:30"))
    states = [json.loads(line)["state"] for line in capsys.readouterr().err.splitlines()]
    assert states == ["no answer since 14:03:22", "reading", "no answer since 14:03:30"]


@pytest.mark.parametrize("mode", ["none", "auto"])
def test_progress_is_silent_where_there_is_no_terminal(mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    with progress_display(mode) as listener:
        listener(Progress("acquire", 1, 2))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("columns", ["20", "200"])
def test_bars_fit_any_terminal_and_need_no_colour(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", "1")
    with progress_display("rich") as listener:
        listener(Progress("acquire", 500, 1000, 4e8, 3723.0, 3))
    printed = stream.getvalue()
    assert "\x1b[3" not in printed
    assert all(len(line) <= int(columns) for line in printed.splitlines())


def test_the_words_beside_a_bar_tell_speed_time_and_bad_sectors() -> None:
    assert bar_facts(Progress("acquire", 1, 2, 4.12e8, 3723.0, 3)) == "412 MB/s, 1:02:03 left, 3 bad sectors"
    assert bar_facts(Progress("verify", 1, 2, state="stopping")) == "stopping"
