"""The way of one pass through its blocks: which sectors are next, from which edge, behind which jump."""

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
        self._barrier: int | None = None

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
            self._first, self._end = self._clipped(block)
        return SectorRange(self._first, self._end - self._first)

    def _clipped(self, block: SectorRange) -> tuple[int, int]:
        """The part of a block that lies behind the last jump."""
        first, end = block.first_sector, block.end_sector
        if self._barrier is not None:
            first, end = (first, min(end, self._barrier)) if self.backwards else (max(first, self._barrier), end)
        return first, end

    def advance(self, sectors: SectorRange) -> None:
        """Go past sectors at the edge that is being read."""
        if self.backwards:
            self._end = sectors.first_sector
        else:
            self._first = sectors.end_sector

    def jump(self, sector_count: int) -> None:
        """Go so many sectors on, over the end of the block and into later ones as far as that reaches."""
        if self.backwards:
            self._barrier = self._end - sector_count
            self._end = max(self._first, self._barrier)
        else:
            self._barrier = self._first + sector_count
            self._first = min(self._end, self._barrier)

    def turn(self) -> SectorRange | None:
        """Go to the other edge of the block; behind the last edge leave it, which gives what is left of it."""
        if self._edge + 1 < len(self._directions):
            self._edge += 1
            return None
        left = SectorRange(self._first, self._end - self._first) if self._first < self._end else None
        self._first = self._end
        return left
