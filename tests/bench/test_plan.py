"""What the bench asks of memory follows from its plan, with and without a growth table."""

from pathlib import Path

import pytest

from bench.__main__ import MIB, Plan, needed_bytes


@pytest.mark.parametrize(("growth", "wanted"), [((), 256), ((64 * MIB,), 256), ((64 * MIB, 1024 * MIB), 1024)])
def test_the_largest_size_measured_decides(growth: tuple[int, ...], wanted: int) -> None:
    assert needed_bytes(Plan(256 * MIB, 1, growth, Path("unused.json"))) == 3 * wanted * MIB
