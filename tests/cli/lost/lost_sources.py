"""Acquisitions of a drive that is lost, as processes of their own."""

import json
import subprocess
from typing import Any, ClassVar

from tests.cli.conftest import Workstation
from tests.sim.block_devices import FaultyDevice

SECTORS = 16_384
DIES_AT = 9000
QUICK = ("--no-second-opinion", "--progress", "json", "--json")


class Job:
    """A running acquisition: its progress as it comes, then its answer."""

    running: ClassVar[list["subprocess.Popen[str]"]] = []

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.running.append(process)

    def await_state(self, words: str) -> dict[str, Any]:
        """The first progress whose state has these words."""
        assert self.process.stderr
        for line in self.process.stderr:
            progress = json.loads(line) if line.startswith("{") else {"state": ""}
            if words in progress["state"]:
                assert isinstance(progress, dict)
                return progress
        raise AssertionError(f"the job ended and never said {words!r}")

    def end(self) -> dict[str, Any]:
        """Its answer."""
        stdout, stderr = self.process.communicate(timeout=120)
        assert "Traceback" not in stderr
        answer = json.loads(stdout)
        assert isinstance(answer, dict)
        return answer


def start(station: Workstation, device: FaultyDevice, *words: object) -> Job:
    """Begin to image a device to JB1."""
    return Job(station.start("acquire", device.path, "--output", "JB1", *QUICK, *words))


def journal(station: Workstation) -> dict[str, Any]:
    """The journal of the stopped image."""
    held = json.loads((station.folder / "JB1.manifest.json.partial").read_text())
    assert isinstance(held, dict)
    return held
