"""Bar codes and QR codes as rectangles: Code 128 (ISO/IEC 15417) and QR (ISO/IEC 18004), encoded by reportlab."""

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

Rectangle = tuple[float, float, float, float]
"""Left and lower edge, width and height."""
QUIET_MODULES = 10
Level = Literal["L", "M", "Q", "H"]


def bar_rectangles(text: str, width: float, height: float, widest_module: float) -> list[Rectangle]:
    """The bars of a text in points from the lower left corner; a module is as wide as the room allows.

    At both ends the room stays empty for ten modules (ISO/IEC 15417, 4.4).

    Raises:
        ValueError: a letter that Code 128 does not have.
    """
    runs = _bar_runs(text)
    module = min(width / (sum(count for count, _ in runs) + 2 * QUIET_MODULES), widest_module)
    bars, at = [], QUIET_MODULES
    for count, dark in runs:
        if dark:
            bars.append((at * module, 0.0, count * module, height))
        at += count
    return bars


def qr_modules(text: str, level: Level) -> list[list[bool]]:
    """The dark modules of a QR code with this level of error correction, row by row from above."""
    code = QRCode(None, getattr(QRErrorCorrectLevel, level))
    code.addData(text)
    code.make()
    return [[bool(cell) for cell in row] for row in code.modules]


def qr_rectangles(text: str, level: Level, side: float) -> list[Rectangle]:
    """The dark parts of a QR code in a square of this side, without the free border of four modules around it."""
    rows = qr_modules(text, level)
    module = side / len(rows)
    return [
        (start * module, side - (number + 1) * module, count * module, module)
        for number, row in enumerate(rows)
        for start, count in _dark_runs(row)
    ]


def _bar_runs(text: str) -> list[tuple[int, bool]]:
    """Bars and gaps in turn: how many modules wide, and whether dark.

    Raises:
        ValueError: a letter that Code 128 does not have.
    """
    code = Code128(text)
    code.validate()
    if not code.valid:
        raise ValueError(f"Code 128 has not all letters of {text!r}")
    code.encode()
    return [(ord(letter.lower()) - ord("a") + 1, letter.isupper()) for letter in code.decompose()]


def _dark_runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    """Where the dark stretches of a row begin, and how long they are."""
    at = 0
    for dark, cells in groupby(row):
        count = len(list(cells))
        if dark:
            yield at, count
        at += count
