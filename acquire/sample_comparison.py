"""Whether a source still holds what was read from it: single sectors, compared one by one."""

from collections.abc import Iterable
from dataclasses import dataclass

from acquire.media import Source, read_sector

ENOUGH_UNREADABLE = 8


@dataclass(frozen=True, slots=True)
class SampleComparison:
    """How many sectors read as before, how many could not be read now, and the first that reads otherwise."""

    equal: int = 0
    unreadable: int = 0
    differing_sector: int | None = None

    @property
    def is_same(self) -> bool:
        """Whether some sectors could be compared and none differs."""
        return self.differing_sector is None and self.equal > 0


def compare_samples(source: Source, samples: Iterable[tuple[int, bytes]]) -> SampleComparison:
    """Read each sector again; a sector that cannot be read now is not compared.

    Ends at the first that differs, and where nothing is readable after ENOUGH_UNREADABLE. Samples are sectors of
    `source` with what they held.

    Raises:
        SourceLostError: the source is gone.
        StoppedError: the system refuses a read.
    """
    equal = unreadable = 0
    for sector, content in samples:
        found = read_sector(source, sector)
        if found is None:
            unreadable += 1
            if not equal and unreadable >= ENOUGH_UNREADABLE:
                break
        elif found == content:
            equal += 1
        else:
            return SampleComparison(equal, unreadable, sector)
    return SampleComparison(equal, unreadable)
