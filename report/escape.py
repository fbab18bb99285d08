"""Strings of strangers made safe to print: what cannot be seen, or moves what can, is shown as its number.

A drive, an image or a person may hand over control characters, reversed text, line breaks or halves of
characters; printed as they come they could hide or forge a line. Unicode Standard Annex 9, section 2 names
the characters that change the direction of text; Annex 36, section 2.5 the reasons.
"""

import re
import unicodedata

_HIDDEN_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_VISIBLE_SPACES = frozenset(" \u00a0\u202f\u3000")
_JOINERS = frozenset("\u200c\u200d")
_JOINING_SCRIPTS = (("\u0600", "\u07ff"), ("\u08a0", "\u0dff"))
_PLAIN = re.compile(r"[\x20-\x7e]*")
MARKS_IN_A_ROW = 4


def visible(text: str) -> str:
    """The text with every unseen or direction-changing character as `[U+202E]`; doing it twice changes nothing."""
    if _PLAIN.fullmatch(text):
        return text
    shown: list[str] = []
    marks = 0
    for index, character in enumerate(text):
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        hidden = marks > MARKS_IN_A_ROW or _is_hidden(
            character, text[index - 1 : index], text[index + 1 : index + 2]
        )
        shown.append(numbered(character) if hidden else character)
    return "".join(shown)


def numbered(character: str) -> str:
    """A character as its number: `[U+00AD]`."""
    return f"[U+{ord(character):04X}]"


def lines_of(text: str) -> tuple[str, ...]:
    """A note as its lines, so that a person's line breaks are kept; blank ones are dropped."""
    return tuple(line.rstrip() for line in text.splitlines() if line.strip())


def _is_hidden(character: str, before: str, after: str) -> bool:
    """Whether a character is to be shown as its number, given its neighbours."""
    if character in _JOINERS:
        return not (_is_joining(before) and _is_joining(after))
    category = unicodedata.category(character)
    if category == "Zs":
        return character not in _VISIBLE_SPACES
    return category in _HIDDEN_CATEGORIES


def _is_joining(character: str) -> bool:
    """Whether a letter belongs to a script in which joiners are part of spelling (Arabic, Indic)."""
    return any(first <= character <= last for first, last in _JOINING_SCRIPTS)
