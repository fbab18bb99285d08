"""Fault scripts: a random disk, how it fails, and how it is imaged; each one follows from its seed alone."""

import errno
import os
import random
from dataclasses import dataclass, field

import pytest

from acquire.reader import ReadSettings
from tests.conftest import SEED
from tests.sim.acquisitions import Options
from tests.torture.media import make_media

FIRST_SEED = int(os.environ.get(SEED, "1"))
"""Set by whoever wants other scripts than the usual ones, or a single one again."""

MEDIUM_ERRORS = (errno.EIO, errno.ENODATA, errno.ETIMEDOUT, errno.EREMOTEIO, errno.EILSEQ)
MIB = 1024 * 1024


@dataclass(frozen=True)
class FaultScript:
    """A disk and its faults; sectors are numbered from 0.

    `bad` sectors never read. `flaky` ones fail their first so many tries. `error_numbers` are those of bad sectors;
    flaky ones give EIO. `slow` sectors take 0.2 s of the simulated clock.
    """

    seed: int
    sector_count: int
    sector_size_bytes: int
    bad: frozenset[int]
    flaky: dict[int, int]
    slow: frozenset[int]
    error_numbers: dict[int, int]
    options: Options
    reading: ReadSettings
    rescue: bool
    media: bytes = field(repr=False)

    def words(self) -> list[object]:
        """The options of `acquire` that ask for the same."""
        chosen, reading = self.options, self.reading
        words: list[object] = ["--retries", reading.retries]
        words += ["--error-granularity", reading.error_granularity_sectors] if not self.rescue else ["--rescue"]
        if chosen.segment_size_bytes is not None:
            words += ["--segment-size", chosen.segment_size_bytes]
        if chosen.raw:
            return [*words, "--format", "raw"]
        return [*words, "--compression", chosen.compression, "--chunk-sectors", chosen.chunk_sectors]

    def given_up(self) -> frozenset[int]:
        """Every sector that shares an error granule with a bad one."""
        granule = self.reading.error_granularity_sectors
        granules = {sector // granule for sector in self.bad}
        whole = {sector for number in granules for sector in range(number * granule, (number + 1) * granule)}
        return frozenset(sector for sector in whole if sector < self.sector_count)


def make_script(seed: int, *, largest_bytes: int = 6 * MIB, rescue: bool = False) -> FaultScript:
    """The script of a seed."""
    chance = random.Random(seed)
    sector_size = chance.choice((512, 512, 512, 4096))
    count = chance.randint(200, largest_bytes // sector_size)
    bad = _bad_sectors(chance, count)
    flaky = {chance.randrange(count): chance.randint(1, 7) for _ in range(chance.choice((0, 0, 3, 20)))}
    slow = frozenset(chance.randrange(count) for _ in range(chance.choice((0, 2))))
    retries = chance.randint(0, 3)
    granule = 1 if rescue else chance.choice((1, 1, 1, 8))
    return FaultScript(
        seed,
        count,
        sector_size,
        frozenset(bad),
        {sector: tries for sector, tries in flaky.items() if sector not in bad},
        slow,
        bad,
        _options(chance, count * sector_size, sector_size, retries),
        ReadSettings(retries, granule),
        rescue,
        make_media(seed, count, sector_size),
    )


def small_script(seed: int, sector_count: int = 2300) -> FaultScript:
    """A disk of about 1 MiB with bad sectors here and there, at its ends, and nothing else."""
    chance = random.Random(seed)
    bad = {
        0,
        sector_count - 1,
        *chance.sample(range(sector_count), 6),
        *range(sector_count // 2, sector_count // 2 + 5),
    }
    numbers = dict.fromkeys(bad, errno.EIO)
    media = make_media(seed, sector_count, 512, longest=40)
    reading = ReadSettings(retries=0)
    return FaultScript(
        seed,
        sector_count,
        512,
        frozenset(bad),
        {},
        frozenset(),
        numbers,
        Options(),
        reading,
        rescue=False,
        media=media,
    )


def seeded(short: int, long: int) -> pytest.MarkDecorator:
    """A test run once for each seed: so many in every test run, so many more in `make torture`."""
    seeds = range(FIRST_SEED, FIRST_SEED + short + long)
    marked = [pytest.param(seed, marks=pytest.mark.long) if at >= short else seed for at, seed in enumerate(seeds)]
    return pytest.mark.parametrize("seed", marked, ids=lambda seed: f"seed {seed}")


def _bad_sectors(chance: random.Random, sector_count: int) -> dict[int, int]:
    """Sectors that never read, with their errno: single ones, tracks, areas, and the ends of the disk."""
    bad: dict[int, int] = {}
    for _ in range(chance.choice((0, 1, 2, 5, 12))):
        length = chance.choice((1, 1, 1, 2, 8, 63, chance.randint(64, 300)))
        number = chance.choice(MEDIUM_ERRORS)
        first = chance.randrange(sector_count)
        bad |= dict.fromkeys(range(first, min(first + length, sector_count)), number)
    if chance.random() < 0.2:
        bad[0] = errno.EIO
    if chance.random() < 0.2:
        bad[sector_count - 1] = errno.EIO
    return bad


def _options(chance: random.Random, size_bytes: int, sector_size_bytes: int, retries: int) -> Options:
    """How the image is laid out."""
    raw = chance.random() < 0.35
    smallest = 64 * sector_size_bytes * 4 + 64 * 1024
    pieces = chance.choice((None, None, chance.randint(2, 9)))
    segment_size = None
    if pieces:
        segment_size = (
            max(size_bytes // pieces, 64 * 1024 if raw else smallest) // sector_size_bytes * sector_size_bytes
        )
    return Options(
        compression=chance.choice(("none", "fast", "best")),
        chunk_sectors=chance.choice((64, 64, 128, 256)),
        segment_size_bytes=segment_size if pieces else (0 if raw else None),
        raw=raw,
        retries=retries,
    )
