"""Which sectors to read next, and after which failure: the rules of reading, without a device.

A plan gives steps and is told how each went. The in-line plan keeps the image sequential: after a failed read
the range is read in pieces, a failed piece unit by unit, each unit again as often as settings say. A unit that
failed is never in a larger read again, so no sector is asked for more than 3 + retries times.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from image.sectors import SectorRange, merge_ranges

PIECE_SIZE_BYTES = 64 * 1024


class ReadLevel(Enum):
    """How finely a step reads."""

    BATCH = "batch"
    PIECE = "piece"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class ReadStep:
    """One read to try: its sectors, how fine it is, and the how manyth try of exactly these sectors (from 1)."""

    sectors: SectorRange
    level: ReadLevel
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """How a failure is followed up: tries after the first, and how many sectors one failure gives up.

    Raises:
        ValueError: negative retries, or a granularity or piece below one sector.
    """

    retries: int = 2
    error_granularity_sectors: int = 1
    piece_sectors: int = PIECE_SIZE_BYTES // 512

    def __post_init__(self) -> None:
        if self.retries < 0 or self.error_granularity_sectors < 1 or self.piece_sectors < 1:
            raise ValueError(f"no such read settings: {self}")


class ReadPlan(Protocol):
    """The steps that read a range of sectors; each has to be answered by `succeeded` or `failed`."""

    @property
    def bad(self) -> tuple[SectorRange, ...]:
        """The sectors given up so far, merged."""
        ...

    def next_step(self) -> ReadStep | None:
        """What to read now, or None when every sector is read or given up."""
        ...

    def succeeded(self, step: ReadStep) -> None:
        """Say that a step was read."""
        ...

    def failed(self, step: ReadStep) -> tuple[SectorRange, ...]:
        """Say that the medium failed a step; gives what this gives up for good."""
        ...


class InlinePlan:
    """Reads one batch front to back, each failure followed up at once."""

    def __init__(self, sectors: SectorRange, settings: PlanSettings) -> None:
        self._settings = settings
        self._waiting = deque([ReadStep(sectors, _level_of(sectors, settings))])
        self._bad: list[SectorRange] = []

    @property
    def bad(self) -> tuple[SectorRange, ...]:
        """The sectors given up so far, merged."""
        return merge_ranges(self._bad)

    def next_step(self) -> ReadStep | None:
        """What to read now, or None at the end."""
        return self._waiting[0] if self._waiting else None

    def succeeded(self, step: ReadStep) -> None:
        """Go on to what lies behind the step."""
        self._take(step)

    def failed(self, step: ReadStep) -> tuple[SectorRange, ...]:
        """Follow a failure up: finer, once more, or not any more."""
        self._take(step)
        if step.level is not ReadLevel.UNIT:
            self._waiting.extendleft(reversed(_finer(step, self._settings)))
        elif step.attempt <= self._settings.retries:
            self._waiting.appendleft(ReadStep(step.sectors, step.level, step.attempt + 1))
        else:
            self._bad.append(step.sectors)
            return (step.sectors,)
        return ()

    def _take(self, step: ReadStep) -> None:
        """Remove the step that was carried out, which is the first one."""
        assert self._waiting[0] is step, f"{step} is not the step that was given"
        self._waiting.popleft()


def _level_of(sectors: SectorRange, settings: PlanSettings) -> ReadLevel:
    """The level of a read of all these sectors at once: those of one unit need no further cut."""
    unit = settings.error_granularity_sectors
    if sectors.first_sector // unit == sectors.last_sector // unit:
        return ReadLevel.UNIT
    return ReadLevel.PIECE if sectors.sector_count <= settings.piece_sectors else ReadLevel.BATCH


def _finer(step: ReadStep, settings: PlanSettings) -> list[ReadStep]:
    """The steps of the next level that together read what failed."""
    unit = settings.error_granularity_sectors
    if step.level is ReadLevel.BATCH:
        size = -(-settings.piece_sectors // unit) * unit
        return [ReadStep(part, ReadLevel.PIECE) for part in _aligned_pieces(step.sectors, size)]
    return [ReadStep(part, ReadLevel.UNIT) for part in _aligned_pieces(step.sectors, unit)]


def _aligned_pieces(sectors: SectorRange, sector_count: int) -> list[SectorRange]:
    """The range cut at the multiples of `sector_count`, counted from the beginning of the media."""
    firsts = [sectors.first_sector]
    firsts += range((sectors.first_sector // sector_count + 1) * sector_count, sectors.end_sector, sector_count)
    ends = [*firsts[1:], sectors.end_sector]
    return [SectorRange(first, end - first) for first, end in zip(firsts, ends, strict=True)]
