"""What the logs of imaging programs say of an acquisition beside its digests: who, what, when, how it ended.

Forms as the programs write them: Guymager 0.7 to 0.8 (.info), FTK Imager 3 and 4 (.txt), ewfacquire (screen), dc3dd
7, Tableau TD3, GNU ddrescue (mapfile). Numbers are read in any locale; times stay without an offset if none stands.
"""

import re
from datetime import datetime, timedelta, timezone

from image.imported import NUMBERS, TIMES

MAXIMUM_VALUE = 2000
"""Characters of a value that are kept."""
_LONGEST_LINE = 8192
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Pattern = tuple[str, re.Pattern[str]]


def _of(name: str, text: str) -> Pattern:
    """A fact and the line that states it; the group is its value."""
    return name, re.compile(text)


_GUYMAGER = (
    _of("program", r"Version\s*: (\S.*)"),
    _of("host", r"Host name\s*: (\S.*)"),
    _of("system", r"System\s*: (\S.*)"),
    _of("source", r"Linux device\s*: (\S.*)"),
    _of("size_bytes", r"Device size\s*: (\d+)\b.*"),
    _of("model", r"\s+Device Model:\s+(\S.*)"),
    _of("serial", r"\s+Serial Number:\s+(\S.*)"),
    _of("case_number", r"\s*Case number\s*: ?(.*)"),
    _of("exhibit_reference", r"\s*Evidence number\s*: ?(.*)"),
    _of("examiner", r"\s*Examiner\s*: ?(.*)"),
    _of("description", r"\s*Description\s*: ?(.*)"),
    _of("notes", r"\s*Notes\s*: ?(.*)"),
    _of("hidden_areas", r"Hidden areas: (\S.*)"),
    _of("bad_sectors", r"(No) bad sectors encountered during acquisition\..*"),
    _of("bad_sectors", r"Bad sectors encountered during acquisition: (\d+).*"),
    _of("bad_sectors", r"State: Finished .*\(with (\d+) bad sectors?\).*"),
    _of("state", r"State: (\S.*)"),
    _of("self_verification", r"(Image verification \S.*)"),
    _of("started", r"Acquisition started\s*: (\S.*)"),
    _of("finished", r"Ended\s*: (\S.*)"),
)
_FTK = (
    _of("program", r"Created By (?:AccessData|Exterro)\S? FTK\S? Imager (\S.*)"),
    _of("case_number", r"Case Number: ?(.*)"),
    _of("exhibit_reference", r"Evidence Number: ?(.*)"),
    _of("description", r"Unique description: ?(.*)"),
    _of("examiner", r"Examiner: ?(.*)"),
    _of("notes", r"Notes: ?(.*)"),
    _of("sector_size_bytes", r"\s*Bytes per Sector: (.*)"),
    _of("model", r"\s*Drive Model: ?(.*)"),
    _of("serial", r"\s*Drive Serial Number: ?(.*)"),
    _of("interface", r"\s*Drive Interface Type: ?(.*)"),
    _of("sector_count", r"\s*Sector [Cc]ount:\s*(\S.*)"),
    _of("started", r"\s*Acquisition started:\s*(\S.*)"),
    _of("finished", r"\s*Acquisition finished:\s*(\S.*)"),
    _of("self_verification", r"\s*MD5 checksum:\s+[0-9a-fA-F]{32} : (\w+)\s*"),
)
_EWFACQUIRE = (
    _of("program", r"ewfacquire (\d{8})\s*"),
    _of("size_bytes", r"Media size:\s+.*\((\d+) bytes\)"),
    _of("sector_size_bytes", r"Bytes per sector:\s+(\d+)"),
    _of("model", r"Model:\s+(\S.*)"),
    _of("serial", r"Serial(?: number)?:\s+(\S.*)"),
    _of("started", r"Acquiry started at: (\S.*)"),
    _of("finished", r"Acquiry completed at: (\S.*)"),
    _of("state", r"ewfacquire: (\w+)"),
)
_DC3DD = (
    _of("program", r"dc3dd (\S+) started at .*"),
    _of("command_line", r"command line: (\S.*)"),
    _of("size_bytes", r"device size: \d+ sectors .*, *([\d,]+) bytes"),
    _of("sector_size_bytes", r"sector size: (\d+) bytes.*"),
    _of("source", r"input results for \w+ [`'](.+)':"),
    _of("bad_sectors", r"\s+(\d+) bad sectors replaced by zeros"),
    _of("started", r"dc3dd \S+ started at (\S.*)"),
    _of("finished", r"dc3dd (?:completed|aborted) at (\S.*)"),
    _of("state", r"dc3dd (completed|aborted) at .*"),
)
_TABLEAU = (
    _of("program", r"\s*Imager Ver(?:sion)?\s*:\s*(\S.*)"),
    _of("state", r"\s*Status\s*:\s*(\S.*)"),
    _of("examiner", r"\s*User\s*:\s*(\S.*)"),
    _of("case_number", r"\s*Case ID\s*:\s*(\S.*)"),
    _of("notes", r"\s*Case Notes\s*:\s*(\S.*)"),
    _of("interface", r"\s*Interface\s*:\s*(\S.*)"),
    _of("model", r"\s*Model\s*:\s*(\S.*)"),
    _of("serial", r"\s*Serial number\s*:\s*(\S.*)"),
    _of("size_bytes", r"\s*Capacity in bytes\s*:\s*([\d,. ]+\d).*"),
    _of("sector_size_bytes", r"\s*Block Size\s*:\s*(\d+).*"),
    _of("sector_count", r"\s*Block Count\s*:\s*([\d,. ]*\d).*"),
    _of("started", r"\s*Started\s*:\s*(\S.*)"),
    _of("finished", r"\s*Closed\s*:\s*(\S.*)"),
)
_DDRESCUE = (
    _of("program", r"# (?:Mapfile|Rescue Logfile)\. Created by GNU ddrescue version (\S+)"),
    _of("command_line", r"# Command line: (\S.*)"),
    _of("started", r"# Start time:\s+(\S.*)"),
    _of("finished", r"# Current time:\s+(\S.*)"),
    _of("state", r"# (Finished|Interrupted.*|Copying.*|Trimming.*|Scraping.*|Retrying.*)"),
)
_X_WAYS = (_of("program", r"X-Ways Forensics (\S.*)"), _of("source", r"Source: (\S.*)"))

