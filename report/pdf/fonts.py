"""The fonts of a document: several for each kind of letters, so that every script finds one.

Fonts come from the package pymupdf-fonts (SIL Open Font License) and, for Chinese, Japanese and Korean, from
the system: Droid Sans Fallback (Apache License; Debian package fonts-droid-fallback) and, as that has hardly any
Korean, Nanum Gothic (SIL Open Font License; fonts-nanum). Each document has its own: what one document embeds
must not depend on what was drawn before it.
"""

import io
from collections.abc import Iterable
from functools import cached_property
from itertools import count
from pathlib import Path

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr, TTFError, TTFont

from report.pdf.style import Chain
from report.pdf.truetype import with_all_advances

_CHAINS = {
    Chain.TEXT: ("notos", "figo"),
    Chain.BOLD: ("notosbo", "figbo"),
    Chain.CODE: ("cascadia", "notos", "figo"),
}
_SYSTEM_FONTS = (
    (
        "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
        "/usr/share/fonts/truetype/droid/DroidSansFallback.ttf",
        "/usr/share/fonts/google-droid-sans-fonts/DroidSansFallbackFull.ttf",
        "/usr/share/fonts/droid/DroidSansFallbackFull.ttf",
    ),
    (
        "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
        "/usr/share/fonts/nanum-gothic-fonts/NanumGothic.ttf",
        "/usr/share/fonts/TTF/NanumGothic.ttf",
    ),
)
_BOOK_NUMBERS = count()
_LARGEST_FONT_BYTES = 64 * 1024 * 1024


class Face:
    """One font: which letters it has, how wide they are, and how it joins them.

    `mark` is added to its name in the document, so that two faces made from one font stay two.
    """

    def __init__(self, name: str, data: bytes, mark: bytes = b"") -> None:
        self.name = name
        self._data = data
        self._mark = mark
        self._harfbuzz = uharfbuzz.Face(data)
        self._letters = frozenset(self._harfbuzz.unicodes)

    def has(self, letter: str) -> bool:
        """Whether the font has a glyph for this letter."""
        return ord(letter) in self._letters

    def width(self, text: str) -> float:
        """The width of plain text in ems."""
        widths = self._advances
        return sum(widths.get(ord(letter), 0) for letter in text) / 1000

    def shaped(self, text: str, *, right_to_left: bool) -> tuple[str, float]:
        """Joined glyphs from left to right, in reportlab's own kind of string, and their width in ems."""
        font = self._embedded.hbFont()
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        if right_to_left:
            buffer.direction = "rtl"
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer, {"kern": True, "liga": True})
        letters: list[str] = []
        places: list[ShapeData] = []
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            letter = self._letter_of(font, info.codepoint, position.x_advance)
            letters.append(chr(letter))
            places.append(self._place(letter, position))
        return ShapedStr("".join(letters), places), sum(place.x_advance for place in places) / 1000

    def _letter_of(self, font: uharfbuzz.Font, glyph: int, advance: int) -> int:
        """The letter that stands for a glyph; glyphs that no letter has get one of private use."""
        known = self._embedded.face.glyphToChar.get(glyph)
        if known:
            return int(known[0])
        width = self._embedded.pdfScale(advance)
        return int(self._embedded.hbAddPrivate(font.glyph_to_string(glyph), glyph, width))

    def _place(self, letter: int, position: uharfbuzz.GlyphPosition) -> ShapeData:
        """Where a glyph goes, in thousandths of an em."""
        scale = self._embedded.pdfScale
        width = self._advances[letter]
        return ShapeData(0, scale(position.x_advance), 0, scale(position.x_offset), scale(position.y_offset), width)

    @cached_property
    def _embedded(self) -> TTFont:
        """The font as reportlab embeds it, made when its first letter is drawn."""
        font = TTFont(self.name, io.BytesIO(with_all_advances(self._data)))
        font.face.subfontNameX = self._mark
        # registerFont() would keep an older font of the same face, whose glyph numbers are another document's.
        pdfmetrics._fonts[self.name] = font  # noqa: SLF001
        return font

    def forget(self) -> None:
        """Take the font from reportlab's register; nothing more can be drawn with it."""
        pdfmetrics._fonts.pop(self.name, None)  # noqa: SLF001

    @cached_property
    def _advances(self) -> dict[int, float]:
        """The advance of each letter in thousandths of an em."""
        widths: dict[int, float] = self._embedded.face.charWidths
        return widths


class FontBook:
    """The faces of one document, and the letters for which none was found; names are unique in the process."""

    def __init__(self, cjk_font: Path | None = None) -> None:
        self._number = next(_BOOK_NUMBERS)
        self._cjk_font = cjk_font
        self._faces: dict[str, Face] = {}
        self.missing: set[str] = set()

    def close(self) -> None:
        """Let go of the fonts, once the document is finished."""
        for face in self._faces.values():
            face.forget()

    def faces(self, chain: Chain) -> tuple[Face, ...]:
        """The faces of one kind of letters, the preferred one first."""
        return tuple(self._face(name) for name in _CHAINS[chain])

    def faces_of(self, text: str, chain: Chain) -> list[Face | None]:
        """The face for each letter; marks and blanks stay with the letter before them where they can."""
        chosen: list[Face | None] = []
        for letter in text:
            before = chosen[-1] if chosen else None
            if before is not None and not letter.isalnum() and before.has(letter):
                chosen.append(before)
            else:
                chosen.append(self._first_with(letter, chain))
        return chosen

    def _first_with(self, letter: str, chain: Chain) -> Face | None:
        """The first face that has the letter; the large ones of the system are asked last."""
        for face in self.faces(chain):
            if face.has(letter):
                return face
        for face in self._system_faces:
            if face.has(letter):
                return face
        self.missing.add(letter)
        return None

    def _face(self, name: str) -> Face:
        """A face of the font package, loaded once."""
        if name not in self._faces:
            import pymupdf_fonts  # half a megabyte of compressed font for each name: not before it is needed

            self._faces[name] = Face(f"{name}.{self._number}", bytes(pymupdf_fonts.myfont(name)))
        return self._faces[name]

    @cached_property
    def _system_faces(self) -> tuple[Face, ...]:
        """The usable fonts for Chinese, Japanese and Korean: the configured one, then one of each kind."""
        configured = ((str(self._cjk_font),),) if self._cjk_font else ()
        places = (*configured, *_SYSTEM_FONTS)
        for number, paths in enumerate(places):
            face = _first_usable(paths, f"system{number}.{self._number}", f"-System{number}".encode())
            if face is not None:
                self._faces[face.name] = face
        return tuple(face for name, face in self._faces.items() if name.startswith("system"))


def _first_usable(paths: Iterable[str], name: str, mark: bytes) -> Face | None:
    """The first of these files that is a font which can be embedded."""
    for path in map(Path, paths):
        try:
            if path.stat().st_size <= _LARGEST_FONT_BYTES:
                data = path.read_bytes()
                TTFont(name, io.BytesIO(with_all_advances(data)))
                return Face(name, data, mark)
        except (OSError, ValueError, TTFError):
            continue
    return None
