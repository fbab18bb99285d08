"""Programs of other people: run without a shell, in a clean environment, with a time limit and bounded output.

The only module that imports subprocess. Every run says which version of the program answered.
"""

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from image.errors import DiskwitnessError
from image.packages import PACKAGES

STANDARD_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
ENVIRONMENT = {"LC_ALL": "C", "LANG": "C", "PATH": ":".join(STANDARD_FOLDERS)}
MAXIMUM_OUTPUT_BYTES = 16 * 1024 * 1024
MAXIMUM_VERSION_CHARACTERS = 200
VERSION_TIMEOUT_SECONDS = 10.0
GRACE_SECONDS = 2.0
MAXIMUM_COMPLAINT_BYTES = 8192

VERSION_ARGUMENTS = {
    "ewfacquire": "-V",
    "ewfexport": "-V",
    "ewfinfo": "-V",
    "ewfverify": "-V",
    "fls": "-V",
    "hdparm": "-V",
    "img_stat": "-V",
    "mkfs.ext4": "-V",
    "pdffonts": "-v",
    "pdftoppm": "-v",
    "pdftotext": "-v",
}
"""What makes a program print its version, where that is not `--version`."""


class ToolError(DiskwitnessError):
    """A program of somebody else cannot be used; callers turn this into the family of what they do."""


class ToolMissingError(ToolError):
    """A program is not installed."""


@dataclass(frozen=True, slots=True)
class ToolRun:
    """One finished run; undecodable output bytes are shown as backslash escapes."""

    program: str
    version: str
    arguments: tuple[str, ...]
    exit_status: int
    stdout: str
    stderr: str


def find_tool(program: str) -> Path | None:
    """The absolute path of a program, or None where it is not installed.

    Relative entries of PATH are passed over: what lies in the current folder is never run.
    """
    if os.sep in program:
        return Path(program) if os.access(program, os.X_OK) else None
    folders = [*os.environ.get("PATH", "").split(":"), *STANDARD_FOLDERS]
    for folder in folders:
        path = Path(folder, program)
        if path.is_absolute() and path.is_file() and os.access(path, os.X_OK):
            return path
    return None


def require_tool(program: str) -> Path:
    """The absolute path of a program.

    Raises:
        ToolMissingError: it is not installed; names the package to install.
    """
    path = find_tool(program)
    if path is None:
        package = PACKAGES.get(program, program)
        raise ToolMissingError(f"the program {program} is not installed", do=f"Install the package {package}")
    return path


def run_tool(
    program: str,
    arguments: Sequence[str],
    *,
    timeout_seconds: float,
    stdin: bytes | None = None,
    maximum_output_bytes: int = MAXIMUM_OUTPUT_BYTES,
) -> ToolRun:
    """Run a program to its end and keep what it printed; a failure exit status is a result, not an error.

    Raises:
        ToolMissingError: the program is not installed.
        ToolError: it cannot be started, does not end in time, or prints more than is allowed.
    """
    path = require_tool(program)
    status, stdout, stderr = _execute(path, arguments, timeout_seconds, stdin, maximum_output_bytes)
    return ToolRun(program, tool_version(path), tuple(arguments), status, _text(stdout), _text(stderr))


@cache
def tool_version(path: Path) -> str:
    """The first line a program prints about its version, or "unknown"."""
    argument = VERSION_ARGUMENTS.get(path.name, "--version")
    try:
        _, stdout, stderr = _execute(path, [argument], VERSION_TIMEOUT_SECONDS, None, MAXIMUM_OUTPUT_BYTES)
    except ToolError:
        return "unknown"
    lines = [line.strip() for line in _text(stdout + b"\n" + stderr).splitlines() if line.strip()]
    return lines[0][:MAXIMUM_VERSION_CHARACTERS] if lines else "unknown"


