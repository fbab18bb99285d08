"""The order of letters in lines that mix left-to-right and right-to-left writing.

Unicode Standard Annex 9, rules P2 to L2, without explicit directional characters: those are printed as
numbers before a text comes here (report/escape.py), so that nobody can reorder a line with them.
"""

import unicodedata
from collections.abc import Iterator

_STRONG = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}
_NEUTRAL = frozenset(("B", "S", "WS", "ON", "BN"))
_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_OPENING.values())
_DEEPEST = 63


def levels_of(text: str) -> tuple[int, list[int]]:
    """The level of the text (1 when its first strong letter is right-to-left) and of each of its letters."""
    types = [unicodedata.bidirectional(letter) or "L" for letter in text]
    base = _base_level(types)
    if base == 0 and not any(kind in {"R", "AL", "AN"} for kind in types):
        return 0, [0] * len(types)
    direction = "R" if base else "L"
    _resolve_weak(types, direction)
    _resolve_brackets(text, types, direction)
    _resolve_neutral(types, direction)
    return base, [_level(kind, base) for kind in types]


def visual_order(levels: list[int]) -> list[int]:
    """The indices of runs with these levels from left to right (rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = max(end, start + 1)
    return order


def _base_level(types: list[str]) -> int:
    """Rules P2 and P3: the first strong letter decides."""
    for kind in types:
        if kind in {"L", "R", "AL"}:
            return 0 if kind == "L" else 1
    return 0


def _resolve_weak(types: list[str], direction: str) -> None:
    """Rules W1 to W7, in the order of the annex."""
    _resolve_marks_and_numbers(types, direction)
    _resolve_separators(types)
    strong = direction
    for index, kind in enumerate(types):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            types[index] = "L"


def _resolve_marks_and_numbers(types: list[str], direction: str) -> None:
    """Rules W1 to W3: marks follow their letter, figures after Arabic letters are Arabic."""
    before, strong = direction, direction
    for index, kind in enumerate(types):
        if kind == "NSM":
            kind = types[index] = before
        if kind in {"L", "R", "AL"}:
            strong = kind
        elif kind == "EN" and strong == "AL":
            types[index] = "AN"
        before = types[index]
    types[:] = ["R" if kind == "AL" else kind for kind in types]


def _resolve_separators(types: list[str]) -> None:
    """Rules W4 to W6: separators and signs between and beside figures belong to them."""
    for index in range(1, len(types) - 1):
        before, kind, after = types[index - 1 : index + 2]
        if before == after and ((kind in {"ES", "CS"} and before == "EN") or (kind == "CS" and before == "AN")):
            types[index] = before
    for start, end in _stretches(types, frozenset(("ET",))):
        if "EN" in (types[start - 1 : start] or [""]) or "EN" in (types[end : end + 1] or [""]):
            types[start:end] = ["EN"] * (end - start)
    types[:] = ["ON" if kind in {"ES", "ET", "CS"} else kind for kind in types]


def _resolve_brackets(text: str, types: list[str], direction: str) -> None:
    """Rule N0: both brackets of a pair get the direction of what they hold."""
    for opening, closing in _bracket_pairs(text, types):
        inside = {_STRONG[kind] for kind in types[opening + 1 : closing] if kind in _STRONG}
        if direction in inside:
            found = direction
        elif inside:
            before = next((_STRONG[kind] for kind in reversed(types[:opening]) if kind in _STRONG), direction)
            found = before if before in inside else direction
        else:
            continue
        types[opening] = types[closing] = found


def _bracket_pairs(text: str, types: list[str]) -> list[tuple[int, int]]:
    """The places of matching brackets, in the order of the opening ones; 63 deep at most (rule BD16)."""
    waiting: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for index, letter in enumerate(text):
        if types[index] != "ON":
            continue
        if letter in _OPENING:
            if len(waiting) == _DEEPEST:
                break
            waiting.append((_OPENING[letter], index))
        elif letter in _CLOSING:
            place = next((at for at in range(len(waiting) - 1, -1, -1) if waiting[at][0] == letter), None)
            if place is not None:
                pairs.append((waiting[place][1], index))
                del waiting[place:]
    return sorted(pairs)


def _resolve_neutral(types: list[str], direction: str) -> None:
    """Rules N1 and N2: what stands between two of one direction has it, all else that of the text."""
    for start, end in _stretches(types, _NEUTRAL):
        before = _STRONG.get(types[start - 1], direction) if start else direction
        after = _STRONG.get(types[end], direction) if end < len(types) else direction
        types[start:end] = [before if before == after else direction] * (end - start)


def _stretches(types: list[str], kinds: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The stretches of letters of these kinds, as start and end."""
    start = 0
    while start < len(types):
        end = start
        while end < len(types) and types[end] in kinds:
            end += 1
        if end > start:
            yield start, end
        start = end + 1


def _level(kind: str, base: int) -> int:
    """Rules I1 and I2: the level of a resolved letter."""
    if base == 0:
        return {"L": 0, "R": 1}.get(kind, 2)
    return 1 if kind == "R" else 2
