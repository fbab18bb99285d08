"""Which set a further segment of a split raw image belongs to, by names alone."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from image.segment_names import RAW_DIGITS, list_segments, naming_among, naming_of

_COUNTED = re.compile(r"(?P<lead>part|Part|PART|[rR])?(?P<digits>[0-9]{1,7})(?P<tail>[oO][fF][0-9]{1,4})?")
_LETTERED = re.compile(r"[a-z]{2,8}|[A-Z]{2,8}")


@dataclass(frozen=True, slots=True)
class Siblings:
    """The names that the first segment of a set can have, and those right before and behind one of its segments."""

    name: str
    firsts: tuple[str, ...]
    neighbours: tuple[str, ...] = ()

    def first_among(self, present: Collection[str]) -> str | None:
        """The first segment that is there and whose set this name is part of."""
        return next((first for first in self.firsts if first in present and self._follows(first, present)), None)

    def _follows(self, first: str, present: Collection[str]) -> bool:
        """Whether the set that begins with this name has the other one in it."""
        naming = naming_of(first)
        if naming is None or first == self.name:
            return False
        return self.name in list_segments(naming_among(naming, present), present).names


def raw_siblings(name: str) -> Siblings | None:
    """What a further segment of a split raw image would stand beside; None for a name that is none."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        return None
    if found := _COUNTED.fullmatch(extension):
        lead, digits, tail = found["lead"] or "", found["digits"], found["tail"] or ""
        is_bare = not lead and not tail
        return None if is_bare and len(digits) == 1 else _counted(name, f"{stem}.{lead}", digits, tail)
    if _LETTERED.fullmatch(extension):
        letter = "a" if extension.islower() else "A"
        return Siblings(name, tuple(f"{stem}.{letter * width}" for width in range(2, min(len(extension), 4) + 1)))
    return None


def _counted(name: str, before: str, digits: str, tail: str) -> Siblings:
    """The siblings of a segment that is counted in digits."""
    number, width = int(digits), len(digits)
    widths = range(1, width + 1) if not tail else (width,)
    firsts = tuple(f"{before}{first:0{wide}d}{tail}" for wide in widths for first in (0, 1))
    # Of other widths, JB1.2018 and JB1.2019 are as likely two images.
    is_usual = width == RAW_DIGITS or tail or not before.endswith(".")
    around = (number - 1, number + 1) if number > 1 and is_usual else ()
    return Siblings(name, firsts, tuple(f"{before}{other:0{width}d}{tail}" for other in around))
