"""A process that appends one entry and is killed at one of its system calls, by strace; forked anew for each kill.

strace is attached when the case is open and the process waits, so that its counting begins at the entry.
"""

import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from casedb.records import CustodyKind, Role
from casedb.submissions import NewCustodyEvent, NewPerson
from tests.casedb.building import at, reopened

CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?([a-z0-9_]+)\(", re.MULTILINE)
ATTACHED = b"attached"
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Moment:
    """A system call by its name, and which of its calls."""

    call: str
    number: int

    def __str__(self) -> str:
        return f"{self.call} number {self.number}"


def append(folder: Path, wait: Callable[[], None]) -> None:
    """Record one custody event: entry, payload, rows, nodes, checkpoint, and its copy as a file."""
    with reopened(folder) as store:
        store.add_person(NewPerson("Before", Role.WITNESS))
        wait()
        store.add_custody(NewCustodyEvent("JB1", CustodyKind.SEAL, at(9), seal_in="S2"))


def calls_of_an_append(folder: Path) -> list[Moment]:
    """Every system call of one append, in order."""
    status, trace = _run(folder, ["-e", "trace=all"])
    assert status == 0
    counts: Counter[str] = Counter()
    moments = []
    for name in CALL.findall(trace):
        counts[name] += 1
        moments.append(Moment(name, counts[name]))
    return moments


def append_until_killed(folder: Path, moment: Moment) -> int:
    """Append, and be killed at this system call; gives the status of the process."""
    rule = f"inject={moment.call}:signal=KILL:when={moment.number}"
    return _run(folder, ["-e", f"trace={moment.call}", "-e", rule])[0]


def _run(folder: Path, options: list[str]) -> tuple[int, str]:
    """One append below strace: the status of the process, and what strace wrote."""
    ready, is_ready = os.pipe()
    go, may_go = os.pipe()
    child = os.fork()
    if child == 0:
        _be_the_writer(folder, is_ready, go)
    os.close(is_ready)
    os.close(go)
    try:
        assert os.read(ready, 1) == b"r"
        return _below_strace(child, may_go, options)
    finally:
        os.close(ready)
        os.close(may_go)


def _be_the_writer(folder: Path, is_ready: int, go: int) -> None:
    """What the forked process does; it never returns."""

    def wait() -> None:
        os.write(is_ready, b"r")
        os.read(go, 1)

    status = 1
    try:
        append(folder, wait)
        status = 0
    finally:
        os._exit(status)


def _below_strace(child: int, may_go: int, options: list[str]) -> tuple[int, str]:
    """Attach strace to the waiting process, let it go on, and see both end."""
    command = ["strace", "-f", "-p", str(child), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as strace:
        assert strace.stderr is not None
        said = b""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while ATTACHED not in said:
            assert time.monotonic() < deadline, said
            said += os.read(strace.stderr.fileno(), 65536)
        os.write(may_go, b"g")
        rest = strace.stderr.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return -signal.SIGKILL if killed else os.WEXITSTATUS(status), (said + rest).decode("utf-8", "replace")
