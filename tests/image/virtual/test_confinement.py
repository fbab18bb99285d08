"""qemu as a child: confined, killed with us, and its end never taken for the end of the media."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from image.opening import open_image
from image.sectors import SectorRange
from image.virtual.media_server import MediaServer, media_server
from image.virtual.qcow2 import look_at_qcow2
from tests.house.sources import ROOT
from tests.image.virtual.disks import MIB, content, made_disk, needs_qemu
from tests.sim.block_devices import needs_root

pytestmark = needs_qemu
HOLD = """
import sys, time
from pathlib import Path
from image.virtual.media_server import media_server
from image.virtual.qcow2 import look_at_qcow2
with media_server(look_at_qcow2(Path(sys.argv[1]))) as server:
    print(server._server._tool._process.pid, server._server._socket_path.parent, flush=True)
    time.sleep(60)
"""


def process_of(server: MediaServer) -> int:
    """The process id of qemu."""
    return server._server._tool._process.pid


def status_of(process: int) -> dict[str, str]:
    """What the kernel says of a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def limits_of(process: int) -> dict[str, str]:
    """The soft limits of a process."""
    lines = Path(f"/proc/{process}/limits").read_text().splitlines()
    return {line[:26].strip(): line[26:47].strip() for line in lines}


def test_qemu_is_limited(tmp_path: Path) -> None:
    with media_server(look_at_qcow2(made_disk(tmp_path, "qcow2"))) as server:
        process = process_of(server)
        limits, status = limits_of(process), status_of(process)
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    assert limits["Max address space"] == str(512 * MIB)
    assert limits["Max core file size"] == "0"
    assert limits["Max file size"] == str(MIB)
    assert limits["Max cpu time"].isdigit()
    assert status["NoNewPrivs"] == "1"
    assert b'"backing": null' in command
    assert b"--read-only" in command
    assert str(tmp_path).encode() not in command


@needs_root
def test_qemu_of_root_has_no_network_and_may_only_read(tmp_path: Path) -> None:
    with media_server(look_at_qcow2(made_disk(tmp_path, "qcow2"))) as server:
        process = process_of(server)
        if Path(f"/proc/{process}/ns/net").readlink() == Path("/proc/self/ns/net").readlink():
            pytest.skip("no new network namespaces to be had here")
        assert int(status_of(process)["CapEff"], 16) == 1 << 2
        assert int(status_of(process)["CapBnd"], 16) == 1 << 2


def test_qemu_is_killed_when_we_are(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "qcow2")
    words = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout is not None
        number, folder = holder.stdout.readline().split()
        process = int(number)
        assert Path(f"/proc/{process}").exists()
        holder.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{process}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    shutil.rmtree(folder)
    assert not Path(f"/proc/{process}").exists()


def test_the_end_of_qemu_is_not_the_end_of_the_media(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "qcow2", data=content(6 * MIB))
    with open_image(path) as image:
        pieces = image.media()
        assert next(pieces).is_read
        for process in decoders():
            os.kill(process, signal.SIGKILL)
        assert [piece.is_read for piece in pieces] == [False]
        found = [(item.code, item.sectors) for item in image.findings.as_tuple()]
    assert ("decoder-lost", SectorRange(2048, 5 * 2048)) in found


def decoders() -> list[int]:
    """The qemu processes that this one started; multiprocessing keeps a helper of its own among the children."""
    tasks = Path("/proc/self/task").iterdir()
    started = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    return [process for process in started if b"qemu" in Path(f"/proc/{process}/cmdline").read_bytes()]