FACTS_OF_LOGS: dict[str, tuple[Pattern, ...]] = {
    "Guymager": _GUYMAGER,
    "FTK Imager": _FTK,
    "ewfacquire": _EWFACQUIRE,
    "dc3dd": _DC3DD,
    "Tableau": _TABLEAU,
    "X-Ways": _X_WAYS,
    "GNU ddrescue": _DDRESCUE,
}
"""Program -> the facts in its log, each with the whole line that states it; the first line that fits counts."""
_SEPARATORS = re.compile(r"[\s.,'\u00a0\u202f\u2019]")
_UNSET = frozenset({"", "--", "n/a", "<<not set>>", "(none)"})


def log_facts(program: str, text: str) -> dict[str, str]:
    """What the log of this program states, by the names of image/imported.py; what it leaves open is not there."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if len(line) <= _LONGEST_LINE:
            for name, pattern in FACTS_OF_LOGS.get(program, ()):
                match = pattern.fullmatch(line) if name not in found else None
                if match is not None:
                    found |= _fact(name, match[1].strip())
    if "program" in found:
        found["program"] = f"{program} {found['program']}"
    return {"program": program} | found


def _fact(name: str, written: str) -> dict[str, str]:
    """One fact in its normal form; none for a blank or a number that is none."""
    if written.lower() in _UNSET:
        return {}
    if name in NUMBERS:
        number = "0" if written == "No" else _SEPARATORS.sub("", written)
        return {name: str(int(number))} if number.isascii() and number.isdigit() and len(number) < 20 else {}
    return {name: normal_time(written) if name in TIMES else written[:MAXIMUM_VALUE]}


_TIME_FORMS = (
    re.compile(
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[ T](?P<time>\d\d?:\d\d:\d\d)"
        r"(?: (?P<zone>[+-]\d{4}))?(?: .*)?"
    ),
    re.compile(r"\w{3} (?P<month>[A-Za-z]{3}) +(?P<day>\d\d?) (?P<time>\d\d?:\d\d:\d\d) (?P<year>\d{4})"),
    re.compile(r"(?P<month>[A-Za-z]{3}) (?P<day>\d\d?), (?P<year>\d{4}) (?P<time>\d\d?:\d\d:\d\d)"),
)
"""ISO 8601 with or without an offset, ctime(3), and libewf's."""


def normal_time(written: str) -> str:
    """A time as ISO 8601, with its offset where it has one; one of no known form as it was written."""
    for form in _TIME_FORMS:
        match = form.fullmatch(written)
        if match is not None:
            return _iso_time(match.groupdict()) or written[:MAXIMUM_VALUE]
    return written[:MAXIMUM_VALUE]


def _iso_time(parts: dict[str, str | None]) -> str | None:
    """The time of these parts; None where no calendar has it."""
    month = (parts["month"] or "").lower()
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month) if month.isdigit() else 0
    hour, minute, second = map(int, (parts["time"] or "").split(":"))
    try:
        moment = datetime(int(parts["year"] or 0), number, int(parts["day"] or 0), hour, minute, second)  # noqa: DTZ001
        zone = parts.get("zone")
        if zone is None:
            return moment.isoformat()
        minutes = int(zone[1:3]) * 60 + int(zone[3:5])
        return moment.replace(
            tzinfo=timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
        ).isoformat()
    except ValueError:
        return None
