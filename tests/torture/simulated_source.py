"""A simulated disk as the source of the real command, and pieces so small that a short image has many of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from acquire.source import OpenedSource
from acquire.source_facts import file_facts
from tests.cli.conftest import Workstation
from tests.sim.still_clock import StillClock
from tests.torture.fault_scripts import FaultScript
from tests.torture.scripted_disk import ScriptedDisk

KIB = 1024
SMALL_PIECES = {
    "image.writing.BATCH_SIZE_BYTES": 96 * KIB,
    "image.ewf.plan.MAXIMUM_GROUP_MEDIA_BYTES": 64 * KIB,
    "acquire.journal_recorder.SYNC_SECTOR_BYTES": 192 * KIB,
}
"""Batches, groups of an E01 and stretches between two journals, in bytes of media."""
SECONDS_BETWEEN_MAPS = "acquire.rescue_executor.SAVE_SECONDS"


@dataclass
class SimulatedSource:
    """A disk that `acquire` opens by the path of a file; `disk` may be replaced between two runs."""

    path: Path
    disk: ScriptedDisk

    def acquire(self, station: Workstation, outputs: Sequence[Path], *words: object) -> dict[str, Any]:
        """Run the command on it, and give its answer."""
        given = chain.from_iterable(("--output", output) for output in outputs)
        return station.run_json("acquire", self.path, *given, "--no-second-opinion", *words)


def simulate_source(monkeypatch: pytest.MonkeyPatch, path: Path, script: FaultScript) -> SimulatedSource:
    """Let `acquire` open a disk that fails as the script says where it would open a file."""
    path.touch()
    source = SimulatedSource(path, ScriptedDisk(script, StillClock()))

    @contextmanager
    def open_simulated(*_: object) -> Iterator[OpenedSource]:
        yield OpenedSource(source.disk, file_facts(source.disk, str(path)))

    for module in ("acquire_exhibit", "resume_exhibit"):
        monkeypatch.setattr(f"workflow.{module}.open_source", open_simulated)
    return source


def make_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an image of 1 MiB be made of many batches, groups and journals."""
    for name, size_bytes in SMALL_PIECES.items():
        monkeypatch.setattr(name, size_bytes)


def save_each_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a rescue save its map behind every step."""
    monkeypatch.setattr(SECONDS_BETWEEN_MAPS, 0.0)
