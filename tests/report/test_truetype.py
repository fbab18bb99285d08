"""Fonts as they are embedded: every glyph has the advance that the font gives it."""

import io
import struct

import pymupdf_fonts
import pytest
import uharfbuzz
from reportlab.pdfbase.ttfonts import TTFont

from report.pdf.truetype import with_all_advances


def counts(font: bytes) -> tuple[int, int]:
    """How many advances a font lists, and how many glyphs it has."""
    tables = {}
    for index in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        tables[tag] = offset
    return (
        struct.unpack_from(">H", font, tables[b"hhea"] + 34)[0],
        struct.unpack_from(">H", font, tables[b"maxp"] + 4)[0],
    )


@pytest.mark.parametrize("name", ["notos", "notosbo", "figo", "figbo", "cascadia"])
def test_every_glyph_gets_an_advance_of_its_own(name: str) -> None:
    original = bytes(pymupdf_fonts.myfont(name))
    listed, glyphs = counts(with_all_advances(original))
    assert listed == glyphs


@pytest.mark.parametrize("name", ["notos", "cascadia"])
def test_the_advances_stay_what_they_were(name: str) -> None:
    original = bytes(pymupdf_fonts.myfont(name))
    before, after = (uharfbuzz.Font(uharfbuzz.Face(font)) for font in (original, with_all_advances(original)))
    glyphs = range(counts(original)[1])
    assert [before.get_glyph_h_advance(glyph) for glyph in glyphs] == [
        after.get_glyph_h_advance(glyph) for glyph in glyphs
    ]


def test_the_widths_in_the_document_are_those_of_the_font() -> None:
    font = with_all_advances(bytes(pymupdf_fonts.myfont("cascadia")))
    harfbuzz, embedded = uharfbuzz.Face(font), TTFont("widths", io.BytesIO(font))
    shaping = uharfbuzz.Font(harfbuzz)
    for letter in harfbuzz.unicodes:
        advance = shaping.get_glyph_h_advance(shaping.get_nominal_glyph(letter)) * 1000 / harfbuzz.upem
        assert embedded.face.charWidths[letter] == pytest.approx(advance, abs=1)


@pytest.mark.parametrize("data", [b"", b"not a font", b"\x00\x01\x00\x00\x00\x02" + bytes(20)])
def test_what_is_no_font_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="TrueType"):
        with_all_advances(data)
