"""The program is killed at random moments, on a real device and a slow destination, and goes on afterwards."""

import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from acquire.journal import Journal, is_intact
from image.manifest_file import decode_record
from image.sidecars import Sidecar
from tests.cli.conftest import Workstation
from tests.sim.block_devices import FaultyDevice, faulty_device, needs_program, needs_root, tool
from tests.sim.recordings import Recording, recorded_folder
from tests.torture.conftest import Count
from tests.torture.fault_scripts import FIRST_SEED, MIB, FaultScript, small_script
from tests.torture.media import zeroed
from tests.torture.truth import check_not_whole, check_whole

pytestmark = [pytest.mark.root, needs_root, needs_program("losetup", "blockdev")]
SECTORS = 10 * MIB // 512
UNREADABLE = 5
READ_SECONDS = 0.001
CHANGE_SECONDS = 0.008
KILLS_IN_A_TEST = 5
LAYOUTS: dict[str, tuple[object, ...]] = {
    "e01": ("--segment-size", 2 * MIB),
    "raw": ("--format", "raw"),
}
EVERY_OPTION = ("--retries", 0, "--no-second-opinion")


@dataclass(frozen=True)
class Bench:
    """A slow device with bad sectors, and a slow destination."""

    station: Workstation
    script: FaultScript
    device: FaultyDevice
    destination: Recording

    @property
    def bad(self) -> list[list[int]]:
        """The rule of the bad sectors."""
        return [[sector, 1] for sector in self.script.bad]

    def start(self, words: tuple[object, ...], folder: str) -> "subprocess.Popen[str]":
        """Begin an acquisition to a new folder of the destination."""
        (self.destination.really / folder).mkdir()
        output = self.destination.folder / folder / "JB1"
        return self.station.start("acquire", self.device.path, "--output", output, *words, *EVERY_OPTION)

    def undisturbed_seconds(self, words: tuple[object, ...]) -> float:
        """How long an acquisition takes that nobody kills."""
        self.device.set_rules(bad=self.bad, slow=[[0, SECTORS, READ_SECONDS]])
        begun = time.monotonic()
        process = self.start(words, "whole")
        _, complaints = process.communicate(timeout=120)
        assert process.returncode == UNREADABLE, complaints
        return time.monotonic() - begun

    def start_and_kill(self, words: tuple[object, ...], folder: str, seconds: float) -> None:
        """Begin an acquisition and kill it after so many seconds, unless it has ended."""
        self.device.set_rules(bad=self.bad, slow=[[0, SECTORS, READ_SECONDS]])
        process = self.start(words, folder)
        time.sleep(seconds)
        process.kill()
        process.communicate(timeout=60)
        self.device.set_rules(bad=self.bad)
        time.sleep(5 * CHANGE_SECONDS)

    def acquire(self, output: Path, *words: object) -> None:
        """Run the command to its end."""
        answer = self.station.run_json("acquire", self.device.path, "--output", output, *words, *EVERY_OPTION)
        assert (answer["exit_code"], answer["verdict"]) == (UNREADABLE, "PASSED"), answer

    def check(self, output: Path) -> None:
        """See that an image is whole, and that the device may be written again."""
        script = self.script
        check_whole(output, zeroed(script.media, script.bad, script.sector_size_bytes), script.bad)
        assert tool("blockdev", "--getro", self.device.path) == "0"


@contextmanager
def open_bench(station: Workstation, folder: Path) -> Iterator[Bench]:
    """Everything that is slow, for the length of a `with` block."""
    script = small_script(FIRST_SEED, SECTORS)
    disk = folder / "disk"
    disk.write_bytes(script.media)
    with faulty_device(disk, folder) as device, recorded_folder(folder, seconds=CHANGE_SECONDS) as destination:
        yield Bench(station, script, device, destination)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("number", [pytest.param(at, marks=pytest.mark.long if at else ()) for at in range(6)])
def test_a_killed_acquisition_goes_on(
    layout: str, number: int, station: Workstation, tmp_path: Path, count: Count
) -> None:
    chance, words = random.Random(FIRST_SEED + number), LAYOUTS[layout]
    with open_bench(station, tmp_path) as bench:
        whole_seconds = bench.undisturbed_seconds(words)
        for kill in range(KILLS_IN_A_TEST if number else 1):
            bench.start_and_kill(words, f"{kill}", chance.uniform(0, whole_seconds))
            output = bench.destination.really / f"{kill}" / "JB1"
            found = what_was_left(output)
            bench.acquire(output, "--resume")
            bench.check(output)
            count("kill -9", **{"kills": 1, found: 1, "wrong": 0})


def what_was_left(output: Path) -> str:
    """How far the killed program came, by its files, which must tell no lie."""
    if Sidecar.MANIFEST.beside(output).exists():
        return "after the image was whole"
    check_not_whole(output)
    journal = Sidecar.JOURNAL.beside(output)
    if not journal.exists() or not is_intact(contents := journal.read_bytes()):
        return "before the first journal" if not journal.exists() or not journal.stat().st_size else "at the end"
    found = decode_record(contents, Journal, str(journal))
    return "in the middle" if found.watermark.next_sector else "before anything was durable"
