"""Whether a source is the one that was read before: what is known of it, and which sectors are to be compared."""

from collections.abc import Iterable

from image.manifest import SourceFacts
from image.sectors import SectorRange

SAMPLE_COUNT = 64


def sample_sectors(sector_count: int, unreadable: Iterable[SectorRange]) -> tuple[int, ...]:
    """Up to SAMPLE_COUNT sectors spread over the first `sector_count`, none of them unreadable."""
    wanted = {_place(number, sector_count) for number in range(SAMPLE_COUNT)} if sector_count else set()
    bad = sorted(unreadable)
    moved = {_behind_bad(sector, bad) for sector in wanted}
    return tuple(sorted(sector for sector in moved if sector < sector_count))


def identity_differences(then: SourceFacts, now: SourceFacts) -> tuple[str, ...]:
    """What shows that another source is there: capacity, sector size, serial and WWN, as far as both are known."""
    facts = (
        ("capacity in bytes", then.size_bytes, now.size_bytes),
        ("sector size", then.sector_size_bytes, now.sector_size_bytes),
        ("serial number", then.serial, now.serial),
        ("WWN", then.wwn, now.wwn),
    )
    return tuple(
        f"{name} was {before} and is {after}"
        for name, before, after in facts
        if before is not None and after is not None and before != after
    )


def _place(number: int, sector_count: int) -> int:
    """The sector of one sample: evenly spread, the first and the last sector included."""
    return number * (sector_count - 1) // (SAMPLE_COUNT - 1)


def _behind_bad(sector: int, bad: list[SectorRange]) -> int:
    """The sector itself, or the next one that was read."""
    for item in bad:
        if item.first_sector <= sector < item.end_sector:
            sector = item.end_sector
    return sector
