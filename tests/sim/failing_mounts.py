"""Folders that fail, mounted for a test."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from image.tools import held_tool
from tests.sim.block_devices import MOUNT_SECONDS, unmount

SERVER = Path(__file__).with_name("failing_folder.py")


@dataclass(frozen=True)
class FailingMount:
    """A mounted folder whose faults can be changed, and the folder that really holds its files."""

    path: Path
    backing: Path
    rules_file: Path

    def set_rules(self, **rules: Any) -> None:
        """Replace the rules."""
        new = self.rules_file.with_suffix(".new")
        new.write_text(json.dumps(rules))
        new.replace(self.rules_file)


@contextmanager
def failing_folder(folder: Path, **rules: Any) -> Iterator[FailingMount]:
    """A folder that fails as these rules say (tests/sim/failing_folder.py)."""
    mount = FailingMount(folder / "mount", folder / "backing", folder / "rules.json")
    mount.path.mkdir(parents=True)
    mount.backing.mkdir()
    mount.rules_file.write_text(json.dumps(rules))
    with held_tool(sys.executable, [str(SERVER), *map(str, (mount.path, mount.backing, mount.rules_file))]):
        _await_mount(mount.path)
        try:
            yield mount
        finally:
            unmount(mount.path)


def _await_mount(path: Path) -> None:
    """Wait until the folder is mounted, or skip the test."""
    end = time.monotonic() + MOUNT_SECONDS
    while time.monotonic() < end:
        if path.is_mount():
            return
        time.sleep(0.02)
    pytest.skip("no FUSE file system to be had: Debian packages fuse3, libfuse3-3")
