"""The floor is the work over the cores, and no less than its longest part."""

from pathlib import Path

import pytest

from bench.data import write_data
from bench.floor import VERIFY_PARTS, Floor, Part, measure_floor
from bench.parts import PARTS, cut_pieces

MIB = 2**20


def test_work_is_spread_over_the_cores() -> None:
    parts = (Part("md5", 2.0, 2.0), Part("sha256", 1.0, 1.0), Part("deflate", 3.0, 3.0))
    floor = Floor(2, MIB, 0.5, parts)
    assert floor.seconds(("md5", "sha256", "deflate"), 2**31) == pytest.approx(6.0)


def test_one_digest_is_never_spread() -> None:
    floor = Floor(8, MIB, 0.5, (Part("md5", 2.0, 2.0), Part("sha256", 1.0, 1.0)))
    assert floor.seconds(("md5", "sha256"), 2**30) == pytest.approx(2.0)


def test_every_part_is_measured_over_the_data(tmp_path: Path) -> None:
    write_data(tmp_path / "data", 4 * MIB)
    floor = measure_floor(tmp_path / "data", tmp_path, limit_bytes=2 * MIB, runs=1)
    assert [part.name for part in floor.parts] == list(PARTS)
    assert floor.measured_bytes == 2 * MIB
    assert 0.1 < floor.stored_ratio < 0.9
    assert floor.seconds(VERIFY_PARTS, 2**30) > 0


def test_chunks_that_do_not_shrink_are_stored_as_they_are(tmp_path: Path) -> None:
    write_data(tmp_path / "data", 4 * MIB)
    pieces = cut_pieces(tmp_path / "data", tmp_path, 4 * MIB)
    assert len(pieces.packed) + len(pieces.unpacked) == 128
    assert len(pieces.unpacked) >= 128 * 3 // 10 - 8
