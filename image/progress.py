"""Progress of a long job, as values that the engines hand to whoever listens."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a job stands: `stage` is one of those in docs/reference/json.md, "Progress"; `state` is a few words.

    `is_standing`: the job waits for somebody, so that the time counts for no speed. `untried_bytes` are those that
    a rescue has not tried to the end, None in other stages.
    `bytes_per_second` and `eta_seconds` are told by workflow/pace.py and None until they can be.
    """

    stage: str
    bytes_done: int
    bytes_total: int
    bytes_per_second: float | None = None
    eta_seconds: float | None = None
    bad_sectors: int = 0
    state: str = "running"
    untried_bytes: int | None = None
    is_standing: bool = False


Listener = Callable[[Progress], None]


def ignore_progress(_: Progress) -> None:
    """Listen to nothing."""
