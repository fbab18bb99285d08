"""Facts as lines for a person: names in one column, values in the next, "Not recorded" for what nobody noted."""

from collections.abc import Iterable, Mapping, Sequence

from image.sectors import SectorRange
from report.escape import visible
from report.phrases import NOT_RECORDED, digest_name

MAXIMUM_RANGES = 20


def fact_lines(facts: Iterable[tuple[str, object]], indent: str = "") -> list[str]:
    """One line per fact; the values begin in the same column."""
    rows = [(name, text_of(value)) for name, value in facts]
    width = max((len(name) for name, _ in rows), default=0) + 1
    return [f"{indent}{name + ':':<{width}} {text}" for name, text in rows]


def text_of(value: object) -> str:
    """A value in words: yes and no, "Not recorded", or as it prints itself."""
    if value is None or value == "":
        return NOT_RECORDED
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def table_lines(heads: Sequence[str], rows: Sequence[Sequence[object]], columns: int | None = None) -> list[str]:
    """A table where it fits the terminal, else each row as facts with an empty line between them."""
    if columns is None:
        import shutil

        columns = shutil.get_terminal_size().columns
    shown = [[visible(text_of(value)) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *shown, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > columns:
        return [line for row in shown for line in [*fact_lines(zip(heads, row, strict=True)), ""]][:-1]
    return [_row(heads, widths), *(_row(row, widths) for row in shown)]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The cells of one row, padded to their columns."""
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def digest_facts(digests: Mapping[str, str]) -> list[tuple[str, object]]:
    """Digests as facts, their algorithms spelled as in reports: `SHA-256`."""
    return [(digest_name(algorithm), digest) for algorithm, digest in digests.items()]


def range_lines(ranges: Sequence[SectorRange], indent: str = "  ") -> list[str]:
    """Sector ranges, one a line; after the first twenty only how many more there are."""
    lines = [f"{indent}{range_text(sectors)}" for sectors in ranges[:MAXIMUM_RANGES]]
    more = len(ranges) - MAXIMUM_RANGES
    return [*lines, f"{indent}and {more} more ranges"] if more > 0 else lines


def range_text(sectors: SectorRange) -> str:
    """A range in words: `sector 5`, `sectors 5 to 8`."""
    if sectors.sector_count == 1:
        return f"sector {sectors.first_sector}"
    return f"sectors {sectors.first_sector} to {sectors.last_sector}"
