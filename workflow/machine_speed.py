"""How fast this machine could image at best: by its slowest digest, tried on a little data."""

from image.digests import new_hasher
from image.times import Clock

SAMPLE = memoryview(bytes(8 * 1024 * 1024))


def best_bytes_per_second(algorithms: tuple[str, ...], clock: Clock) -> float | None:
    """The speed of the slowest of these digests, each having a core to itself; None where the clock stood still.

    A drive, bus or destination that is slower makes the job longer, never shorter.
    """
    seconds = max((_seconds(algorithm, clock) for algorithm in algorithms), default=0.0)
    return len(SAMPLE) / seconds if seconds > 0 else None


def _seconds(algorithm: str, clock: Clock) -> float:
    """How long one digest takes over the sample."""
    hasher = new_hasher(algorithm)
    begun = clock.monotonic()
    hasher.update(SAMPLE)
    return clock.monotonic() - begun
