"""Checksum files as other programs write them: lists of files with their digests, or logs that name the media's.

Read are md5sum and its kin (GNU and BSD form), hashdeep, a bare digest, and the digests printed by Guymager
(.info), FTK Imager (.txt) and ewfacquire (log).
"""

import re
from dataclasses import dataclass
from pathlib import Path

from image.bounded_files import read_bounded

MAXIMUM_BYTES = 16 * 1024 * 1024
ALGORITHM_OF_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_HEX = r"(?P<hex>[0-9a-fA-F]{32,128})"
_FORMS = (
    re.compile(rf"^\\?{_HEX} [ *](?P<name>.+)$"),
    re.compile(rf"^(?P<algorithm>[A-Za-z0-9-]+) ?\((?P<name>.+)\) ?= {_HEX}$"),
    re.compile(rf"^{_HEX}$"),
    re.compile(
        rf"^\s*(?:MD5|SHA-?1|SHA-?256) (?:hash|checksum)(?: calculated over data)?\s*:\s+{_HEX}(?: : verified)?$"
    ),
)
_HASHDEEP_COLUMNS = "%%%% "
_HASHDEEP_SIZE = re.compile(r"\d{1,20}")


@dataclass(frozen=True, slots=True)
class ChecksumEntry:
    """One digest; `file_name` is None where the file names none and the whole media is meant."""

    algorithm: str
    hex_digest: str
    file_name: str | None


def read_checksum_file(path: Path) -> tuple[ChecksumEntry, ...]:
    """The digests in this file.

    Raises:
        ImageNotReadError: too large, or the system cannot read it.
    """
    return parse_checksums(read_bounded(path, MAXIMUM_BYTES, "checksum file").decode("utf-8", "replace"))


def parse_checksums(text: str) -> tuple[ChecksumEntry, ...]:
    """Every digest in the text; lines of any other kind are passed over."""
    entries: list[ChecksumEntry] = []
    columns: list[str] = []
    for line in text.removeprefix("\ufeff").splitlines():
        if line.startswith(_HASHDEEP_COLUMNS):
            columns = line.removeprefix(_HASHDEEP_COLUMNS).split(",")
        elif columns and _HASHDEEP_SIZE.fullmatch(line.partition(",")[0]):
            entries += _hashdeep_row(columns, line)
        else:
            entries += _entry(line)
    return tuple(entries)


def _entry(line: str) -> list[ChecksumEntry]:
    """The digest in a line, if it has one of the known forms."""
    for form in _FORMS:
        match = form.match(line.rstrip())
        if match is not None:
            groups = match.groupdict()
            algorithm = ALGORITHM_OF_LENGTH.get(len(groups["hex"]))
            if algorithm is not None:
                name = groups.get("name")
                return [ChecksumEntry(algorithm, groups["hex"].lower(), _unescaped(name, line) if name else None)]
    return []


def _unescaped(name: str, line: str) -> str:
    """The name without the escapes of md5sum, which marks such a line with a backslash in front."""
    if not line.startswith("\\"):
        return name
    return re.sub(r"\\([\\nr])", lambda match: {"n": "\n", "r": "\r"}.get(match[1], "\\"), name)


def _hashdeep_row(columns: list[str], line: str) -> list[ChecksumEntry]:
    """The digests in a row of hashdeep: size, digests, name; the name may hold commas."""
    cells = line.split(",", len(columns) - 1)
    row = dict(zip(columns, cells, strict=False))
    entries = []
    for algorithm, cell in row.items():
        if ALGORITHM_OF_LENGTH.get(len(cell)) == algorithm and re.fullmatch(_HEX, cell):
            entries.append(ChecksumEntry(algorithm, cell.lower(), row.get("filename")))
    return entries
