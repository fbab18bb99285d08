"""A QR code drawn with block characters, two rows of modules in each line of text."""

from report.pdf.codes import qr_modules

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


def _bordered(rows: list[list[bool]]) -> list[list[bool]]:
    """The modules with their free border."""
    width = len(rows[0]) + 2 * QUIET_MODULES
    side, empty = [False] * QUIET_MODULES, [False] * width
    above = [list(empty) for _ in range(QUIET_MODULES)]
    return [*above, *([*side, *row, *side] for row in rows), *above]
