"""Logs of imaging programs: the digests of the media that they print, and those of the files they wrote.

Forms as the programs write them: Guymager 0.7 to 0.8 (.info, also in its translations), FTK Imager 3 and 4 (.txt),
ewfacquire and ewfverify, dc3dd 7 (log, mlog, hlog), dcfldd 1.9, X-Ways 19, Tableau TD3.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from image.checksum_entries import HEX, ChecksumEntry, entry_of, media_entry
from image.foreign_text import lines_of

HEAD = 4096
"""Characters in which a program names itself."""
_NAMED = r"(?P<algorithm>MD5|SHA-?1|SHA-?256|SHA-?512)"
_LOWER = r"(?P<algorithm>md5|sha1|sha256|sha512)"


@dataclass(frozen=True, slots=True)
class LogForm:
    """How the log of one program is known and read.

    `mark` is searched in the head, or in all of it where `is_marked_anywhere`. Only what stands behind the last
    `begin` counts, and before `end`. Of one algorithm the first form of `media` that is there counts, in its last
    line. `files` name a file; `heading` names the algorithm of the lines below it.
    """

    program: str
    mark: re.Pattern[str]
    media: tuple[re.Pattern[str], ...]
    files: tuple[re.Pattern[str], ...] = ()
    heading: re.Pattern[str] | None = None
    begin: re.Pattern[str] | None = None
    end: re.Pattern[str] | None = None
    is_marked_anywhere: bool = False


LOG_FORMS = (
    LogForm(
        "Guymager",
        re.compile(r"^GUYMAGER \S", re.MULTILINE),
        (re.compile(rf"(?:[Hh]ash )?{_NAMED}(?:[ -][Hh]ash)?\s*: *{HEX}\s*"),),
        files=(re.compile(r"(?P<hex>[0-9a-f]{32})  (?P<name>\S.*?)\s*"),),
    ),
    LogForm(
        "FTK Imager",
        re.compile(r"^Created By (?:AccessData|Exterro)|^\[Computed Hashes\]", re.MULTILINE),
        (re.compile(rf"\s*{_NAMED} checksum\s*:\s*{HEX}(?:\s*: \w+)?\s*"),),
        end=re.compile(r"^Image Verification Results", re.MULTILINE),
    ),
    LogForm(
        "dc3dd",
        re.compile(r"^dc3dd \S+ started at", re.MULTILINE),
        (
            re.compile(rf"\s+{HEX} \({_LOWER}\)\s*"),
            re.compile(rf"\s*{HEX}\| *\(FINAL: {_LOWER}\).*"),
        ),
        files=(
            re.compile(rf"\s+\[ok\] {HEX}, sectors \d+ - \d+, [`'](?P<name>.+)'\s*"),
            re.compile(rf"\s*{HEX}\| sectors \({_LOWER}\) \|.*\| [`'](?P<name>.+)' \| \[ok\]\s*"),
        ),
        heading=re.compile(rf"\s+\[ok\] [0-9a-f]{{32,128}} \({_LOWER}\)\s*"),
        begin=re.compile(r"^dc3dd \S+ started at", re.MULTILINE),
    ),
    LogForm(
        "Tableau",
        re.compile(r"^\s*-+Start of \w+ Log Entry-+", re.MULTILINE),
        (re.compile(rf"\s*Acquisition {_NAMED}:\s+{HEX}\s*"),),
        begin=re.compile(r"^\s*-+Start of \w+ Log Entry-+", re.MULTILINE),
    ),
    LogForm(
        "X-Ways",
        re.compile(r"^(?:X-Ways|WinHex) ", re.MULTILINE),
        (re.compile(rf"Hash of source data:\s*{HEX} \({_NAMED}\)\s*"),),
    ),
    LogForm(
        "dcfldd",
        re.compile(r"^Total \((?:md5|sha1|sha256|sha384|sha512)\): [0-9a-f]{32}", re.MULTILINE),
        (re.compile(rf"Total \({_LOWER}\): {HEX}\s*"),),
        is_marked_anywhere=True,
    ),
    LogForm(
        "ewfacquire",
        re.compile(r"^\w+ hash (?:stored in file|calculated over data):\s", re.MULTILINE),
        (
            re.compile(rf"{_NAMED} hash stored in file:\s+{HEX}\s*"),
            re.compile(rf"{_NAMED} hash calculated over data:\s+{HEX}\s*"),
        ),
        is_marked_anywhere=True,
    ),
)


def log_form_of(text: str) -> LogForm | None:
    """The program whose log this is; None for any other text."""
    head = text[:HEAD]
    return next((form for form in LOG_FORMS if form.mark.search(text if form.is_marked_anywhere else head)), None)


def log_entries(form: LogForm, text: str) -> Iterator[ChecksumEntry]:
    """The digests in the log of this program."""
    lines = tuple(line for line in lines_of(_part_that_counts(form, text)) if _looks_like_digest(line))
    found: dict[str, ChecksumEntry] = {}
    for pattern in form.media:
        found = {**_media(pattern, lines), **found}
    yield from found.values()
    yield from _files(form, lines)


def _part_that_counts(form: LogForm, text: str) -> str:
    """The last job in the log, up to where the program reports on something else."""
    start = 0
    if form.begin is not None:
        for match in form.begin.finditer(text):
            start = match.start()
    end = form.end.search(text, start) if form.end is not None else None
    return text[start : end.start() if end is not None else len(text)]


_DIGEST = re.compile(r"[0-9a-fA-F]{32}")


def _looks_like_digest(line: str) -> bool:
    """Whether a line has enough hex digits in a row; most of a long log has not."""
    return _DIGEST.search(line) is not None


def _media(pattern: re.Pattern[str], lines: Iterable[str]) -> dict[str, ChecksumEntry]:
    """The digests of the media in the lines of this form, the last one of each algorithm."""
    matches = (pattern.fullmatch(line) for line in lines)
    entries = (media_entry(match["algorithm"], match["hex"]) for match in matches if match is not None)
    return {entry.algorithm: entry for entry in entries if entry is not None}


def _files(form: LogForm, lines: Iterable[str]) -> Iterator[ChecksumEntry]:
    """The digests of the files that the program wrote."""
    algorithm: str | None = None
    for line in lines:
        if form.heading is not None and (heading := form.heading.fullmatch(line)):
            algorithm = heading["algorithm"]
        for pattern in form.files:
            match = pattern.fullmatch(line)
            if match is not None:
                entry = entry_of(match.groupdict().get("algorithm", algorithm), match["hex"], match["name"])
                if entry is not None:
                    yield entry
