"""How numbers, times and choices are said: exact integers first, independent of any locale."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from casedb.custody_warning import custody_warning_meanings
from casedb.finding_meanings import finding_meanings
from report.escape import lines_of
from report.terms import VERDICTS, term
from report.wording import english, say, say_number

if TYPE_CHECKING:
    from casedb.records import (
        Acquisition,
        Correction,
        CustodyEvent,
        CustodyWarning,
        Instant,
        JobEvent,
        Manifest,
        Person,
        SectorRange,
        VerificationResult,
    )

NOT_RECORDED = english("Not recorded")

_INTERRUPTING = frozenset({"stopped", "source lost"})
_RETURNING = frozenset({"resumed", "source back"})
_TOLD_INTERRUPTIONS = 3
_SI_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")
_FORMAT_NAMES = {
    "e01": english("E01 (Expert Witness Compression Format)"),
    "ewf-e01": english("E01 (Expert Witness Compression Format)"),
    "raw": english("raw (the sectors as they are)"),
}
_DIGEST_NAMES = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}
_DIGEST_ORDER = ("sha512", "sha256", "sha1", "md5")


def bytes_text(size_bytes: int) -> str:
    """A size: exact bytes, with the decimal size in brackets from 10 kB on."""
    exact = say_number("{count} byte", "{count} bytes", size_bytes)
    return exact if size_bytes < 10_000 else f"{exact} ({short_size(size_bytes)})"


def short_size(size_bytes: int) -> str:
    """A size in bytes, rounded to three figures, in decimal units: `1.47 MB`."""
    value = float(size_bytes)
    for unit in _SI_UNITS:
        if value < 999.5 or unit == _SI_UNITS[-1]:
            break
        value /= 1000
    if unit == "bytes":
        return say("{size} bytes", size=size_bytes)
    return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f} {unit}"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun in English: `1 sector`, `2 sectors`."""
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def percent_text(part: int, whole: int) -> str:
    """A part of a whole in percent; never `0 %` for something, never `100 %` for less than all."""
    if whole <= 0:
        return say("of nothing")
    if part in (0, whole):
        return "100 %" if part else "0 %"
    value = 100 * part / whole
    if value < 0.0001:
        return say("less than 0.0001 %")
    if value > 99.9999:
        return say("more than 99.9999 %")
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
    return None if value is None else say("yes") if value else say("no")


def number_text(value: int | None) -> str | None:
    """An integer in plain figures, or None."""
    return None if value is None else str(value)


def sectors_text(sectors: "SectorRange") -> str:
    """A range of sectors: `2048 to 4095`, or `2048` for one."""
    first, last = sectors.first_sector, sectors.first_sector + sectors.sector_count - 1
    return str(first) if first == last else say("{first} to {last}", first=first, last=last)


def format_text(image_format: str) -> str:
    """The format of an image, in words."""
    return say(_FORMAT_NAMES[image_format]) if image_format in _FORMAT_NAMES else image_format


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
    told = term(event.rehash.value.replace("-", " "))
    if event.verification is None:
        return told
    return say("{told} (verification, entry {entry})", told=told, entry=event.verification)


def corrected_text(corrections: "Iterable[Correction]", field: str) -> str | None:
    """`corrected, entry 12` where a field was corrected, or None."""
    entries = [str(item.sequence) for item in corrections if any(change.field == field for change in item.changes)]
    return say("corrected, entry {entries}", entries=", ".join(entries)) if entries else None


def correction_text(correction: "Correction") -> str:
    """A correction in one line: its entry, what it amends, when, by whom and why."""
    named = say("Entry {entry} corrects entry {amends}", entry=correction.sequence, amends=correction.amends)
    if correction.redacted_by is not None:
        return say("{named}: redacted by order, entry {entry}", named=named, entry=correction.redacted_by)
    by = say(", written down by {name}", name=correction.recorded_by) if correction.recorded_by else ""
    why = told_text(correction.reason) or say(NOT_RECORDED)
    return say("{named}, {at}{by}, because: {why}", named=named, at=correction.recorded, by=by, why=why)


def interruptions_text(events: "Iterable[JobEvent]") -> str:
    """How often the reading broke off, and when it stopped and went on; the list of events tells each in full."""
    ends = [event for event in events if event.kind in _INTERRUPTING | _RETURNING]
    count = sum(event.kind in _INTERRUPTING for event in ends)
    if not count:
        return say("None")
    told = ", ".join(f"{term(event.kind)} {instant_text(event.at)}" for event in ends[: 2 * _TOLD_INTERRUPTIONS])
    return f"{count}: {told}{' ...' if len(ends) > 2 * _TOLD_INTERRUPTIONS else ''}"


def sectors_number(count: int) -> str:
    """A number of sectors: `1 sector`, `2 sectors`."""
    return say_number("{count} sector", "{count} sectors", count)


def files_text(count: int) -> str:
    """A number of files: `1 file`, `2 files`."""
    return say_number("{count} file", "{count} files", count)


def segment_files_text(count: int) -> str:
    """A number of segment files: `1 segment file`, `2 segment files`."""
    return say_number("{count} segment file", "{count} segment files", count)


def acquisition_state(acquisition: "Acquisition") -> str:
    """How far an acquisition got: `acquisition complete`."""
    return say("acquisition {state}", state=term(acquisition.state.value))


def verdict_text(result: "VerificationResult") -> str:
    """The verdict, with what it is about where that is not the media."""
    told = say(VERDICTS[result.verdict.value])
    is_whole = result.verdict_text == result.verdict.value
    return told if is_whole else say("{verdict} (segment files alone)", verdict=told)


def compared_text(result: "VerificationResult") -> str | None:
    """What a verification compared with, as far as it did."""
    return ", ".join(term(item) for item in result.compared_with) or None


def warning_text(warning: "CustodyWarning") -> str:
    """A warning about custody: its line in English, and where another language is spoken what its code means."""
    return _explained(custody_warning_meanings().get(warning.code), str(warning))


def finding_text(code: str, told: str) -> str:
    """What was seen, in English; where another language is spoken behind what its code means."""
    return _explained(finding_meanings().get(code), told)


def _explained(meaning: str | None, told: str) -> str:
    """A line of the record behind its meaning, where that is said in another language."""
    meant = say(meaning) if meaning else meaning
    return told if meant == meaning else f"{meant} [{told}]"


def ledger_text(size: int, root: str) -> str:
    """Where the ledger stood: its number of entries, and its root or the beginning of that."""
    return say("Ledger: {size} entries, root {root}", size=size, root=root)
