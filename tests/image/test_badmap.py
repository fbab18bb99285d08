"""The bad-sector map against a plain list of states, and its mapfile against ddrescuelog."""

import itertools
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.badmap import BadSectorMap, SectorState, map_of_bad_ranges
from image.errors import ImageNotReadError
from image.mapfile import decode_mapfile, encode_mapfile
from image.sectors import SectorRange, merge_ranges
from tests.sim.block_devices import needs_program

MARKS = st.lists(st.tuples(st.integers(0, 99), st.integers(1, 40), st.sampled_from(SectorState)), max_size=60)


def marked(marks: list[tuple[int, int, SectorState]]) -> tuple[BadSectorMap, list[SectorState]]:
    """The map after these marks, and the plain list it must equal."""
    result, plain = BadSectorMap(100), [SectorState.NON_TRIED] * 100
    for first, count, state in marks:
        sectors = SectorRange(first, min(count, 100 - first))
        result.mark(sectors, state)
        plain[first : sectors.end_sector] = [state] * sectors.sector_count
    return result, plain


@given(MARKS)
def test_a_map_knows_the_state_of_every_sector(marks: list[tuple[int, int, SectorState]]) -> None:
    result, plain = marked(marks)
    assert [result.state_at(sector) for sector in range(100)] == plain
    assert [state for sectors, state in result for _ in range(sectors.sector_count)] == plain


@given(MARKS)
def test_neighbouring_ranges_of_a_map_differ(marks: list[tuple[int, int, SectorState]]) -> None:
    states = [state for _, state in marked(marks)[0]]
    assert all(one is not two for one, two in itertools.pairwise(states))


@given(MARKS, st.sampled_from([512, 4096]))
def test_a_map_survives_its_mapfile(marks: list[tuple[int, int, SectorState]], sector_size_bytes: int) -> None:
    result, _ = marked(marks)
    assert decode_mapfile(encode_mapfile(result, sector_size_bytes), sector_size_bytes, "x.map") == result


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20)), max_size=20))
def test_merged_ranges_hold_the_same_sectors(pairs: list[tuple[int, int]]) -> None:
    ranges = [SectorRange(first, count) for first, count in pairs]
    merged = merge_ranges(ranges)
    plain = {sector for item in ranges for sector in range(item.first_sector, item.end_sector)}
    assert {sector for item in merged for sector in range(item.first_sector, item.end_sector)} == plain
    assert all(one.end_sector < two.first_sector for one, two in itertools.pairwise(merged))


@needs_program("ddrescuelog")
def test_ddrescuelog_counts_the_bad_sectors_of_our_mapfile(tmp_path: Path) -> None:
    bad = (SectorRange(7, 1), SectorRange(100, 24))
    path = tmp_path / "JB1.map"
    path.write_text(encode_mapfile(map_of_bad_ranges(2048, bad), 512))
    listed = subprocess.run(["ddrescuelog", "-b512", "-l-", path], capture_output=True, text=True, check=True)
    assert [int(line) for line in listed.stdout.split()] == [7, *range(100, 124)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x0 +\n0x0 0x200 ?x\n",
        "0x0 +\n0x0 0x201 +\n",
        "0x0 +\n0x200 0x200 +\n",
        "0x0 +\n0x0\n",
        "0x0 +\n-1 0x200 +\n",
    ],
)
def test_a_text_that_is_no_mapfile_is_refused(text: str) -> None:
    with pytest.raises(ImageNotReadError):
        decode_mapfile(text, 512, "JB1.map")


@given(MARKS, st.sampled_from(SectorState))
def test_the_ranges_of_a_state_are_its_sectors(
    marks: list[tuple[int, int, SectorState]], wanted: SectorState
) -> None:
    result, plain = marked(marks)
    ranges = result.ranges(wanted)
    assert [sector for item in ranges for sector in range(item.first_sector, item.end_sector)] == [
        sector for sector, state in enumerate(plain) if state is wanted
    ]
    assert ranges.merged() is ranges


def test_one_odd_line_among_plain_ones_is_read_or_named() -> None:
    rows = [f"0x{number * 512:08X}  0x00000200  {'+-'[number % 2]}" for number in range(40_000)]
    text = "\n".join(["# Mapfile", "0x0 + 1", *rows]) + "\n"
    plain = decode_mapfile(text, 512, "JB1.map")
    assert (plain.sector_count, len(plain.bad_ranges())) == (40_000, 20_000)
    assert decode_mapfile(text.replace("0x00000200  -", "512 - # bad", 1), 512, "JB1.map") == plain
    for odd in ("0x00000200 x", "0x00000201  +", "0x8000000000000000  +"):
        broken = [*rows[:30_000], f"0x{30_000 * 512:08X}  {odd}", *rows[30_001:]]
        with pytest.raises(ImageNotReadError, match="line 30003"):
            decode_mapfile("\n".join(["# Mapfile", "0x0 + 1", *broken]), 512, "JB1.map")
