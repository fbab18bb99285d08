"""Text in lines: nothing lost, nothing too wide, every letter printed or named."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.escape import visible
from report.pdf.fonts import FontBook
from report.pdf.style import BODY, CELL_CODE, TextStyle
from report.pdf.typeset import Line, Typesetter

SETTER = Typesetter(FontBook())
LETTERS = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("ab -/.,(12)אבגعربيไทยहिन्दी保管庫ёΩ\u0301\u202e\n"),
    ),
    max_size=120,
)


def spoken(line: Line) -> str:
    """The text of a line, its pieces in the order in which they stand."""
    return "".join(piece.drawn if piece.spoken is None else piece.spoken for piece in line.pieces)


@settings(deadline=None)
@given(LETTERS, st.sampled_from([BODY, CELL_CODE]), st.floats(min_value=60, max_value=500))
def test_no_line_is_wider_than_its_room_and_no_letter_is_lost(text: str, style: TextStyle, width: float) -> None:
    lines = SETTER.lines(text, style, width)
    assert all(line.width <= width + 0.01 for line in lines)
    printed = "".join(spoken(line) for line in lines)
    for letter in set(visible(text)) - {" "}:
        named = f"[U+{ord(letter):04X}]"
        assert letter in printed or named in printed.replace(" ", "")


@settings(deadline=None)
@given(
    st.text(st.sampled_from("abc def-ghi/jkl.mno, 0123456789"), min_size=1), st.floats(min_value=40, max_value=400)
)
def test_plain_text_is_broken_at_blanks_and_stays_in_order(text: str, width: float) -> None:
    lines = SETTER.lines(text, BODY, width)
    assert "".join(spoken(line) for line in lines).replace(" ", "") == text.replace(" ", "")


def test_a_digest_too_long_for_its_column_goes_on_in_the_next_line() -> None:
    lines = SETTER.lines("0123456789abcdef" * 4, CELL_CODE, 100)
    assert len(lines) > 1
    assert "".join(spoken(line) for line in lines) == "0123456789abcdef" * 4


def test_a_time_is_not_broken_at_its_hyphens() -> None:
    lines = SETTER.lines("at 2026-03-03T11:00:00+01:00", BODY, 125)
    assert [spoken(line) for line in lines] == ["at", "2026-03-03T11:00:00+01:00"]


def test_a_letter_that_no_font_has_is_printed_as_its_number_and_remembered() -> None:
    setter = Typesetter(FontBook())
    line = setter.lines("a \U0001f4a9 b", BODY, 300)[0]
    assert spoken(line) == "a [U+1F4A9] b"
    assert setter.book.missing == {"\U0001f4a9"}


@pytest.mark.parametrize(
    ("text", "faces"),
    [
        ("plain", {"notos"}),
        ("Мир Ωμέγα Łódź", {"notos"}),
        ("قرص", {"figo"}),
        ("יעל כהן", {"figo"}),
        ("ไทย", {"figo"}),
        ("हिन्दी", {"figo"}),
    ],
)
def test_every_script_finds_its_font(text: str, faces: set[str]) -> None:
    line = SETTER.lines(text, BODY, 300)[0]
    assert {piece.face.partition(".")[0] for piece in line.pieces if piece.drawn.strip()} == faces
    assert "U+" not in spoken(line)


def test_arabic_letters_are_joined_and_their_text_kept_beside_them() -> None:
    line = SETTER.lines("أحمد", BODY, 300)[0]
    assert [piece.spoken for piece in line.pieces] == ["أحمد"]
    assert line.from_right
    assert line.width < SETTER.width("أ ح م د", BODY)


@pytest.mark.parametrize(
    "text",
    ["שלום" + "(" * 20_000 + "]" * 20_000, "ش" * 50_000, "保\u0301" * 20_000, "a " * 50_000],
    ids=["brackets", "Arabic", "marks", "words"],
)
@pytest.mark.long
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    started = time.process_time()
    assert SETTER.lines(text, BODY, 400)
    assert time.process_time() - started < 5


def test_chinese_is_broken_between_any_two_letters() -> None:
    book = FontBook()
    if book.faces_of("保", BODY.chain) == [None]:
        pytest.skip("no font for Chinese: Debian package fonts-droid-fallback")
    lines = Typesetter(book).lines("保管庫" * 20, BODY, 100)
    assert len(lines) > 4
    assert all(len(spoken(line)) > 8 for line in lines[:-1])


def test_a_text_that_must_stay_in_one_line_is_cut_with_dots() -> None:
    line = SETTER.cut("a long name that goes on and on", BODY, 80)
    assert line.width <= 80
    assert spoken(line).endswith("...")
    assert spoken(SETTER.cut("short", BODY, 80)) == "short"
