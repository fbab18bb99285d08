"""What is told while a drive hangs in the kernel."""

import signal
import threading
from pathlib import Path

import pytest

from acquire import answer_watch
from acquire.answer_watch import AnswerWatch, is_stop_pending, local_time_ago
from image.progress import Progress
from tests.sim.faulty_disk import FaultyDisk
from tests.sim.still_clock import StillClock

TOLD_SECONDS = 10.0


class HangingDisk(FaultyDisk):
    """A disk whose reads last until they are let go."""

    def __init__(self) -> None:
        super().__init__(8)
        self.let_go = threading.Event()

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Wait, then read."""
        self.let_go.wait(TOLD_SECONDS)
        super().read_into(view, first_sector)


@pytest.mark.parametrize(("is_stopping", "ending"), [(False, ""), (True, "; stops when the drive answers")])
def test_a_hanging_read_is_told_with_the_time_it_began_and_where_the_job_stands(
    monkeypatch: pytest.MonkeyPatch, is_stopping: bool, ending: str
) -> None:
    monkeypatch.setattr(answer_watch, "SECONDS_BETWEEN_LOOKS", 0.01)
    told: list[Progress] = []
    disk, clock = HangingDisk(), StillClock()

    def listen(progress: Progress) -> None:
        told.append(progress)
        if progress.state != "reading":
            disk.let_go.set()

    with AnswerWatch(listen, clock, lambda: is_stopping) as watch:
        source = watch.over(disk)
        watch.pass_on(Progress("acquire", 512, 4096, state="reading"))
        hurry = threading.Timer(0.1, lambda: setattr(clock, "seconds", 65.0))
        hurry.start()
        source.read_into(memoryview(bytearray(512)), 3)
    hurry.join()
    assert told[1] == Progress("acquire", 512, 4096, state=f"no answer since 12:58:55{ending}")
    assert watch.asked_seconds is None


def test_a_drive_that_answers_is_not_told_as_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_watch, "SECONDS_BETWEEN_LOOKS", 0.01)
    told: list[Progress] = []
    clock = StillClock()
    with AnswerWatch(told.append, clock, lambda: False) as watch:
        source = watch.over(FaultyDisk(8))
        for second in range(30):
            clock.seconds = float(second)
            source.read_into(memoryview(bytearray(512)), 3)
    assert told == []
    assert (source.size_bytes, source.sector_size_bytes) == (8 * 512, 512)


def test_times_are_those_of_the_local_clock() -> None:
    assert local_time_ago(StillClock(), 61.0) == "12:58:59"


def test_a_signal_that_waits_for_this_process_is_seen() -> None:
    assert not is_stop_pending()
    earlier = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    handler = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        seen = is_stop_pending(Path("/proc/thread-self/status"))
        signal.sigtimedwait({signal.SIGTERM}, 0)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, earlier)
        signal.signal(signal.SIGTERM, handler)
    assert seen


def test_a_status_that_cannot_be_read_is_no_stop(tmp_path: Path) -> None:
    (tmp_path / "status").write_text("Name:\tx\nSigPnd:\nShdPnd:\t0000000000000002\n")
    assert is_stop_pending(tmp_path / "status")
    assert not is_stop_pending(tmp_path / "absent")
