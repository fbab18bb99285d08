"""The passes of a rescue as a table, the steps they are made of, and what can be set.

The passes are those of GNU ddrescue (manual, "Algorithm"). Each takes the blocks in one state of the bad-sector
map and leaves them in a later one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from image.badmap import SectorState
from image.sectors import SECTOR_SIZES_BYTES, SectorRange

CLUSTER_SIZE_BYTES = 64 * 1024
REQUESTS_PER_STEP = 64


class RescuePass(Enum):
    """The passes in their order; the value is the name that is shown and kept."""

    COPY_FORWARDS = "copy forwards"
    COPY_BACKWARDS = "copy backwards"
    SWEEP = "copy without jumps"
    TRIM = "trim"
    SCRAPE = "scrape"
    RETRY = "retry"


class AfterFailure(Enum):
    """Where a pass goes on when a request has failed."""

    JUMP = "behind a jump that grows with each failure in a row"
    LEAVE = "at the other edge of the block if the pass reads both, else in the next block"
    GO_ON = "with the next request"


@dataclass(frozen=True, slots=True)
class PassRule:
    """How a pass reads. `directions` holds True for backwards, one entry for each edge a block is read from."""

    takes: SectorState
    directions: tuple[bool, ...]
    after_failure: AfterFailure
    in_clusters: bool = False
    leaves: SectorState | None = None


RULES = {
    RescuePass.COPY_FORWARDS: PassRule(SectorState.NON_TRIED, (False,), AfterFailure.JUMP, in_clusters=True),
    RescuePass.COPY_BACKWARDS: PassRule(SectorState.NON_TRIED, (True,), AfterFailure.LEAVE, in_clusters=True),
    RescuePass.SWEEP: PassRule(SectorState.NON_TRIED, (False,), AfterFailure.GO_ON, in_clusters=True),
    RescuePass.TRIM: PassRule(
        SectorState.NON_TRIMMED, (False, True), AfterFailure.LEAVE, leaves=SectorState.NON_SCRAPED
    ),
    RescuePass.SCRAPE: PassRule(SectorState.NON_SCRAPED, (False,), AfterFailure.GO_ON),
    RescuePass.RETRY: PassRule(SectorState.BAD_SECTOR, (False,), AfterFailure.GO_ON),
}


@dataclass(frozen=True, slots=True)
class RescueStep:
    """A run of requests to carry out one after the other until one fails.

    `sectors` is the whole run, `request_sectors` the size of one request: they end at the multiples of it, counted
    from sector 0 (backwards, begin there), but for a rest that one request can hold. `attempt` counts the retry
    passes from 1 and is 0 before them.
    """

    sectors: SectorRange
    request_sectors: int
    rescue_pass: RescuePass
    backwards: bool = False
    attempt: int = 0

    def requests(self) -> Iterator[SectorRange]:
        """The reads of the run in the order in which they are to be made."""
        first, end, size = self.sectors.first_sector, self.sectors.end_sector, self.request_sectors
        while end - first > size:
            piece = edge_piece(SectorRange(first, end - first), size, self.backwards)
            yield piece
            first, end = (first, piece.first_sector) if self.backwards else (piece.end_sector, end)
        yield SectorRange(first, end - first)


def edge_piece(sectors: SectorRange, size: int, backwards: bool) -> SectorRange:
    """The part at the first edge (backwards, at the last) up to the next multiple of `size` sectors."""
    first, end = sectors.first_sector, sectors.end_sector
    if backwards:
        first = max(first, (end - 1) // size * size)
    else:
        end = min(end, (first // size + 1) * size)
    return SectorRange(first, end - first)


@dataclass(frozen=True, slots=True)
class RescueSettings:
    """How a drive is rescued.

    `retries`: passes over the bad sectors after all others. `passes`: those to run, in the order of RescuePass.
    `unit_sectors`: the smallest request, aligned to its own size; what one failure gives up for good.
    `cluster_bytes`: the request of the copying passes. `max_error_rate`: bytes of failed requests a second at
    which the rescue stops. `min_read_rate`: bytes a second below which an area is slow and is jumped over in the
    first two passes, 0 for a tenth of the average so far, None for never. `max_slow_reads`: slow seconds after
    which the rescue stops. `pass_timeout`: seconds after which a pass gives way to the next one.

    Raises:
        ValueError: a value that cannot be.
    """

    sector_size_bytes: int = 512
    retries: int = 0
    passes: tuple[RescuePass, ...] = tuple(RescuePass)
    unit_sectors: int = 1
    cluster_bytes: int = CLUSTER_SIZE_BYTES
    max_error_rate: float | None = None
    min_read_rate: float | None = None
    max_slow_reads: int | None = None
    pass_timeout: float | None = None

    def __post_init__(self) -> None:
        limits = (self.max_error_rate, self.min_read_rate, self.max_slow_reads, self.pass_timeout)
        sizes_fit = self.sector_size_bytes in SECTOR_SIZES_BYTES and self.cluster_bytes >= self.sector_size_bytes
        if (
            not sizes_fit
            or self.retries < 0
            or self.unit_sectors < 1
            or any(limit is not None and limit < 0 for limit in limits)
        ):
            raise ValueError(f"no such rescue settings: {self}")

    @property
    def cluster_sectors(self) -> int:
        """The request of the copying passes in sectors, a multiple of the unit."""
        return max(1, self.cluster_bytes // self.sector_size_bytes // self.unit_sectors) * self.unit_sectors
