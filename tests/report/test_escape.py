"""What a stranger's string may do to a page: nothing but be read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.escape import lines_of, visible
from tests.report.samples import HOSTILE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("WD10EZEX-08WN4A0", "WD10EZEX-08WN4A0"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\nb\tc\x00", "a[U+000A]b[U+0009]c[U+0000]"),
        ("half \udcff of a letter", "half [U+DCFF] of a letter"),
        ("soft\u00adhyphen, \ufeffmark, \ue000 private", "soft[U+00AD]hyphen, [U+FEFF]mark, [U+E000] private"),
        ("thin\u2009space, no\u00a0break", "thin[U+2009]space, no\u00a0break"),
        ("Łódź Ωμέγα Мир שלום قرص 保管庫", "Łódź Ωμέγα Мир שלום قرص 保管庫"),
        ("می\u200cخواهم but not Lat\u200cin", "می\u200cخواهم but not Lat[U+200C]in"),
        ("e" + 7 * "\u0301", "e" + 4 * "\u0301" + 3 * "[U+0301]"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_its_number(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters()))
def test_nothing_hidden_is_left_and_a_second_look_changes_nothing(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    hidden = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not [letter for letter in shown if unicodedata.category(letter) in hidden]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@given(st.text(st.characters()))
def test_what_is_shown_can_be_written_as_utf_8(text: str) -> None:
    assert visible(text).encode("utf-8").decode("utf-8") == visible(text)


def test_a_note_keeps_its_lines_and_loses_its_blank_ones() -> None:
    assert lines_of("first \n\n second\r\nthird\u2028fourth") == ("first", " second", "third", "fourth")


def test_the_hostile_sample_becomes_one_line() -> None:
    assert len(visible(HOSTILE).splitlines()) == 1
