"""An Ex01 of gigabytes: proved in little memory, at the pace of an E01."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM
from tests.sim.large_ex01 import CHUNK_BYTES, write_large_ex01
from tests.sim.measured_run import measured_run

MIB = 1024 * 1024
MAXIMUM_BYTES = 300 * MIB
MAXIMUM_SECONDS_A_GIB = 20
"""Of processors: three digests, decompression and checksums take about 4 on a slow machine."""
Record = Callable[[str, object], None]


def prove(folder: Path, size_bytes: int, record: Record) -> None:
    """Write an Ex01 of this size and verify it."""
    image = folder / "JB1.Ex01"
    sha256 = write_large_ex01(image, size_bytes // CHUNK_BYTES)
    run = measured_run([PROGRAM, "verify", image, "--json"], folder)
    answer = json.loads(run.stdout)
    assert (answer["verdict"], answer["findings"]) == ("PASSED", [])
    assert answer["digests"]["sha256"] == sha256
    record("figures of a large Ex01", {"MiB of media": size_bytes // MIB, "MiB at most": run.peak_bytes // MIB})
    assert run.peak_bytes < MAXIMUM_BYTES
    assert run.processor_seconds < 2 + MAXIMUM_SECONDS_A_GIB * size_bytes / 1024**3


def test_an_ex01_of_some_size_is_proved_in_little_memory(tmp_path: Path, record_property: Record) -> None:
    prove(tmp_path, 96 * MIB, record_property)


@pytest.mark.long
def test_an_ex01_of_4_gib_is_proved_in_little_memory(tmp_path: Path, record_property: Record) -> None:
    prove(tmp_path, 4096 * MIB, record_property)
