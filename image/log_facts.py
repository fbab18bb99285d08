"""What the logs of imaging programs say of an acquisition beside its digests: who, what, when, how it ended.

Forms as the programs write them: Guymager 0.7 to 0.8 (.info), FTK Imager 3 and 4 (.txt), ewfacquire (screen), dc3dd
7, Tableau TD3, GNU ddrescue (mapfile). Numbers are read in any locale; times stay without an offset if none stands.
"""

import re
from datetime import datetime, timedelta, timezone
from functools import cache

from image.data_tables import data_table
from image.imported import NUMBERS, TIMES

MAXIMUM_VALUE = 2000
"""Characters of a value that are kept."""
_LONGEST_LINE = 8192
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Pattern = tuple[str, re.Pattern[str]]
"""The name of a fact and the line that states it; the group is its value."""
_SEPARATORS = re.compile(r"[\s.,'\u00a0\u202f\u2019]")
_UNSET = frozenset({"", "--", "n/a", "<<not set>>", "(none)"})


@cache
def facts_of_logs() -> dict[str, tuple[Pattern, ...]]:
    """By program, the facts that its log states; the first line that fits counts."""
    table = data_table("image", "log_facts.toml")
    return {
        program: tuple((name, re.compile(line)) for name, line in stated["facts"])
        for program, stated in table.items()
    }


def log_facts(program: str, text: str) -> dict[str, str]:
    """What the log of this program states, by the names of image/imported.py; what it leaves open is not there."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if len(line) <= _LONGEST_LINE:
            for name, pattern in facts_of_logs().get(program, ()):
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
