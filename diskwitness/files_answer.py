"""The files with damaged or unread sectors, as `verify` and `acquire` answer them."""

from collections.abc import Sequence

from casedb.json_values import Json, json_value
from diskwitness.fact_lines import range_text
from report.phrases import counted
from verify.files.located import AffectedFile, AffectedStructure, DamagedFiles, NotWalked

MAXIMUM_LINES = 25
_HEADS = f"    {'Damaged':>8} {'Unread':>8}  {'State':<9}  File"


def files_json(found: DamagedFiles | None) -> Json:
    """What holds damaged or unread sectors; null where nobody looked."""
    return json_value(found)


def files_lines(found: DamagedFiles | None) -> list[str]:
    """What holds damaged or unread sectors, in short: sectors, state and path of a file on each line."""
    if found is None:
        return []
    if not found.damaged_sectors and not found.unread_sectors:
        return ["  No sector is damaged or unread, so no file was looked for"]
    return [*_file_lines(found), *_structure_lines(found.structures), *_not_walked_lines(found.not_walked)]


def _file_lines(found: DamagedFiles) -> list[str]:
    """The files, as a table."""
    if not found.affected_count:
        return ["  No file was found that holds damaged or unread sectors"]
    verb = "holds" if found.affected_count == 1 else "hold"
    head = f"  {counted(found.affected_count, 'file')} {verb} damaged or unread sectors:"
    rows = [_file_line(item) for item in found.affected[:MAXIMUM_LINES]]
    return [head, _HEADS, *rows, *_more(found.affected_count, "files")]


def _file_line(item: AffectedFile) -> str:
    """One file: its sectors, its state, where it is."""
    names = "" if item.link_count < 2 or item.kind == "folder" else f" ({item.link_count} names)"
    place = _partition(item.partition)
    numbers = f"{item.damaged_sectors:>8} {item.unread_sectors:>8}"
    kind = "" if item.kind == "file" else f" ({item.kind})"
    return f"    {numbers}  {item.state:<9}  {place}{item.paths[0]}{kind}{names}"


def _structure_lines(structures: Sequence[AffectedStructure]) -> list[str]:
    """The structures that are no files."""
    if not structures:
        return []
    rows = [
        f"    {item.damaged_sectors:>8} {item.unread_sectors:>8}  {_partition(item.partition)}{item.name}"
        f"{f': {item.detail}' if item.detail else ''} ({range_text(item.sectors[0])}"
        f"{', ...' if len(item.sectors) > 1 else ''})"
        for item in structures[:MAXIMUM_LINES]
    ]
    return ["  Structures with damaged or unread sectors:", *rows, *_more(len(structures), "structures")]


def _not_walked_lines(left_out: Sequence[NotWalked]) -> list[str]:
    """What could not be looked at."""
    if not left_out:
        return []
    rows = [f"    {item.where}: {item.reason}" for item in left_out[:MAXIMUM_LINES]]
    return ["  Not looked at:", *rows, *_more(len(left_out), "places")]


def _partition(number: int | None) -> str:
    """A partition in front of a path."""
    return "" if number is None else f"partition {number}: "


def _more(count: int, noun: str) -> list[str]:
    """How many more there are than lines."""
    more = count - MAXIMUM_LINES
    return [f"    and {more} more {noun}; --json lists them"] if more > 0 else []
