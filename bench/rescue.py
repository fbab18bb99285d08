"""`make bench-rescue`: the rescue of a damaged block device, against ddrescue on the same one. Needs root and FUSE.

    python -m bench.rescue [--size-mib N] [--bad N] [--runs N]

The device counts its requests. Both programs read one after the other, as often as `--runs` says; the best counts.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import run_program
from bench.programs import OURS
from image.badmap import BadSectorMap
from image.mapfile import decode_mapfile
from tests.sim.block_devices import FaultyDevice, faulty_device

MIB = 2**20
SECTOR_BYTES = 512
MEMORY_FOLDER = Path("/dev/shm")
PROGRAMS = {
    "ddrescue": ("ddrescue", "-d", "-b512", "-q", "{device}", "JB1.raw", "JB1.map"),
    "diskwitness": (
        *(OURS, "acquire", "{device}", "--output", "JB1", "--format", "raw", "--rescue", "--retries", "0"),
        *("--no-verify", "--progress", "none"),
    ),
}
UNREADABLE = 5
"""The exit code of an acquisition that met unreadable sectors."""


@dataclass(frozen=True)
class Rescue:
    """One rescue: its seconds, its requests, those of them that failed, and its map."""

    wall_seconds: float
    request_count: int
    failed_count: int
    bad_map: BadSectorMap


def main() -> None:
    """Rescue by both programs in turn and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.rescue", description="Measure a rescue.")
    parser.add_argument("--size-mib", type=int, default=1024)
    parser.add_argument("--bad", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    plan = parser.parse_args()
    if shutil.which("ddrescue") is None:
        sys.exit("ddrescue is not installed: Debian package gddrescue")
    with tempfile.TemporaryDirectory(dir=MEMORY_FOLDER, prefix="diskwitness-rescue-") as name:
        folder = Path(name)
        bad = damaged_disk(folder / "disk", plan.size_mib * MIB, plan.bad)
        rules = {"bad": bad, "log": str(folder / "log")}
        with faulty_device(folder / "disk", folder, **rules) as device:
            rounds = [{name: rescue(name, device, folder) for name in PROGRAMS} for _ in range(plan.runs)]
    print(table(rounds))


def damaged_disk(disk: Path, size_bytes: int, bad_count: int) -> list[list[int]]:
    """A disk of text with so many scattered bad sectors, each as [first, count]."""
    choose = random.Random(11)  # a pattern, not a secret
    disk.write_bytes(b"".join(b"%511d\n" % sector for sector in range(size_bytes // SECTOR_BYTES)))
    return [[sector, 1] for sector in sorted(choose.sample(range(size_bytes // SECTOR_BYTES), bad_count))]


def rescue(name: str, device: FaultyDevice, folder: Path) -> Rescue:
    """One rescue by one program into a new folder."""
    output, log = folder / "output", folder / "log"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()
    log.unlink(missing_ok=True)
    command = tuple(word.format(device=device.path) for word in PROGRAMS[name])
    usage = run_program(command, output, allowed=(0, UNREADABLE))
    requests = [json.loads(line) for line in log.read_text().splitlines()]
    failed = sum(not ok for *_, ok in requests)
    path = output / "JB1.map"
    bad_map = decode_mapfile(path.read_text(), SECTOR_BYTES, str(path))
    return Rescue(usage.wall_seconds, len(requests), failed, bad_map)


def table(rounds: Sequence[dict[str, Rescue]]) -> str:
    """What each program took at best, and whether the maps say the same."""
    lines = [f"{'':12} {'seconds':>8} {'requests':>9} {'failed':>7}"]
    best = {name: min((item[name] for item in rounds), key=lambda item: item.wall_seconds) for name in PROGRAMS}
    for name, item in best.items():
        lines.append(f"{name:12} {item.wall_seconds:8.2f} {item.request_count:9d} {item.failed_count:7d}")
    ratio = best["diskwitness"].wall_seconds / best["ddrescue"].wall_seconds
    same = all(item["diskwitness"].bad_map.bad_ranges() == item["ddrescue"].bad_map.bad_ranges() for item in rounds)
    return "\n".join([*lines, f"time ratio {ratio:.2f}; the maps are {'the same' if same else 'NOT the same'}"])


if __name__ == "__main__":
    main()
