"""Real file systems of several kinds, made in a file and mounted for a test. They need root."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from image.packages import PACKAGES
from image.tools import find_tool, run_tool
from tests.sim.block_devices import tool

MIB = 1024 * 1024
MAKING = {
    "ext2": (64, ("mkfs.ext2", "-q", "-F", "-b", "1024")),
    "ext4": (64, ("mkfs.ext4", "-q", "-F")),
    "xfs": (320, ("mkfs.xfs", "-q", "-f")),
    "btrfs": (128, ("mkfs.btrfs", "-q", "-f")),
}
"""Size in MiB, and the program that makes one."""

FILLER = "filler"
BLOCK_BYTES = 512
"""The unit of st_blocks."""


@dataclass(frozen=True)
class MadeFileSystem:
    """A mounted file system: its kind and its folder."""

    kind: str
    folder: Path

    def leave(self, size_bytes: int) -> None:
        """Fill it up, and then make so much room."""
        filler = os.open(self.folder / FILLER, os.O_WRONLY | os.O_CREAT, 0o600)
        step = 64 * MIB
        try:
            while step >= MIB:
                try:
                    os.posix_fallocate(filler, os.fstat(filler).st_blocks * BLOCK_BYTES, step)
                except OSError:
                    step //= 2
            os.ftruncate(filler, os.fstat(filler).st_blocks * BLOCK_BYTES - size_bytes)
        finally:
            os.close(filler)
        os.sync()

    def make_room(self) -> None:
        """Remove what fills it up."""
        (self.folder / FILLER).unlink()
        os.sync()


@contextmanager
def file_system(kind: str, place: Path) -> Iterator[MadeFileSystem]:
    """An empty file system of this kind, mounted below a folder; skips where it cannot be made or mounted."""
    size_mib, (program, *options) = MAKING[kind]
    if find_tool(program) is None:
        pytest.skip(f"needs {program}: Debian package {PACKAGES.get(program, program)}")
    image, folder = place / f"{kind}.img", place / kind
    with image.open("wb") as file:
        file.truncate(size_mib * MIB)
    tool(program, *options, str(image))
    folder.mkdir()
    mount = run_tool("mount", ["-t", kind, "-o", "loop", str(image), str(folder)], timeout_seconds=30)
    if mount.exit_status != 0:
        pytest.skip(f"the kernel mounts no {kind} here: {mount.stderr.splitlines()[0]}")
    try:
        yield MadeFileSystem(kind, folder)
    finally:
        tool("umount", str(folder))
