"""The index of damaged places and the claims on them, against plain sets of sectors."""

from hypothesis import given
from hypothesis import strategies as st

from image.sectors import SectorRange, compact_ranges
from verify.files.damage import Claims, DamageIndex

RANGES = st.lists(st.builds(SectorRange, st.integers(0, 200), st.integers(1, 30)), max_size=12)


def sectors(ranges: list[SectorRange]) -> set[int]:
    return {sector for item in ranges for sector in range(item.first_sector, item.end_sector)}


@given(damaged=RANGES, unread=RANGES, first=st.integers(0, 250), size=st.integers(0, 80))
def test_every_place_is_found_once_and_by_its_cause(
    damaged: list[SectorRange], unread: list[SectorRange], first: int, size: int
) -> None:
    index = DamageIndex(compact_ranges(damaged), compact_ranges(unread), 512)
    found: dict[bool, list[int]] = {True: [], False: []}
    for place in index.within(first * 512, (first + size) * 512):
        found[place.is_unread] += range(place.first_bytes // 512, place.end_bytes // 512)
    asked = set(range(first, first + size))
    assert found[True] == sorted(sectors(unread) & asked)
    assert found[False] == sorted((sectors(damaged) - sectors(unread)) & asked)
    assert index.touches(first * 512, (first + size) * 512) == bool(found[True] or found[False])
    assert index.sectors_within(first * 512, (first + size) * 512) == (len(found[False]), len(found[True]))


@given(damaged=RANGES, claimed=RANGES)
def test_what_nobody_claims_is_left(damaged: list[SectorRange], claimed: list[SectorRange]) -> None:
    index, claims = DamageIndex(compact_ranges(damaged), compact_ranges([]), 512), Claims()
    for item in claimed:
        claims.add(item.first_sector * 512, item.end_sector * 512)
    left = [
        sector
        for first, end in claims.unclaimed(index.within(0, 512 * 1000))
        for sector in range(first // 512, end // 512)
    ]
    assert left == sorted(sectors(damaged) - sectors(claimed))
