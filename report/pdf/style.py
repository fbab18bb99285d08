"""Sizes, colours and measures of the pages; lengths are points (1/72 inch)."""

from dataclasses import dataclass
from enum import Enum

from report.document import Tone

Colour = tuple[float, float, float]


def _colour(number: int) -> Colour:
    """A colour from its usual hexadecimal number."""
    return (number >> 16) / 255, (number >> 8 & 255) / 255, (number & 255) / 255


INK = _colour(0x1A1E24)
FAINT = _colour(0x5B6672)
RULE = _colour(0xC9D1D9)
SHADE = _colour(0xEEF2F6)
ACCENT = _colour(0x1F3A5F)
GOOD = _colour(0x1B6B3A)
CAUTION = _colour(0x8A5200)
BAD = _colour(0xA01C1C)
PAPER = _colour(0xFFFFFF)

TONES: dict[Tone, Colour] = {
    Tone.PLAIN: INK,
    Tone.GOOD: GOOD,
    Tone.CAUTION: CAUTION,
    Tone.BAD: BAD,
    Tone.FAINT: FAINT,
}
TINTS: dict[Tone, Colour] = {
    Tone.PLAIN: SHADE,
    Tone.FAINT: SHADE,
    Tone.GOOD: _colour(0xE8F3EC),
    Tone.CAUTION: _colour(0xFBF1DF),
    Tone.BAD: _colour(0xFAE8E7),
}


class Chain(Enum):
    """Which letters: upright, bold, or all of one width."""

    TEXT = "text"
    BOLD = "bold"
    CODE = "code"


@dataclass(frozen=True)
class TextStyle:
    """Letters of one kind: size, distance of lines and colour."""

    chain: Chain
    size: float
    leading: float
    colour: Colour = INK


BODY = TextStyle(Chain.TEXT, 9.2, 13)
LABEL = TextStyle(Chain.TEXT, 9.2, 13, FAINT)
CODE = TextStyle(Chain.CODE, 7.9, 13)
STRONG = TextStyle(Chain.BOLD, 9.2, 13)
TITLE = TextStyle(Chain.BOLD, 21, 27, ACCENT)
HEADING = TextStyle(Chain.BOLD, 12.5, 17, ACCENT)
SUBHEADING = TextStyle(Chain.BOLD, 9.2, 13, ACCENT)
VERDICT = TextStyle(Chain.BOLD, 17, 22)
CELL = TextStyle(Chain.TEXT, 8, 10.8)
CELL_CODE = TextStyle(Chain.CODE, 7, 10.8)
CELL_HEAD = TextStyle(Chain.BOLD, 7.6, 10.4, ACCENT)
SMALL = TextStyle(Chain.TEXT, 7.4, 10, FAINT)
TINY = TextStyle(Chain.TEXT, 6.4, 8, FAINT)
AGENCY = TextStyle(Chain.BOLD, 10.5, 14)

MARGIN = 56.0
HEAD_HEIGHT = 26.0
FOOT_HEIGHT = 24.0
LABEL_WIDTH = 158.0
