"""qemu as a confined child process that decodes one virtual disk and serves its media over a private Unix socket.

qemu is told the format and never guesses it. It sees the image's files only as links in a private folder, so that
no name of theirs means anything to it; it opens no backing file.
"""

import json
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from image.errors import ImageNotReadError
from image.tools import RunningTool, ToolError, require_tool, running_tool, tool_version
from image.virtual.confinement import confined
from image.virtual.disk import VirtualDisk
from image.virtual.nbd_client import NbdClient, ServerGoneError, connect

PROGRAM = "qemu-nbd"
MAXIMUM_CLIENTS = 4
START_SECONDS = 60.0
START_POLL_SECONDS = 0.005
LEAST_CPU_SECONDS = 600
CPU_BYTES_PER_SECOND = 10 * 1024 * 1024
DRIVERS_WITH_BACKING = frozenset({"qcow", "qcow2", "qed", "vmdk"})
LONGEST_FOLDER_NAME = 80
"""The name of a Unix socket has room for 107 bytes."""
ADVICE = "Convert it with the program that made it, or check the file itself with sha256sum"


class QemuServer:
    """A running qemu; connections are made as they are needed."""

    def __init__(self, socket_path: Path, tool: RunningTool, version: str) -> None:
        self._socket_path = socket_path
        self._tool = tool
        self.version = version

    def connect(self) -> NbdClient:
        """A further connection.

        Raises:
            ServerGoneError: qemu is gone, or does not answer.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self._tool.has_ended():
            with suppress(OSError, ServerGoneError):
                return connect(self._socket_path)
            time.sleep(START_POLL_SECONDS)
        raise ServerGoneError(self.reason())

    def reason(self) -> str:
        """Why it ended, as far as it said so."""
        lines = self._tool.complaints().splitlines()
        return ascii(lines[-1].rpartition("}': ")[2][:300])[1:-1] if lines else "qemu ended without a word"


@contextmanager
def serving(disk: VirtualDisk) -> Iterator[QemuServer]:
    """Let qemu serve a virtual disk for the length of a `with` block.

    Raises:
        ImageNotReadError: qemu is not installed or cannot be started.
    """
    with ExitStack() as held:
        try:
            server = _started(disk, held)
        except ToolError as error:
            where = str(disk.paths[0])
            raise ImageNotReadError(f"virtual disks are read by qemu: {error.what}", where, error.do) from error
        yield server


def _started(disk: VirtualDisk, held: ExitStack) -> QemuServer:
    """A qemu that runs until the stack closes."""
    path = require_tool(PROGRAM)
    version = tool_version(path).removeprefix(f"{path.parent}/")
    folder = held.enter_context(_private_folder())
    _fill(folder, disk.links)
    cpu_seconds = LEAST_CPU_SECONDS + disk.media_size_bytes // CPU_BYTES_PER_SECOND
    program, arguments = confined(PROGRAM, _arguments(folder, disk), cpu_seconds)
    return QemuServer(folder / "socket", held.enter_context(_kept(program, arguments)), version)


def _arguments(folder: Path, disk: VirtualDisk) -> list[str]:
    """What qemu-nbd is called with: this file in this format and nothing beside it."""
    file = {"driver": "file", "filename": str(folder / disk.first)}
    node: dict[str, object] = {"driver": disk.driver, "file": file, **disk.options}
    if disk.driver in DRIVERS_WITH_BACKING:
        node["backing"] = None
    return [
        "--read-only",
        f"--shared={MAXIMUM_CLIENTS}",
        f"--socket={folder / 'socket'}",
        f"json:{json.dumps(node)}",
    ]


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder that only we can look into, with a name short enough for a socket."""
    usual = tempfile.gettempdir()
    parent = usual if len(usual) < LONGEST_FOLDER_NAME else "/tmp"  # noqa: S108  the folder in it is private
    with tempfile.TemporaryDirectory(prefix="diskwitness-", dir=parent) as name:
        yield Path(name)


def _fill(folder: Path, links: Mapping[str, Path | bytes]) -> None:
    """Put the image's files into the folder."""
    for name, target in links.items():
        if isinstance(target, bytes):
            (folder / name).write_bytes(target)
        else:
            (folder / name).symlink_to(target.absolute())


@contextmanager
def _kept(program: str, arguments: list[str]) -> Iterator[RunningTool]:
    """The program, started by a thread that lives as long as the block.

    It is killed when the thread that started it ends; the thread that opens an image may end long before.
    """
    ready: list[RunningTool | ToolError] = []
    started, ending = threading.Event(), threading.Event()

    def keep() -> None:
        try:
            with running_tool(program, arguments) as tool:
                ready.append(tool)
                started.set()
                ending.wait()
        except ToolError as error:
            ready.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=keep, name="qemu", daemon=True)
    thread.start()
    started.wait()
    try:
        if isinstance(ready[0], ToolError):
            raise ready[0]
        yield ready[0]
    finally:
        ending.set()
        thread.join()
