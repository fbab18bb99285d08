"""Extensions of Ex01 and Lx01 segments: Ex01 to Ex99, then ExAA to ExZZ, EyAA to EyZZ, and EzAA to EzZZ.

Specification: "EWF 2 specification", "Segment file extensions". Names are kept in the case of the first one.
"""

import re

from image.split_extensions import SegmentNamesExhaustedError

FIRST_EWF2 = re.compile(r"[EL][xX]01|[el]x01")
LATER_EWF2 = re.compile(r"[ELel][xyzXYZ](?:\d\d|[A-Za-z]{2})")
FIRST_LETTERED = 100
SERIES = "xyz"
MAXIMUM_EWF2_SEGMENTS = FIRST_LETTERED - 1 + len(SERIES) * 26 * 26
"""2,127: from Ex01 to EzZZ."""


def ewf2_segment_extension(number: int, first: str) -> str:
    """Extension of segment `number` (from 1) of the set whose first extension is this, such as Ex01.

    Raises:
        ValueError: a number below 1.
        SegmentNamesExhaustedError: a number behind EzZZ.
    """
    if number < 1:
        raise ValueError(f"segments are numbered from 1, not {number}")
    if number < FIRST_LETTERED:
        return f"{first[:2]}{number:02d}"
    series, index = divmod(number - FIRST_LETTERED, 26 * 26)
    if series >= len(SERIES):
        raise SegmentNamesExhaustedError(f"there is no name for segment {number}: the last one is EzZZ")
    letters = "".join(chr(ord("A") + place) for place in divmod(index, 26))
    middle = SERIES[series].upper() if first[1].isupper() else SERIES[series]
    return f"{first[0]}{middle}{letters if first[0].isupper() else letters.lower()}"


def could_be_ewf2(extension: str, first: str) -> bool:
    """Whether an extension has the form and the case of a set whose first extension is this."""
    if not LATER_EWF2.fullmatch(extension) or extension[0] != first[0]:
        return False
    tail = extension[2:]
    same_case = extension[1].isupper() == first[1].isupper()
    return same_case and (tail.isdigit() or (tail.isupper() if first[0].isupper() else tail.islower()))


def in_case_of(first: str, extension: str) -> str:
    """An extension of E01 or Ex01 in the case of the first one: of Ex01 the second letter has its own."""
    middle = extension[1:2].upper() if first[1].isupper() else extension[1:2].lower()
    whole = extension.upper() if first[0].isupper() else extension.lower()
    return f"{whole[:1]}{middle}{whole[2:]}" if first[1].isalpha() else whole
