"""What makes a rescue jump, give way or stop: the size of jumps and the rates of the last second.

Sizes and rates are those of GNU ddrescue (manual, "--skip-size", "--min-read-rate", "--max-error-rate").
"""

JUMP_STEP_BYTES = 64 * 1024
FIRST_JUMP_PART = 100_000
LARGEST_JUMP_PART = 100
WINDOW_SECONDS = 1.0


class JumpSize:
    """How far to go on after a failure: doubled by each one in a row up to a hundredth of the media, in sectors."""

    def __init__(self, sector_count: int, sector_size_bytes: int, unit_sectors: int) -> None:
        size_bytes = sector_count * sector_size_bytes
        unit_bytes = unit_sectors * sector_size_bytes
        first_bytes = -(-max(1, size_bytes // FIRST_JUMP_PART) // JUMP_STEP_BYTES) * JUMP_STEP_BYTES
        largest_bytes = max(first_bytes, size_bytes // LARGEST_JUMP_PART)
        self._first = -(-first_bytes // unit_bytes) * unit_sectors
        self._largest = -(-largest_bytes // unit_bytes) * unit_sectors
        self.size = self._first

    def grow(self) -> None:
        """Make the next jump longer."""
        self.size = min(2 * self.size, self._largest)

    def reset(self) -> None:
        """Begin small again: something was read."""
        self.size = self._first


class RateWatch:
    """Adds bytes and seconds up and judges them once a second or more has come together."""

    def __init__(self) -> None:
        self._bytes = 0
        self._seconds = 0.0
        self._total_bytes = 0
        self._total_seconds = 0.0

    def add(self, size_bytes: int, seconds: float) -> float | None:
        """The rate in bytes a second when a window is full, else None."""
        self._bytes += size_bytes
        self._seconds += seconds
        self._total_bytes += size_bytes
        self._total_seconds += seconds
        if self._seconds < WINDOW_SECONDS:
            return None
        rate = self._bytes / self._seconds
        self._bytes, self._seconds = 0, 0.0
        return rate

    @property
    def average(self) -> float:
        """Bytes a second over everything added; 0 before any time has passed."""
        return self._total_bytes / self._total_seconds if self._total_seconds else 0.0
