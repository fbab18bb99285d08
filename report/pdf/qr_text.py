"""A QR code drawn with block characters, two rows of modules in each line of text."""

from typing import Literal

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET_MODULES = 4
"""The free border that readers need (ISO/IEC 18004, section 9.1)."""
BLOCKS = {(False, False): "\u2588", (False, True): "\u2580", (True, False): "\u2584", (True, True): " "}
"""Dark and light as a terminal with light letters on dark shows them: what is dark stays empty."""


def qr_lines(text: str) -> tuple[str, ...]:
    """The lines of the code, its free border included."""
    rows = _bordered(qr_modules(text, "L"))
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return tuple("".join(BLOCKS[cells] for cells in zip(upper, lower, strict=True)) for upper, lower in pairs)


def qr_modules(text: str, level: Literal["L", "M", "Q", "H"]) -> list[list[bool]]:
    """The dark modules of the code, with this level of error correction."""
    code = QRCode(None, getattr(QRErrorCorrectLevel, level))
    code.addData(text)
    code.make()
    return [[bool(cell) for cell in row] for row in code.modules]


def _bordered(rows: list[list[bool]]) -> list[list[bool]]:
    """The modules with their free border."""
    width = len(rows[0]) + 2 * QUIET_MODULES
    side, empty = [False] * QUIET_MODULES, [False] * width
    above = [list(empty) for _ in range(QUIET_MODULES)]
    return [*above, *([*side, *row, *side] for row in rows), *above]
