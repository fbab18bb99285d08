"""Lists of files with their digests: md5sum and its kin (GNU and BSD form), hashdeep, PowerShell; a bare digest."""

import re
from collections.abc import Iterable, Iterator

from image.checksum_entries import HEX, ChecksumEntry, entry_of

_FORMS = (
    re.compile(rf"(?P<escaped>\\)?{HEX} [ *](?P<name>.+)"),
    re.compile(rf"(?P<escaped>\\)?(?P<algorithm>[A-Za-z0-9/_-]{{2,24}}) ?\((?P<name>.+)\) ?= ?{HEX}\s*"),
    re.compile(rf"\(?(?P<name>stdin)\)?= {HEX}\s*"),
    re.compile(rf"\s*{HEX}\s*"),
    re.compile(rf"{HEX}\s+(?P<name>\S.*)"),
    re.compile(rf"(?P<algorithm>[A-Z0-9]{{3,8}})\s+{HEX}\s+(?P<name>\S.*?)\s*"),
)
_ESCAPES = {"n": "\n", "r": "\r", "\\": "\\"}
_HASHDEEP_COLUMNS = "%%%% "
_HASHDEEP_SIZE = re.compile(r"\d{1,20}")
_OTHER_ALGORITHM = re.compile(
    r"(?:^|\.)(?:b2|b3|blake|sha3|sha224|sha384|sm3|rmd|ripemd|whirl|tiger)[a-z0-9-]*$", re.IGNORECASE
)
"""The ending of a list, as in JB1.b2 or B2SUMS."""


def list_entries(lines: Iterable[str], list_name: str = "") -> Iterator[ChecksumEntry]:
    """The digests in the lines of a list; other lines are passed over.

    A list whose own name speaks of an algorithm that is not computed here, such as JB1.b2, has none but those that
    name theirs.
    """
    columns: list[str] = []
    is_foreign = _OTHER_ALGORITHM.search(list_name) is not None
    for line in lines:
        if line.startswith(_HASHDEEP_COLUMNS):
            columns = line.removeprefix(_HASHDEEP_COLUMNS).strip().split(",")
        elif columns and _HASHDEEP_SIZE.fullmatch(line.partition(",")[0]):
            yield from _hashdeep_row(columns, line)
        else:
            entry = _entry(line, is_foreign=is_foreign)
            if entry is not None:
                yield entry


def _entry(line: str, *, is_foreign: bool) -> ChecksumEntry | None:
    """The digest in a line, if it has one of the known forms."""
    for form in _FORMS:
        match = form.fullmatch(line)
        if match is not None:
            groups = match.groupdict()
            name, algorithm = groups.get("name"), groups.get("algorithm")
            if name is not None and groups.get("escaped"):
                name = re.sub(r"\\([\\nr])", lambda found: _ESCAPES[found[1]], name)
            return None if is_foreign and algorithm is None else entry_of(algorithm, groups["hex"], name)
    return None


def _hashdeep_row(columns: list[str], line: str) -> Iterator[ChecksumEntry]:
    """The digests in a row of hashdeep: size, digests, name; the name may hold commas."""
    row = dict(zip(columns, line.split(",", len(columns) - 1), strict=False))
    for column, cell in row.items():
        entry = entry_of(column, cell, row.get("filename")) if re.fullmatch(HEX, cell) else None
        if entry is not None:
            yield entry
