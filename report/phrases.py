"""How numbers, times and choices are said: exact integers first, independent of any locale."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from report.escape import lines_of

if TYPE_CHECKING:
    from casedb.records import Correction, CustodyEvent, Instant, JobEvent, Manifest, Person, SectorRange

NOT_RECORDED = "Not recorded"

_INTERRUPTING = frozenset({"stopped", "source lost"})
_RETURNING = frozenset({"resumed", "source back"})
_TOLD_INTERRUPTIONS = 3
_SI_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")
_FORMAT_NAMES = {
    "e01": "E01 (Expert Witness Compression Format)",
    "ewf-e01": "E01 (Expert Witness Compression Format)",
    "raw": "raw (the sectors as they are)",
}
_DIGEST_NAMES = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}
_DIGEST_ORDER = ("sha512", "sha256", "sha1", "md5")


def bytes_text(size_bytes: int) -> str:
    """A size: exact bytes, with the decimal size in brackets from 10 kB on."""
    exact = f"{size_bytes} {'byte' if size_bytes == 1 else 'bytes'}"
    return exact if size_bytes < 10_000 else f"{exact} ({short_size(size_bytes)})"


def short_size(size_bytes: int) -> str:
    """A size in bytes, rounded to three figures, in decimal units: `1.47 MB`."""
    value = float(size_bytes)
    for unit in _SI_UNITS:
        if value < 999.5 or unit == _SI_UNITS[-1]:
            break
        value /= 1000
    if unit == "bytes":
        return f"{size_bytes} bytes"
    return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f} {unit}"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: `1 sector`, `2 sectors`."""
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def percent_text(part: int, whole: int) -> str:
    """A part of a whole in percent; never `0 %` for something, never `100 %` for less than all."""
    if whole <= 0:
        return "of nothing"
    if part in (0, whole):
        return "100 %" if part else "0 %"
    value = 100 * part / whole
    if value < 0.0001:
        return "less than 0.0001 %"
    if value > 99.9999:
        return "more than 99.9999 %"
    return f"{value:.4f} %" if value < 1 or value > 99 else f"{value:.2f} %"


def elapsed_text(started: "Instant", finished: "Instant") -> str:
    """The time between two instants of the wall clock: `1330 s (22 min 10 s)`."""
    seconds = round((finished.as_datetime() - started.as_datetime()).total_seconds())
    if abs(seconds) < 60:
        return f"{seconds} s"
    hours, rest = divmod(abs(seconds), 3600)
    sign = "-" if seconds < 0 else ""
    spoken = f"{hours} h {rest // 60} min {rest % 60} s" if hours else f"{rest // 60} min {rest % 60} s"
    return f"{seconds} s ({sign}{spoken})"


def instant_text(instant: "Instant | None") -> str | None:
    """A local time with its offset from UTC, or None."""
    return None if instant is None else str(instant)


def told_text(text: str | None) -> str | None:
    """A person's running text in one line, its line breaks as strokes, or None where there is none."""
    return " / ".join(lines_of(text or "")) or None


def yes_or_no(value: bool | None) -> str | None:
    """`yes`, `no` or None."""
    return None if value is None else "yes" if value else "no"


def number_text(value: int | None) -> str | None:
    """An integer in plain figures, or None."""
    return None if value is None else str(value)


def sectors_text(sectors: "SectorRange") -> str:
    """A range of sectors: `2048 to 4095`, or `2048` for one."""
    first, last = sectors.first_sector, sectors.first_sector + sectors.sector_count - 1
    return str(first) if first == last else f"{first} to {last}"


def format_text(image_format: str) -> str:
    """The format of an image, in words."""
    return _FORMAT_NAMES.get(image_format, image_format)


def digest_name(algorithm: str) -> str:
    """The usual spelling of an algorithm: `SHA-256`."""
    return _DIGEST_NAMES.get(algorithm, algorithm)


def digest_order(algorithms: Iterable[str]) -> tuple[str, ...]:
    """Algorithms, the strongest first, unknown ones last in alphabetical order."""
    known = {name: place for place, name in enumerate(_DIGEST_ORDER)}
    return tuple(sorted(set(algorithms), key=lambda name: (known.get(name, len(known)), name)))


def image_name(manifest: "Manifest") -> str | None:
    """The name that the files of an image share (`JB1` of `JB1.E01`), or None when it has no segment."""
    return PurePosixPath(manifest.segments[0].file).stem if manifest.segments else None


def person_text(person: "Person | None") -> str | None:
    """A person with identifier and organisation as far as known: `A. Roe (PC 1234, Metro Police)`."""
    if person is None:
        return None
    more = ", ".join(part for part in (person.identifier, person.organisation) if part)
    return f"{person.name} ({more})" if more else person.name


def rehash_text(event: "CustodyEvent") -> str | None:
    """Whether the hash value was computed again at a hand-over, and which entry tells of it."""
    if event.rehash is None:
        return None
    told = event.rehash.value.replace("-", " ")
    return told if event.verification is None else f"{told} (verification, entry {event.verification})"


def corrected_text(corrections: "Iterable[Correction]", field: str) -> str | None:
    """`corrected, entry 12` where a field was corrected, or None."""
    entries = [str(item.sequence) for item in corrections if any(change.field == field for change in item.changes)]
    return f"corrected, entry {', '.join(entries)}" if entries else None


def correction_text(correction: "Correction") -> str:
    """A correction in one line: its entry, what it amends, when, by whom and why."""
    named = f"Entry {correction.sequence} corrects entry {correction.amends}"
    if correction.redacted_by is not None:
        return f"{named}: redacted by order, entry {correction.redacted_by}"
    by = f", written down by {correction.recorded_by}" if correction.recorded_by else ""
    why = told_text(correction.reason) or NOT_RECORDED
    return f"{named}, {correction.recorded}{by}, because: {why}"


def interruptions_text(events: "Iterable[JobEvent]") -> str:
    """How often the reading broke off, and when it stopped and went on; the list of events tells each in full."""
    ends = [event for event in events if event.kind in _INTERRUPTING | _RETURNING]
    count = sum(event.kind in _INTERRUPTING for event in ends)
    if not count:
        return "None"
    told = ", ".join(f"{event.kind} {instant_text(event.at)}" for event in ends[: 2 * _TOLD_INTERRUPTIONS])
    return f"{count}: {told}{' ...' if len(ends) > 2 * _TOLD_INTERRUPTIONS else ''}"
