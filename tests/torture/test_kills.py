"""The program is killed at random moments, on a real device and a slow destination, and goes on afterwards."""

import os
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
AFTER_SECONDS = 0.1
KILLS_IN_A_TEST = 5
LAYOUTS: dict[str, tuple[object, ...]] = {
    "e01": ("--segment-size", MIB),
    "raw": ("--format", "raw", "--segment-size", MIB),
    "rescue": ("--segment-size", MIB, "--rescue"),
}
EVERY_OPTION = ("--retries", 0, "--no-second-opinion")


@dataclass(frozen=True)
class Bench:
    """A slow device with bad sectors, and a slow destination."""

    station: Workstation
    script: FaultScript
    device: FaultyDevice
    bad: list[list[int]]
    destination: Recording

    def start(self, words: tuple[object, ...], folder: str) -> "subprocess.Popen[str]":
        """Begin an acquisition to a new folder of the destination."""
        (self.destination.really / folder).mkdir()
        output = self.destination.folder / folder / "JB1"
        return self.station.start("acquire", self.device.path, "--output", output, *words, *EVERY_OPTION)

    def changes_of_a_whole_run(self, words: tuple[object, ...]) -> int:
        """How many changes of the destination an acquisition takes that nobody kills."""
        before = len(self.destination.operations())
        process = self.start(words, "whole")
        _, complaints = process.communicate(timeout=120)
        assert process.returncode == UNREADABLE, complaints
        return len(self.destination.operations()) - before

    def start_and_kill(self, words: tuple[object, ...], folder: str, changes: int, seconds: float) -> None:
        """Begin an acquisition and kill it so many seconds after so many changes, unless it has ended."""
        self.device.set_rules(bad=self.bad, slow=[[0, SECTORS, READ_SECONDS]])
        with self.destination.record.open("rb") as record:
            record.seek(0, os.SEEK_END)
            process = self.start(words, folder)
            while changes > 0 and process.poll() is None:
                changes -= record.read().count(b"\n")
                time.sleep(0.001)
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
    bad = [[sector, 1] for sector in script.bad]
    with (
        faulty_device(disk, folder, bad=bad) as device,
        recorded_folder(folder, seconds=CHANGE_SECONDS) as destination,
    ):
        yield Bench(station, script, device, bad, destination)


@pytest.mark.parametrize(
    ("layout", "number"),
    [
        pytest.param(layout, number, marks=pytest.mark.long if number or layout == "rescue" else ())
        for layout in LAYOUTS
        for number in range(5)
    ],
)
def test_a_killed_acquisition_goes_on(
    layout: str, number: int, station: Workstation, tmp_path: Path, count: Count
) -> None:
    chance, words = random.Random(FIRST_SEED + number), LAYOUTS[layout]
    with open_bench(station, tmp_path) as bench:
        changes = bench.changes_of_a_whole_run(words)
        for kill in range(KILLS_IN_A_TEST if number else 1):
            bench.start_and_kill(words, f"{kill}", chance.randrange(changes + 1), chance.uniform(0, AFTER_SECONDS))
            output = bench.destination.really / f"{kill}" / "JB1"
            found = what_was_left(output)
            bench.acquire(output, "--resume", *(word for word in words if word == "--rescue"))
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
