"""Pauses by the operator, on real processes: Ctrl-Z as a shell uses it, and the key p on a real terminal."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PROGRAM, Workstation

PATIENCE_SECONDS = 60.0
LOCAL_FLAGS = 3


def journal_events(station: Workstation) -> list[str]:
    """The kinds of the events that the journal of JB1 holds."""
    journal = json.loads((station.folder / "JB1.manifest.json.partial").read_bytes())
    return [event["kind"] for event in journal["read"]["events"]]


def until_state(process: "subprocess.Popen[str]", state: str) -> dict[str, Any]:
    """Read progress up to this state, something having been read; gives that line."""
    assert process.stderr
    watchdog = threading.Timer(PATIENCE_SECONDS, process.kill)
    watchdog.start()
    try:
        for line in process.stderr:
            facts: dict[str, Any] = json.loads(line) if line.startswith("{") else {}
            if facts.get("state") == state and facts["bytes_done"]:
                return facts
    finally:
        watchdog.cancel()
    raise AssertionError(f"the process ended without being {state}")


def wait_until_stopped(pid: int) -> None:
    """Wait until the process stands still."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline, "it did not stop"
        time.sleep(0.02)


def test_ctrl_z_suspends_once_all_is_durable_and_fg_goes_on(station: Workstation, long_source: Path) -> None:
    process = station.start(
        "acquire", long_source, "--output", "JB1", "--no-verify", "--progress", "json", "--json"
    )
    before = until_state(process, "reading")
    process.send_signal(signal.SIGTSTP)
    until_state(process, "paused")
    wait_until_stopped(process.pid)
    assert journal_events(station) == ["paused"]
    process.send_signal(signal.SIGCONT)
    after = until_state(process, "reading")
    assert after["bytes_done"] >= before["bytes_done"]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 9
    assert journal_events(station) == ["paused", "continued", "stopped"]


def test_ctrl_z_suspends_at_once_where_nothing_is_read(station: Workstation) -> None:
    code = (
        "import time\nfrom diskwitness.job_control import job_control\n"
        "with job_control('none') as control:\n"
        "    print('begun', flush=True)\n"
        "    control.stop.wait(60)\n"
    )
    with subprocess.Popen([PROGRAM.with_name("python"), "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        for _ in range(2):
            process.send_signal(signal.SIGTSTP)
            wait_until_stopped(process.pid)
            process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_a_stop_by_another_program_is_an_event_when_it_ends(station: Workstation, long_source: Path) -> None:
    process = station.start("acquire", long_source, "--output", "JB1", "--no-verify", "--progress", "json")
    until_state(process, "reading")
    process.send_signal(signal.SIGSTOP)
    wait_until_stopped(process.pid)
    process.send_signal(signal.SIGCONT)
    until_state(process, "reading")
    until_state(process, "reading")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_SECONDS)
    assert journal_events(station) == ["continued", "stopped"]


@dataclass
class Terminal:
    """A pseudo-terminal with a program in its foreground; what it printed so far."""

    master: int
    process: "subprocess.Popen[bytes]"
    printed: str = ""

    def echoes(self) -> bool:
        """Whether the terminal echoes what is typed."""
        return bool(termios.tcgetattr(self.master)[LOCAL_FLAGS] & termios.ECHO)

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self.master, keys.encode())

    def until(self, reached: Callable[[], object], what: str) -> None:
        """Read what is printed until this is so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not reached():
            assert time.monotonic() < deadline, f"{what}: not seen in {self.printed[-500:]!r}"
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    self.printed += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    time.sleep(0.05)

    def until_printed(self, pattern: str) -> None:
        """Read until a pattern was printed behind what was awaited before."""
        self.printed = ""
        self.until(lambda: re.search(pattern, self.printed), pattern)


@contextmanager
def on_terminal(station: Workstation, *words: object) -> Iterator[Terminal]:
    """Run a program in the foreground of a terminal of its own."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [str(word) for word in words],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=station.folder,
        env=os.environ | station.environment | {"TERM": "xterm", "COLUMNS": "120"},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # no other way to this ioctl
    )
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def test_the_key_p_pauses_and_goes_on_and_leaves_the_terminal_as_it_was(
    station: Workstation, long_source: Path
) -> None:
    with on_terminal(station, PROGRAM, "acquire", long_source, "--output", "JB1", "--no-verify") as terminal:
        assert terminal.echoes()
        terminal.until_printed("MB/s")
        assert not terminal.echoes()
        terminal.type("p")
        terminal.until_printed("paused")
        terminal.until(lambda: journal_events(station) == ["paused"], "paused in the journal")
        terminal.type("p")
        terminal.until_printed("MB/s")
        terminal.type("\x03")
        terminal.until(lambda: terminal.process.poll() is not None, "the end")
        assert terminal.process.returncode == 9
        assert terminal.echoes()
    assert journal_events(station) == ["paused", "continued", "stopped"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_the_terminal_is_as_it_was_however_the_program_ends(
    station: Workstation, long_source: Path, number: signal.Signals
) -> None:
    with on_terminal(station, PROGRAM, "acquire", long_source, "--output", "JB1", "--no-verify") as terminal:
        before = termios.tcgetattr(terminal.master)
        terminal.until_printed("MB/s")
        assert not terminal.echoes()
        terminal.process.send_signal(number)
        terminal.until(terminal.echoes, "echo")
        assert termios.tcgetattr(terminal.master) == before


def test_ctrl_z_and_fg_work_in_a_shell(station: Workstation, long_source: Path) -> None:
    with on_terminal(station, "bash", "--norc", "--noprofile", "-i") as terminal:
        terminal.type(f"{PROGRAM} acquire {long_source} --output JB1 --no-verify\n")
        terminal.until_printed("MB/s")
        terminal.type("\x1a")
        terminal.until_printed(r"Stopped|stopped")
        terminal.type("echo still $((40 + 2))\n")
        terminal.until_printed("still 42")
        assert journal_events(station) == ["paused"]
        terminal.type("fg\n")
        terminal.until_printed("MB/s")
        terminal.type("\x03")
        terminal.until(lambda: "stopped" in journal_events(station), "the end")
    assert journal_events(station) == ["paused", "continued", "stopped"]


def test_a_job_in_the_background_leaves_the_terminal_alone(station: Workstation, long_source: Path) -> None:
    with on_terminal(station, "bash", "--norc", "--noprofile", "-i") as terminal:
        terminal.type(f"{PROGRAM} acquire {long_source} --output JB1 --no-verify 2>/dev/null --progress rich &\n")
        terminal.until((station.folder / "JB1.E01").exists, "the image")
        terminal.type("jobs\n")
        terminal.until_printed("Running")
        terminal.type("kill -INT %1; wait; echo code $?\n")
        terminal.until_printed(r"code \d|Exit 9")
