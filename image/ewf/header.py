"""The case data of an E01, in its header and header2 sections: text of tab-separated tables, zlib-compressed.

Specification: "Header2 section", "Header section". Written as EnCase 6 does; read in every known dialect.
"""

import codecs
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from image.ewf.header_text import Replacement, clean_value
from image.ewf.inflation import inflate_bounded
from image.times import Instant

MAXIMUM_HEADER_BYTES = 16 * 1024 * 1024
PROGRAM_VERSION_CHARACTERS = 11
SYSTEM_VERSION_CHARACTERS = 23
VALUE_CHARACTERS = 2999
NO_PASSWORD = "0"  # noqa: S105  # the format's sign for "none" (specification, "Header values")

_SOURCES_AND_SUBJECTS = (
    "srce\n0\t1\np\tn\tid\tev\ttb\tlo\tpo\tah\tgu\taq\n0\t0\n\t\t\t\t\t-1\t-1\t\t\t\n\n"
    "sub\n0\t1\np\tn\tid\tnu\tco\tgu\n0\t0\n\t\t\t\t1\t\n\n"
)
"""Sources and subjects, empty (specification, "Sources category", "Subjects category")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHeader:
    """What the examiner and the program say of the acquisition; the exhibit reference is EWF's evidence number.

    A date with an offset is an instant; one without is local time somewhere, as the plain header stores it.
    """

    case_number: str = ""
    exhibit_reference: str = ""
    description: str = ""
    examiner: str = ""
    notes: str = ""
    model: str = ""
    serial: str = ""
    device_label: str = ""
    """Read from EnCase 6.19 and later; not written."""
    program_version: str = ""
    system_version: str = ""
    acquired: datetime | None = None
    system_date: datetime | None = None


_NAMES = {
    "a": "description",
    "c": "case_number",
    "n": "exhibit_reference",
    "e": "examiner",
    "t": "notes",
    "md": "model",
    "sn": "serial",
    "l": "device_label",
    "av": "program_version",
    "ov": "system_version",
    "m": "acquired",
    "u": "system_date",
}
"""Identifier in the file -> field (specification, "Header2 values"); others are passed over."""

# No "l": with it, libewf 20140813 calls the set's format "unknown" instead of "EnCase 6".
_HEADER2_ORDER = ("a", "c", "n", "e", "t", "md", "sn", "av", "ov", "m", "u", "p", "dc")
_HEADER_ORDER = ("c", "n", "a", "e", "t", "av", "ov", "m", "u", "p")
_LIMITS = {"program_version": PROGRAM_VERSION_CHARACTERS, "system_version": SYSTEM_VERSION_CHARACTERS}


def header_date(instant: Instant) -> datetime:
    """The local date of an instant, to the second, as a header holds it."""
    zone = timezone(timedelta(minutes=instant.offset_minutes))
    return instant.as_datetime().astimezone(zone).replace(microsecond=0)


def clean_header(header: CaseHeader) -> tuple[CaseHeader, tuple[Replacement, ...]]:
    """The header as it can be stored, and what had to be replaced or cut for that.

    Tabs and line ends would break the table; old EnCase fails on long versions and values.
    """
    values: dict[str, str | datetime | None] = {}
    replaced: list[Replacement] = []
    for name in _NAMES.values():
        value = getattr(header, name)
        if isinstance(value, str):
            value, reasons = clean_value(value, _LIMITS.get(name, VALUE_CHARACTERS))
            replaced += [Replacement(name, reason) for reason in reasons]
        values[name] = value
    return CaseHeader(**values), tuple(replaced)  # type: ignore[arg-type]  # field by field as it was


def told_changes(header: CaseHeader) -> tuple[str, ...]:
    """What `clean_header` replaces or cuts of the case data, in words; versions of programs are no case data."""
    _, replaced = clean_header(header)
    return tuple(f"{item.field}: {item.reason}" for item in replaced if item.field not in _LIMITS)


def encode_header2(header: CaseHeader) -> bytes:
    """Lay out the contents of a header2 section: UTF-16 with byte order mark, dates as seconds since 1970.

    Values are stored as `clean_header` gives them.
    """
    cells = {**_cells(header), "m": _seconds(header.acquired), "u": _seconds(header.system_date)}
    text = f"3\nmain\n{_table(_HEADER2_ORDER, cells, chr(10))}\n{_SOURCES_AND_SUBJECTS}"
    return _deflated(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))


def encode_header(header: CaseHeader) -> bytes:
    """Lay out the contents of a header section: ASCII, "?" for what ASCII lacks, dates as local time.

    Values are stored as `clean_header` gives them.
    """
    cells = {**_cells(header), "m": _local(header.acquired), "u": _local(header.system_date)}
    text = f"1\r\nmain\r\n{_table(_HEADER_ORDER, cells, chr(13) + chr(10))}\r\n"
    return _deflated(text.encode("ascii", "replace"))


def _deflated(data: bytes) -> bytes:
    """The data as a zlib stream of fixed Huffman codes: libewf 20260924 refuses some correct dynamic ones, and
    with them the whole image."""
    encoder = zlib.compressobj(strategy=zlib.Z_FIXED)
    return encoder.compress(data) + encoder.flush()


def decode_header2(data: bytes) -> CaseHeader:
    """Read the contents of a header2 section, of EnCase 4 to 7 and those who write like it.

    Raises:
        DefectError: `header-section`: it does not inflate, or to more than 16 MiB.
    """
    raw = inflate_bounded(data, MAXIMUM_HEADER_BYTES, "header-section")
    if raw.startswith(codecs.BOM_UTF16_BE):
        return _parsed(raw[2:].decode("utf-16-be", "replace"))
    return _parsed(raw.removeprefix(codecs.BOM_UTF16_LE).decode("utf-16-le", "replace"))


def decode_header(data: bytes) -> CaseHeader:
    """Read the contents of a header section, of EnCase 1 to 7, linen, FTK Imager or SMART.

    Raises:
        DefectError: `header-section`: it does not inflate, or to more than 16 MiB.
    """
    raw = inflate_bounded(data, MAXIMUM_HEADER_BYTES, "header-section")
    try:
        return _parsed(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _parsed(raw.decode("windows-1252", "replace"))


def _cells(header: CaseHeader) -> dict[str, str]:
    """The texts of the table by identifier, cleaned."""
    clean, _ = clean_header(header)
    cells = {identifier: getattr(clean, name) for identifier, name in _NAMES.items() if identifier not in "mu"}
    return {**cells, "p": NO_PASSWORD, "dc": ""}


def _table(order: tuple[str, ...], cells: dict[str, str], line_end: str) -> str:
    """The line of identifiers and the line of values."""
    return "\t".join(order) + line_end + "\t".join(cells[name] for name in order) + line_end


def _seconds(moment: datetime | None) -> str:
    """Seconds since 1970; a date without an offset counts as UTC."""
    if moment is None:
        return ""
    return str(int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))


def _local(moment: datetime | None) -> str:
    """Year, month, day, hour, minute and second, local, as EnCase writes them."""
    return "" if moment is None else " ".join(str(number) for number in moment.timetuple()[:6])


def _parsed(text: str) -> CaseHeader:
    """The `main` table of the text; missing lines and cells are empty."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", 4)
    start = lines.index("main") + 1 if "main" in lines else len(lines)
    names, values = (line.split("\t") for line in (*lines[start : start + 2], "", "")[:2])
    cells = {_NAMES[name]: value for name, value in zip(names, values, strict=False) if name in _NAMES}
    dates = {name: _date(cells.pop(name, "")) for name in ("acquired", "system_date")}
    return CaseHeader(**cells, **dates)  # type: ignore[arg-type]  # texts and dates by their names


def _date(text: str) -> datetime | None:
    """The date of a cell: seconds since 1970, or six numbers of local time; None if neither."""
    try:
        numbers = [int(part) for part in text.split()[:7]]
        if len(numbers) == 1:
            return datetime.fromtimestamp(numbers[0], UTC)
        return datetime(*numbers) if len(numbers) == 6 else None  # type: ignore[arg-type]  # noqa: DTZ001
    except (ValueError, OverflowError, OSError):
        return None
