"""What a bench run found, as values, and as the JSON file that other programs read."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.floor import Floor
from bench.measure import Usage


@dataclass(frozen=True)
class Row:
    """One program at one task: its fastest run, or why there is none."""

    task: str
    program: str
    version: str
    digests: str
    command: str
    usage: Usage | None
    failure: str | None = None


@dataclass(frozen=True)
class GrowthRow:
    """Our own job at one size: acquisition to E01 and its verification."""

    size_bytes: int
    acquire: Usage
    verify: Usage


@dataclass(frozen=True)
class Results:
    """A whole bench run. `load` is the machine's load average before it began."""

    size_bytes: int
    runs: int
    load: float
    floor: Floor
    rows: tuple[Row, ...]
    growth: tuple[GrowthRow, ...]


def write_json(results: Results, path: Path) -> None:
    """Write the figures to a file, made anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(results), indent=2) + "\n", encoding="utf-8")
