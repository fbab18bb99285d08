"""Names of segment files: E01 to ZZZ, Ex01 to EzZZ, split raw as .001, .aa or .1of5; the siblings of a first one.

Specification: "Segment file extensions". Nothing here touches a file system; a listing is given.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import count

from image.ewf2_extensions import FIRST_EWF2, LATER_EWF2, could_be_ewf2, ewf2_segment_extension, in_case_of
from image.split_extensions import (
    COUNTED_FIRST,
    DOUBTFUL_LETTERS,
    LETTERED_FIRST,
    TOTAL_FIRST,
    SegmentNamesExhaustedError,
    counted,
    lettered,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIRST_LETTERED = 100
RAW_DIGITS = 3
MAXIMUM_LISTED_GAP = 100
"""A gap of more segments than this ends the set: a far-off name is not a sibling."""


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

    `extension` is the first one's, in its own case; `first_number` is 0 for images counted from .000. `lead` stands
    before the digits ("part"), `tail` behind them ("of5"); `total` is the number of segments where names tell it.
    """

    stem: str
    extension: str
    kind: str
    first_number: int = 1
    lead: str = ""
    tail: str = ""
    total: int | None = None
    grows: bool = False

    @property
    def width(self) -> int:
        """Digits or letters in the first extension."""
        return len(self.extension) - len(self.lead) - len(self.tail)

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
            digits = extension.removeprefix(self.lead).removesuffix(self.tail)
            return extension == f"{self.lead}{digits}{self.tail}" and digits.isdecimal() and digits.isascii()
        if self.kind == "ewf2":
            return could_be_ewf2(extension, self.extension)
        is_upper = self.extension[0].isupper()
        return extension.isalnum() and extension == (extension.upper() if is_upper else extension.lower())

    def in_own_case(self, name: str) -> str | None:
        """The name as the set would write it, of a file named like a segment but for upper and lower case."""
        stem, _, extension = name.rpartition(".")
        if self.kind not in ("ewf", "ewf2") or stem.casefold() != self.stem.casefold():
            return None
        own = f"{self.stem}.{in_case_of(self.extension, extension)}"
        return own if self.could_name(own) else None

    def is_doubtful(self, name: str) -> bool:
        """Whether a name that could be a segment's is as likely that of another file."""
        return self.kind == "letters" and name.rpartition(".")[2].lower() in DOUBTFUL_LETTERS

    def _extension(self, number: int) -> str:
        """The extension of one segment."""
        if self.kind == "ewf":
            text = ewf_segment_extension(number, self.extension[0].upper())
            return text if self.extension[0].isupper() else text.lower()
        if self.kind == "ewf2":
            return ewf2_segment_extension(number, self.extension)
        if self.total is not None and number > self.total:
            raise SegmentNamesExhaustedError(f"the set has {self.total} segments")
        if self.kind == "digits":
            digits = counted(number - 1 + self.first_number, self.width, grows=self.grows)
            return f"{self.lead}{digits}{self.tail}"
        text = lettered(number - 1, self.width, grows=self.grows)
        return text.upper() if self.extension[0].isupper() else text


_FIRST_EWF = re.compile(r"[ESLesl]01")
_EWF_LIKE = re.compile(r"[E-Ze-z](?:\d\d|[A-Za-z]{2})")


def naming_of(first_name: str) -> SegmentNaming | None:
    """How a set is named whose first segment file has this name; None if it is no first segment's name."""
    stem, dot, extension = first_name.rpartition(".")
    if not dot or not stem:
        return None
    if _FIRST_EWF.fullmatch(extension):
        return SegmentNaming(stem, extension, "ewf")
    if FIRST_EWF2.fullmatch(extension):
        return SegmentNaming(stem, extension, "ewf2")
    if found := COUNTED_FIRST.fullmatch(extension):
        return SegmentNaming(stem, extension, "digits", int(found["digits"]), lead=found["lead"] or "")
    if found := TOTAL_FIRST.fullmatch(extension):
        tail, total = f"{found['of']}{found['total']}", int(found["total"])
        return SegmentNaming(stem, extension, "digits", tail=tail, total=max(total, 1))
    return SegmentNaming(stem, extension, "letters") if LETTERED_FIRST.fullmatch(extension) else None


def looks_like_later_ewf_segment(name: str) -> bool:
    """Whether the name could be that of a further segment of an EWF image."""
    extension = name.rpartition(".")[2]
    is_like = _EWF_LIKE.fullmatch(extension) or LATER_EWF2.fullmatch(extension)
    return naming_of(name) is None and is_like is not None


@dataclass(frozen=True, slots=True)
class SegmentListing:
    """The segment files of an image in order, and the names between them that are not there."""

    names: tuple[str, ...]
    missing: tuple[str, ...]


def list_segments(naming: SegmentNaming, present: Collection[str]) -> SegmentListing:
    """Find the segments of a set among the names of its folder; the last one is the last that is there.

    A set ends before a gap of more than `MAXIMUM_LISTED_GAP` names; where the names tell how many there are,
    those up to the last one are missing too.
    """
    there = {name for name in present if naming.could_name(name)}
    names: list[str] = []
    missing: list[str] = []
    gap: list[str] = []
    for name in _names_of(naming):
        if (not there and naming.total is None) or len(gap) > MAXIMUM_LISTED_GAP:
            break
        if name in there and not (gap and naming.is_doubtful(name)):
            there.remove(name)
            names.append(name)
            missing += gap
            gap = []
        else:
            gap.append(name)
    return SegmentListing(tuple(names), tuple(missing if naming.total is None else missing + gap))


def naming_among(naming: SegmentNaming, present: Collection[str]) -> SegmentNaming:
    """The naming as GNU split carries it on, where that finds more segments among these names."""
    is_split = naming.extension in ("00", "aa")
    growing = replace(naming, grows=is_split)
    if is_split and len(list_segments(growing, present).names) > len(list_segments(naming, present).names):
        return growing
    return naming


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