@contextmanager
def held_tool(program: str, arguments: Sequence[str]) -> Iterator[int]:
    """Keep a program running for the length of a `with` block; gives its process id.

    Its standard input is a pipe that closes when this process ends in whatever way, so that a program
    which reads it can follow; it is terminated at the end of the block.

    Raises:
        ToolMissingError: the program is not installed.
        ToolError: it cannot be started.
    """
    process = _start(require_tool(program), arguments, subprocess.PIPE, subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        _end(process, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class RunningTool:
    """A program that runs beside us, and what it complained of."""

    _process: subprocess.Popen[bytes]
    _complaints: IO[bytes]

    def has_ended(self) -> bool:
        """Whether it ended by itself."""
        return self._process.poll() is not None

    def complaints(self) -> str:
        """What it wrote on its standard error so far, as far as is allowed."""
        return _text(os.pread(self._complaints.fileno(), MAXIMUM_COMPLAINT_BYTES, 0)).strip()


@contextmanager
def running_tool(program: str, arguments: Sequence[str]) -> Iterator[RunningTool]:
    """Keep a program running for the length of a `with` block, then kill it; it reads nothing from us.

    Raises:
        ToolMissingError: the program is not installed.
        ToolError: it cannot be started.
    """
    path = require_tool(program)
    with tempfile.TemporaryFile() as complaints:
        process = _start(path, arguments, subprocess.DEVNULL, subprocess.DEVNULL, complaints)
        try:
            yield RunningTool(process, complaints)
        finally:
            _end(process, signal.SIGKILL)


def _execute(
    path: Path, arguments: Sequence[str], timeout_seconds: float, stdin: bytes | None, limit_bytes: int
) -> tuple[int, bytes, bytes]:
    """Exit status and output of one run."""
    deadline = time.monotonic() + timeout_seconds
    with tempfile.TemporaryFile() as given:
        given.write(stdin or b"")
        given.seek(0)
        process = _start(path, arguments, given, subprocess.PIPE)
        try:
            stdout, stderr = _collect(process, deadline, limit_bytes)
            return process.wait(max(0.0, deadline - time.monotonic())), stdout, stderr
        except (TimeoutError, subprocess.TimeoutExpired):
            raise ToolError(f"{path.name} did not end within {timeout_seconds:g} s", str(path)) from None
        finally:
            _end(process, signal.SIGKILL)


def _start(
    path: Path,
    arguments: Sequence[str],
    stdin: IO[bytes] | int,
    output: int,
    complaints: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that a Ctrl-C for us does not end it half way."""
    try:
        return subprocess.Popen(
            [str(path), *arguments],
            stdin=stdin,
            stdout=output,
            stderr=output if complaints is None else complaints,
            env=ENVIRONMENT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ToolError(f"cannot start {path.name} ({error})", str(path)) from error


def _collect(process: subprocess.Popen[bytes], deadline: float, limit_bytes: int) -> tuple[bytes, bytes]:
    """Both outputs until they close.

    Raises:
        TimeoutError: they did not close in time.
        ToolError: more than `limit_bytes` came.
    """
    streams = [stream for stream in (process.stdout, process.stderr) if stream is not None]
    blocks: dict[int, bytearray] = {stream.fileno(): bytearray() for stream in streams}
    with selectors.DefaultSelector() as waiting:
        for descriptor in blocks:
            waiting.register(descriptor, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                block = os.read(key.fd, 65536)
                blocks[key.fd] += block
                if not block:
                    waiting.unregister(key.fd)
            if sum(map(len, blocks.values())) > limit_bytes:
                raise ToolError(f"a program printed more than {limit_bytes} bytes", f"process {process.pid}")
    stdout, stderr = (bytes(block) for block in blocks.values())
    return stdout, stderr


def _end(process: subprocess.Popen[bytes], first_signal: signal.Signals) -> None:
    """End a program and what it started; one that hangs in the kernel is left behind, not waited for."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    for number in (first_signal, signal.SIGKILL):
        if process.poll() is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)


def _text(output: bytes) -> str:
    """Output as text, whatever bytes it holds."""
    return output.decode("utf-8", errors="backslashreplace")
