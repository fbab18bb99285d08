"""The extensions of split raw images, as the programs that split them count: digits, letters, "1of5".

GNU split without -a makes its extensions longer before they run out: yz is followed by zaaa, 89 by 9000
(coreutils manual, "split invocation").
"""

import re

LOWER = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
GROWING_WIDTH = 2
"""Characters in an extension of GNU split where nobody says how many."""

COUNTED_FIRST = re.compile(r"(?P<lead>part|Part|PART|[rR])?(?P<digits>0{0,5}[01])")
LETTERED_FIRST = re.compile(r"a{2,4}|A{2,4}")
TOTAL_FIRST = re.compile(r"(?P<digits>0{0,3}1)(?P<of>[oO][fF])(?P<total>[0-9]{1,4})")
DOUBTFUL_LETTERS = frozenset({"dd", "db", "gz", "xz", "md", "py", "sh"})
"""What may well be another file of the same name, not a segment behind a gap."""


class SegmentNamesExhaustedError(ValueError):
    """There is no name for so many segments."""


def counted(number: int, width: int, *, grows: bool) -> str:
    """A number in digits, of this width at least."""
    return _grown(number, DIGITS) if grows else f"{number:0{width}d}"


def lettered(index: int, width: int, *, grows: bool) -> str:
    """The letters of this index (from 0): aa, ab, ... zz.

    Raises:
        SegmentNamesExhaustedError: more than there are with so many letters.
    """
    if grows:
        return _grown(index, LOWER)
    if index >= len(LOWER) ** width:
        raise SegmentNamesExhaustedError(f"there is no further name with {width} letters")
    return _written(index, LOWER, width)


def _grown(index: int, alphabet: str) -> str:
    """The extension that GNU split gives: its last character leads to a longer one."""
    level, count = 0, (len(alphabet) - 1) * len(alphabet)
    while index >= count:
        index, level, count = index - count, level + 1, count * len(alphabet)
    return alphabet[-1] * level + _written(index, alphabet, GROWING_WIDTH + level)


def _written(index: int, alphabet: str, width: int) -> str:
    """An index in the characters of an alphabet."""
    text = ""
    for _ in range(width):
        index, rest = divmod(index, len(alphabet))
        text = alphabet[rest] + text
    return text
