"""The power goes at every moment of an acquisition: nothing is lost, nothing passes for whole, and it goes on."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.conftest import Workstation
from tests.sim.block_devices import needs_root
from tests.sim.power_cut import Operation
from tests.sim.recordings import recorded_folder
from tests.torture.conftest import Count
from tests.torture.fault_scripts import FIRST_SEED, small_script
from tests.torture.media import zeroed
from tests.torture.power_cuts import NAME, CutRun, cuts_of
from tests.torture.simulated_source import SimulatedSource, make_small_pieces, simulate_source

pytestmark = [pytest.mark.root, needs_root]
MEMORY = Path("/dev/shm")
LAYOUTS: dict[str, tuple[object, ...]] = {
    "e01": ("--segment-size", 300 * 1024),
    "e01 in one file": ("--segment-size", 0, "--compression", "none"),
    "raw": ("--format", "raw"),
    "split raw": ("--format", "raw", "--segment-size", 300 * 1024),
}
SHARDS = 4
"""So many tests share the cuts of one acquisition, so that they may run side by side."""


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory, where there is one: thousands of images are made in it."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None, prefix="torture-") as name:
        yield Path(name)


@pytest.fixture
def source(station: Workstation, monkeypatch: pytest.MonkeyPatch) -> SimulatedSource:
    """A small disk with bad sectors."""
    make_small_pieces(monkeypatch)
    return simulate_source(monkeypatch, station.folder / "disk", small_script(FIRST_SEED))


def record(station: Workstation, source: SimulatedSource, beside: Path, *words: object) -> list[Operation]:
    """Every operation of an acquisition that nothing disturbs."""
    with recorded_folder(beside) as recording:
        answer = source.acquire(station, recording.folder / NAME, *words)
        assert answer["verdict"] == "PASSED", answer
    return recording.operations()


def cut_run(station: Workstation, source: SimulatedSource, folder: Path) -> CutRun:
    """A run over cuts of an acquisition of the source."""
    script = source.disk.script
    media = zeroed(script.media, script.bad, script.sector_size_bytes)
    return CutRun(station, source, media, script.bad, folder)


@pytest.mark.parametrize(
    ("layout", "stride", "shard"),
    [
        *(("e01", 29, 3), ("raw", 29, 3)),
        *(pytest.param(name, SHARDS, shard, marks=pytest.mark.long) for name in LAYOUTS for shard in range(SHARDS)),
    ],
)
def test_a_power_cut_at_any_moment_loses_nothing(
    station: Workstation, source: SimulatedSource, memory: Path, layout: str, stride: int, shard: int, count: Count
) -> None:
    operations = record(station, source, memory, *LAYOUTS[layout])
    run = cut_run(station, source, memory / "left")
    for cut in cuts_of(operations):
        if cut.at % stride == shard:
            run.carry_on(cut)
    count("power cuts", **run.figures, wrong=0)
