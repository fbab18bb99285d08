"""What text may stand in a header: the table is made of tabs and lines, and old readers have limits."""

import re
from dataclasses import dataclass

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Replacement:
    """A field that could not be stored as given, and why; for the log and the operator."""

    field: str
    reason: str


def clean_value(text: str, maximum_characters: int) -> tuple[str, tuple[str, ...]]:
    """The text as a header can hold it, and the reasons of each change; length is counted in UTF-16 units."""
    reasons = []
    kept = _BREAKS.sub(" ", text)
    if kept != text:
        reasons.append("tabs and line ends were replaced by spaces")
    clean = _UNPRINTABLE.sub(REPLACEMENT, kept)
    if clean != kept:
        reasons.append(f"unprintable characters were replaced by {REPLACEMENT}")
    short = clean.encode("utf-16-le")[: 2 * maximum_characters].decode("utf-16-le", "ignore")
    if short != clean:
        reasons.append(f"cut to {maximum_characters} characters")
    return short, tuple(reasons)
