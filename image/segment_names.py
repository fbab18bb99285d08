"""Names of segment files: E01 to E99, EAA to ZZZ; split raw as .001, .000 or .aa; the siblings of a first segment.

Specification: "Segment file extensions". Nothing here touches a file system; a listing is given.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIRST_LETTERED = 100
RAW_DIGITS = 3
MAXIMUM_LISTED_GAP = 100
"""A gap of more segments than this ends the set: a far-off name is not a sibling."""


class SegmentNamesExhaustedError(ValueError):
    """There is no name for so many segments."""


def ewf_segment_extension(number: int, first_letter: str = "E") -> str:
    """Extension of segment `number` (from 1), upper case: E01 to E99, then EAA to ZZZ.

    Raises:
        ValueError: a number below 1.
        SegmentNamesExhaustedError: a number behind ZZZ.
    """
    if number < 1:
        raise ValueError(f"segments are numbered from 1, not {number}")
    if number < FIRST_LETTERED:
        return f"{first_letter}{number:02d}"
    index = number - FIRST_LETTERED + LETTERS.index(first_letter) * 26 * 26
    if index >= 26**3:
        raise SegmentNamesExhaustedError(f"there is no name for segment {number}: the last one is ZZZ")
    return LETTERS[index // 676] + LETTERS[index // 26 % 26] + LETTERS[index % 26]


MAXIMUM_EWF_SEGMENTS = FIRST_LETTERED - 1 + 26**3 - LETTERS.index("E") * 26 * 26
"""14,971: from E01 to ZZZ."""


def ewf_segment_name(stem: str, number: int) -> str:
    """File name of segment `number` (from 1) of an E01 image.

    Raises:
        ValueError: a number below 1.
        SegmentNamesExhaustedError: a number behind ZZZ.
    """
    return f"{stem}.{ewf_segment_extension(number)}"


def raw_segment_name(stem: str, number: int) -> str:
    """File name of segment `number` (from 1) of a split raw image: .001 to .999, then .1000 and on.

    Raises:
        ValueError: a number below 1.
    """
    if number < 1:
        raise ValueError(f"segments are numbered from 1, not {number}")
    return f"{stem}.{number:0{RAW_DIGITS}d}"


@dataclass(frozen=True, slots=True)
class SegmentNaming:
    """How the segments of one image are named.

    `extension` is the first one's, in its own case; `first_number` is 0 for images counted from .000.
    """

    stem: str
    extension: str
    kind: str
    first_number: int

    def name(self, number: int) -> str:
        """File name of segment `number`, counted from 1 whatever the first extension says.

        Raises:
            ValueError: a number below 1, or behind the last name there is.
        """
        return f"{self.stem}.{self._extension(number)}"

    def could_name(self, name: str) -> bool:
        """Whether a name has this stem and an extension of this kind, in the same case."""
        stem, _, extension = name.rpartition(".")
        if stem != self.stem or len(extension) < len(self.extension):
            return False
        if self.kind == "digits":
            return extension.isdigit()
        is_upper = self.extension[0].isupper()
        return extension.isalnum() and extension == (extension.upper() if is_upper else extension.lower())

    def _extension(self, number: int) -> str:
        """The extension of one segment."""
        if self.kind == "ewf":
            text = ewf_segment_extension(number, self.extension[0].upper())
            return text if self.extension[0].isupper() else text.lower()
        if self.kind == "digits":
            return f"{number - 1 + self.first_number:0{len(self.extension)}d}"
        return _lettered(number - 1, len(self.extension), self.extension[0].isupper())


def _lettered(index: int, length: int, upper: bool) -> str:
    """The extension of `split` and `dcfldd`: aa, ab, ... zz."""
    text = ""
    for _ in range(length):
        index, rest = divmod(index, 26)
        text = LETTERS[rest] + text
    if index:
        raise SegmentNamesExhaustedError(f"there is no further name with {length} letters")
    return text if upper else text.lower()


_FIRST_NAMES = (
    ("ewf", re.compile(r"[ESLesl]01")),
    ("digits", re.compile(r"0{1,4}[01]")),
    ("letters", re.compile(r"a{2,4}|A{2,4}")),
)
_EWF_LIKE = re.compile(r"[E-Ze-z](?:\d\d|[A-Za-z]{2})")


def naming_of(first_name: str) -> SegmentNaming | None:
    """How a set is named whose first segment file has this name; None if it is no first segment's name."""
    stem, dot, extension = first_name.rpartition(".")
    for kind, pattern in _FIRST_NAMES:
        if dot and stem and pattern.fullmatch(extension):
            first = int(extension) if kind == "digits" else 1
            return SegmentNaming(stem, extension, kind, first)
    return None


def looks_like_later_ewf_segment(name: str) -> bool:
    """Whether the name could be that of a further segment of an EWF image."""
    extension = name.rpartition(".")[2]
    return naming_of(name) is None and _EWF_LIKE.fullmatch(extension) is not None


@dataclass(frozen=True, slots=True)
class SegmentListing:
    """The segment files of an image in order, and the names between them that are not there."""

    names: tuple[str, ...]
    missing: tuple[str, ...]


def list_segments(naming: SegmentNaming, present: Collection[str]) -> SegmentListing:
    """Find the segments of a set among the names of its folder; the last one is the last that is there.

    A set ends before a gap of more than `MAXIMUM_LISTED_GAP` names.
    """
    there = {name for name in present if naming.could_name(name)}
    names: list[str] = []
    missing: list[str] = []
    gap: list[str] = []
    for name in _names_of(naming):
        if not there or len(gap) > MAXIMUM_LISTED_GAP:
            break
        if name in there:
            there.remove(name)
            names.append(name)
            missing += gap
            gap = []
        else:
            gap.append(name)
    return SegmentListing(tuple(names), tuple(missing))


def _names_of(naming: SegmentNaming) -> Iterator[str]:
    """Every name of the set in order, as far as there are names."""
    for number in count(1):
        try:
            name = naming.name(number)
        except SegmentNamesExhaustedError:
            return
        yield name


def single_raw_name(stem: str) -> str:
    """File name of a raw image in one file."""
    return f"{stem}.raw"
