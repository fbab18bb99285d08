"""The way of one pass through its blocks: which sectors are next, and from which edge."""

from collections.abc import Sequence

from image.sectors import SectorRange


class BlockWalk:
    """Goes through blocks in order (or from the last one), each from one edge or from both in turn.

    `directions` holds True for backwards. What is left of a block when its last edge is given up is the leftover.
    """

    def __init__(self, blocks: Sequence[SectorRange], directions: tuple[bool, ...]) -> None:
        self._blocks = iter(reversed(blocks) if directions == (True,) else blocks)
        self._directions = directions
        self._edge = 0
        self._first = self._end = 0

    @property
    def backwards(self) -> bool:
        """Whether the current block is read from its end."""
        return self._directions[self._edge]

    def rest(self) -> SectorRange | None:
        """What is not read yet of the current block; the next block when nothing is; None behind the last one."""
        while self._first >= self._end:
            block = next(self._blocks, None)
            if block is None:
                return None
            self._edge = 0
            self._first, self._end = block.first_sector, block.end_sector
        return SectorRange(self._first, self._end - self._first)

    def advance(self, sectors: SectorRange) -> None:
        """Go past sectors at the edge that is being read."""
        if self.backwards:
            self._end = sectors.first_sector
        else:
            self._first = sectors.end_sector

    def jump(self, sector_count: int) -> bool:
        """Leave out so many sectors, at most the rest of the block; gives whether the block goes on."""
        if self.backwards:
            self._end = max(self._first, self._end - sector_count)
        else:
            self._first = min(self._end, self._first + sector_count)
        return self._first < self._end

    def turn(self) -> SectorRange | None:
        """Go to the other edge of the block; behind the last edge leave it, which gives what is left of it."""
        if self._edge + 1 < len(self._directions):
            self._edge += 1
            return None
        left = SectorRange(self._first, self._end - self._first) if self._first < self._end else None
        self._first = self._end
        return left
