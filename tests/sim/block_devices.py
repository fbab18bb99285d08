"""Real block devices for tests: loop devices over files and over a file system that fails. They need root.

The read-only flag of a loop device outlives its detaching, so it is cleared before and after.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from image.packages import PACKAGES
from image.tools import ToolError, find_tool, held_tool, run_tool
from tests.sim.faulty_disk import sector_content

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root for loop devices")
SERVER = Path(__file__).with_name("faulty_fuse.py")
MOUNT_SECONDS = 10.0


def needs_program(*programs: str) -> pytest.MarkDecorator:
    """Skip a test where one of these programs is absent, naming the package."""
    absent = [name for name in programs if find_tool(name) is None]
    packages = ", ".join(sorted({PACKAGES.get(name, name) for name in absent}))
    return pytest.mark.skipif(bool(absent), reason=f"needs {', '.join(absent)}: Debian package {packages}")


def tool(program: str, *arguments: str) -> str:
    """What a program prints; it must succeed."""
    run = run_tool(program, arguments, timeout_seconds=30)
    assert run.exit_status == 0, f"{program} {arguments}: {run.stderr}"
    return run.stdout.strip()


def numbered_image(path: Path, sector_count: int, sector_size_bytes: int = 512) -> Path:
    """A file in which every sector carries its own number."""
    path.write_bytes(b"".join(sector_content(sector, sector_size_bytes) for sector in range(sector_count)))
    return path


@contextmanager
def loop_device(image: Path, *options: str) -> Iterator[str]:
    """A loop device over a file; gives its path."""
    run = run_tool("losetup", ["--find", "--show", *options, str(image)], timeout_seconds=30)
    if run.exit_status != 0:
        pytest.skip(f"no loop device to be had: {run.stderr.strip()}")
    path = run.stdout.strip()
    try:
        if "--read-only" not in options:
            tool("blockdev", "--setrw", path)
        yield path
    finally:
        run_tool("blockdev", ["--setrw", path], timeout_seconds=30)
        tool("losetup", "--detach", path)


@contextmanager
def partitioned_loop(image: Path) -> Iterator[str]:
    """A loop device whose partitions (`...p1`, ...) the kernel knows; gives the path of the whole."""
    with loop_device(image) as path:
        tool("partx", "--add", path)
        try:
            yield path
        finally:
            tool("partx", "--delete", path)


@contextmanager
def mounted(device: str, folder: Path, *options: str) -> Iterator[Path]:
    """A file system mounted on a folder."""
    folder.mkdir(exist_ok=True)
    tool("mount", *options, device, str(folder))
    try:
        yield folder
    finally:
        tool("umount", str(folder))


@dataclass(frozen=True)
class FaultyDevice:
    """A block device whose faults can be changed while it is read."""

    path: str
    rules_file: Path

    def set_rules(self, **rules: Any) -> None:
        """Replace the rules of its file system."""
        new = self.rules_file.with_suffix(".new")
        new.write_text(json.dumps(rules))
        new.replace(self.rules_file)

    def put_back(self) -> None:
        """Undo `pull_out`; the kernel keeps its device all the while."""
        self.set_rules()
        time.sleep(1.2)
        tool("losetup", "--set-capacity", self.path)

    def pull_out(self, **rules: Any) -> None:
        """Make the device look like a drive that was pulled out: no size, no data, no error."""
        self.set_rules(size=0, **rules)
        time.sleep(1.2)  # until the kernel's attributes of the file are stale
        tool("losetup", "--set-capacity", self.path)


@contextmanager
def faulty_device(image: Path, folder: Path, *options: str, **rules: Any) -> Iterator[FaultyDevice]:
    """A loop device over a file that fails as the rules say."""
    with (
        faulty_file(image, folder, **rules) as path,
        loop_device(path, *options) as device,
    ):
        yield FaultyDevice(device, folder / "rules.json")


@contextmanager
def faulty_file(image: Path, folder: Path, **rules: Any) -> Iterator[Path]:
    """A file with the bytes of another one that fails as the rules say (tests/sim/faulty_fuse.py)."""
    mount_point = folder / "fuse"
    mount_point.mkdir()
    rules_file = folder / "rules.json"
    rules_file.write_text(json.dumps(rules))
    with held_tool(sys.executable, [str(SERVER), str(mount_point), str(image), str(rules_file)]):
        await_file(mount_point / "disk")
        try:
            yield mount_point / "disk"
        finally:
            unmount(mount_point)


def await_file(path: Path) -> None:
    """Wait until a file system shows its file, or skip the test."""
    end = time.monotonic() + MOUNT_SECONDS
    while time.monotonic() < end:
        with suppress(OSError):
            if path.exists():
                return
        time.sleep(0.02)
    pytest.skip("no FUSE file system to be had: Debian packages fuse3, libfuse3-3")


def unmount(mount_point: Path) -> None:
    """Unmount a FUSE file system; a loop device lets go of it a moment after its detaching."""
    for _ in range(50):
        with suppress(ToolError):
            if run_tool("fusermount3", ["-u", str(mount_point)], timeout_seconds=10).exit_status == 0:
                return
        time.sleep(0.05)
