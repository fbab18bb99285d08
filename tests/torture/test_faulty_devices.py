"""Random faults on real block devices, through the real command: the image, all beside it and the device agree."""

import errno
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation
from tests.sim.block_devices import faulty_device, needs_program, needs_root, tool
from tests.torture.conftest import Count
from tests.torture.fault_scripts import MIB, FaultScript, make_script, seeded
from tests.torture.media import zeroed
from tests.torture.truth import check_whole, listed_unreadable

pytestmark = [pytest.mark.root, needs_root, needs_program("losetup", "blockdev")]
RULE_SECTOR_BYTES = 512
PROBES = 3
"""Reads of a sector, or failed ones, that are no part of the imaging: what lies on the drive, whether it lives."""


@seeded(short=2, long=28)
def test_an_image_of_a_faulty_device_is_true_to_the_sector(
    seed: int, station: Workstation, tmp_path: Path, count: Count
) -> None:
    script = make_script(seed, largest_bytes=2 * MIB, rescue=seed % 4 == 3)
    disk, log, output = tmp_path / "disk", tmp_path / "log", station.folder / "JB1"
    disk.write_bytes(script.media)
    options = ("--sector-size", str(script.sector_size_bytes))
    with faulty_device(disk, tmp_path, *options, **rules_of(script), log=str(log)) as device:
        through_device = seed % 5 > 0
        path = device.path if through_device else tmp_path / "fuse" / "disk"
        words = script.words() if through_device else [*script.words(), *options]
        answer = station.run_json("acquire", path, "--output", output, *words)
        assert tool("blockdev", "--getro", device.path) == "0"
    lost = listed_unreadable(output)
    assert (answer["verdict"], answer["exit_code"]) == ("PASSED", 5 if lost else 0), answer
    assert sectors_of_answer(answer) == lost
    check_whole(output, zeroed(script.media, lost, script.sector_size_bytes), lost)
    check_requests(script, lost, log)
    count("faulty devices", devices=1, sectors=script.sector_count, unreadable=len(lost), wrong=0)


def rules_of(script: FaultScript) -> dict[str, Any]:
    """The rules of the failing file: its sectors have 512 bytes, and it has one errno."""
    scale = script.sector_size_bytes // RULE_SECTOR_BYTES
    numbers = sorted(set(script.error_numbers.values()))
    return {
        "bad": [[sector * scale, scale] for sector in sorted(script.bad)],
        "flaky": [[sector * scale, 1, tries] for sector, tries in script.flaky.items()],
        "slow": [[sector * scale, 1, 0.01] for sector in script.slow],
        "short": [sector * scale for sector in script.slow],
        "errno": errno.errorcode[numbers[0]] if numbers else "EIO",
    }


def sectors_of_answer(answer: dict[str, Any]) -> frozenset[int]:
    """The unreadable sectors in the answer of `--json`."""
    ranges = [(item["first_sector"], item["sector_count"]) for item in answer["bad_sectors"]]
    return frozenset(sector for first, count in ranges for sector in range(first, first + count))


def check_requests(script: FaultScript, lost: frozenset[int], log: Path) -> None:
    """See by the device's own log that nothing was given up too early, and no sector asked for too often."""
    scale, granule = script.sector_size_bytes // RULE_SECTOR_BYTES, script.reading.error_granularity_sectors
    failed: Counter[int] = Counter()
    alone: Counter[int] = Counter()
    for first, count, ok in map(json.loads, log.read_text().splitlines()):
        sectors = range(first // scale, -(-(first + count) // scale))
        if not ok:
            failed.update(sectors)
            alone.update(sectors if len(sectors) <= granule else ())
    tries = 1 + script.reading.retries
    assert script.given_up() <= lost
    assert all(any(alone[other] >= tries for other in granule_of(sector, granule)) for sector in lost)
    assert max(failed.values(), default=0) <= 3 + script.reading.retries + PROBES


def granule_of(sector: int, granule: int) -> range:
    """The sectors that are given up together with this one."""
    return range(sector // granule * granule, (sector // granule + 1) * granule)
