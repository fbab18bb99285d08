"""Sections of an image in any order, with any numbers in them, as a hostile author would write them."""

import random
import struct
from collections.abc import Callable, Sequence
from typing import TypeVar

Section = TypeVar("Section")


def wild_sections(
    sections: Sequence[Section], seed: int, mangled: Callable[[Section, random.Random], Section]
) -> list[Section]:
    """All sections or some of them in any order, a good third of them mangled."""
    dice = random.Random(seed)
    drawn = sections if seed % 2 else dice.choices(sections, k=dice.randrange(1, 16))
    return [mangled(item, dice) if dice.random() < 0.4 else item for item in drawn]


def with_wild_numbers(contents: bytes, dice: random.Random) -> bytearray:
    """The contents with up to two of their numbers replaced."""
    changed = bytearray(contents)
    for _ in range(dice.randrange(3)):
        if len(changed) > 8:
            offset = dice.randrange(len(changed) - 4)
            number = dice.choice([0, 1, 2**31, 2**32 - 1, dice.randrange(2**32)])
            changed[offset : offset + 4] = struct.pack("<I", number)
    return changed
