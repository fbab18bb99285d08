"""The power goes at every moment of an acquisition: nothing is lost, nothing passes for whole, and it goes on."""

import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.conftest import Workstation
from tests.sim.block_devices import needs_root
from tests.sim.power_cut import Left, Loss, Operation, lay_out
from tests.sim.recordings import NO_LIMIT, recorded_folder
from tests.torture.conftest import Count
from tests.torture.fault_scripts import FIRST_SEED, small_script
from tests.torture.media import zeroed
from tests.torture.power_cuts import JOURNAL, NAME, ONE_OUTPUT, CutRun, cuts_of, is_whole, journal_in
from tests.torture.simulated_source import SimulatedSource, make_small_pieces, save_each_map, simulate_source

pytestmark = [pytest.mark.root, needs_root]
MEMORY = Path("/dev/shm")
LAYOUTS: dict[str, tuple[object, ...]] = {
    "e01": ("--segment-size", 200 * 1024, "--compression", "fast"),
    "e01 in one file": ("--segment-size", 0, "--compression", "none"),
    "raw": ("--format", "raw"),
    "split raw": ("--format", "raw", "--segment-size", 200 * 1024),
}
IN_A_FOLDER = ("one/JB1",)
TWO_OUTPUTS = ("one/JB1", "two/JB1")
ROOM_BYTES = 250 * 1024
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
    save_each_map(monkeypatch)
    return simulate_source(monkeypatch, station.folder / "disk", small_script(FIRST_SEED))


def record(
    station: Workstation,
    source: SimulatedSource,
    beside: Path,
    names: tuple[str, ...],
    *words: object,
    room: Mapping[str, int] = NO_LIMIT,
) -> list[Operation]:
    """Every operation of an acquisition, or of what goes on with one, that nothing disturbs."""
    with recorded_folder(beside, room=room) as recording:
        answer = source.acquire(station, [recording.folder / name for name in names], *words)
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
    operations = record(station, source, memory, ONE_OUTPUT, *LAYOUTS[layout])
    run = cut_run(station, source, memory / "left")
    for cut in cuts_of(operations):
        if cut.at % stride == shard:
            run.carry_on(cut)
    assert all(is_whole(cut.left) for cut in cuts_of(operations) if cut.at == len(operations))
    count("power cuts", **run.figures, wrong=0)


@pytest.mark.long
@pytest.mark.parametrize("shard", range(2))
def test_a_power_cut_with_two_outputs_loses_neither(
    station: Workstation, source: SimulatedSource, memory: Path, shard: int, count: Count
) -> None:
    start: Left = {"one": None, "two": None}
    lay_out(start, memory / "really")
    operations = record(station, source, memory, TWO_OUTPUTS, *LAYOUTS["e01"])
    run = replace(cut_run(station, source, memory / "left"), names=TWO_OUTPUTS)
    for cut in cuts_of(operations, start):
        if cut.at % 6 == 3 * shard:
            run.carry_on(cut)
    count("power cuts with two outputs", **run.figures, wrong=0)


def test_a_segment_in_a_further_folder_is_durable_before_a_journal_names_it(
    station: Workstation, source: SimulatedSource, memory: Path
) -> None:
    operations, start = record_move(station, source, memory, "split raw")
    for cut in cuts_of(operations, start):
        journal = journal_in(cut.left, f"one/{JOURNAL}") if cut.loss is Loss.EVERYTHING else None
        if journal is not None and journal.watermark.file is not None:
            assert {f"one/{journal.watermark.file}", f"two/{journal.watermark.file}"} & set(cut.left), cut


def record_move(
    station: Workstation, source: SimulatedSource, memory: Path, layout: str
) -> tuple[list[Operation], Left]:
    """The operations of an acquisition whose first folder is full at its second segment; what was there before."""
    start: Left = {"one": None, "two": None}
    lay_out(start, memory / "really")
    words = (*LAYOUTS[layout], "--output-next", memory / "recorded" / "two")
    operations = record(station, source, memory, IN_A_FOLDER, *words, room={"one": ROOM_BYTES})
    assert any(item.kind == "create" and item.path.startswith("two/") for item in operations)
    return operations, start


@pytest.mark.long
@pytest.mark.parametrize("layout", ["e01", "split raw"])
@pytest.mark.parametrize("shard", range(2))
def test_a_power_cut_while_a_set_moves_to_the_next_folder_loses_nothing(
    station: Workstation, source: SimulatedSource, memory: Path, layout: str, shard: int, count: Count
) -> None:
    operations, start = record_move(station, source, memory, layout)
    run = replace(cut_run(station, source, memory / "recorded"), names=IN_A_FOLDER)
    for cut in cuts_of(operations, start):
        if cut.at % 6 == 3 * shard:
            run.carry_on(cut)
    count("power cuts with a next folder", **run.figures, wrong=0)


@pytest.mark.long
@pytest.mark.parametrize("layout", ["e01", "split raw"])
@pytest.mark.parametrize("place", [0.2, 0.5, 0.8, 0.95])
def test_a_second_power_cut_while_the_first_is_mended_loses_nothing(
    station: Workstation, source: SimulatedSource, memory: Path, layout: str, place: float, count: Count
) -> None:
    first = record(station, source, memory, ONE_OUTPUT, *LAYOUTS[layout])
    chosen = random.Random(repr(place)).choice(list(Loss))
    start = next(cut for cut in cuts_of(first) if cut.at >= place * len(first) and cut.loss is chosen).left
    shutil.rmtree(memory / "really")
    lay_out(start, memory / "really")
    second = record(station, source, memory, ONE_OUTPUT, "--resume")
    run = cut_run(station, source, memory / "left")
    for cut in cuts_of(second, start):
        if cut.at % 3 == 0:
            run.carry_on(cut)
    count("second power cuts", **run.figures, wrong=0)


@pytest.mark.long
@pytest.mark.parametrize("layout", ["e01", "raw"])
@pytest.mark.parametrize("shard", range(2))
def test_a_power_cut_in_a_rescue_loses_nothing(
    station: Workstation, source: SimulatedSource, memory: Path, layout: str, shard: int, count: Count
) -> None:
    operations = record(station, source, memory, ONE_OUTPUT, *LAYOUTS[layout], "--rescue")
    run = replace(cut_run(station, source, memory / "left"), words=("--rescue",))
    for cut in cuts_of(operations):
        if cut.at % 24 == 12 * shard:
            run.carry_on(cut)
    count("power cuts of rescues", **run.figures, wrong=0)


@pytest.mark.long
def test_a_power_cut_before_the_first_map_leaves_a_rescue_that_begins(
    station: Workstation, source: SimulatedSource, memory: Path
) -> None:
    operations = record(station, source, memory, ONE_OUTPUT, *LAYOUTS["raw"], "--rescue")
    run = replace(cut_run(station, source, memory / "left"), words=("--rescue",))
    early = [cut for cut in cuts_of(operations) if journal_in(cut.left) and f"{NAME}.map" not in cut.left]
    for cut in early:
        run.carry_on(cut)
    assert run.figures["different_states"] > 1
