"""How many rows of a long list are printed; the full lists are in the manifest and the mapfile."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The most rows of each list. What is left out is counted and its place named."""

    unreadable_ranges: int
    read_errors: int
    messages: int
    events: int
    slow_areas: int
    files: int = 200


PAGES = Limits(unreadable_ranges=300, read_errors=40, messages=100, events=200, slow_areas=100)
LOG = Limits(
    unreadable_ranges=10_000, read_errors=1_000, messages=10_000, events=10_000, slow_areas=1_000, files=10_000
)
