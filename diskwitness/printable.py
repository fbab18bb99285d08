"""Text that a drive, an image or a person supplied, made harmless to a terminal and still recognisable."""

import unicodedata

HARMFUL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode general categories that move, hide, reorder or cannot be shown: controls, formats, surrogates."""


def printable(text: str) -> str:
    """Show every character that a terminal could act on as its escape: `\\x1b`, `\\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    """One character, or its escape."""
    if unicodedata.category(character) in HARMFUL_CATEGORIES:
        return character.encode("unicode_escape").decode("ascii")
    return character
