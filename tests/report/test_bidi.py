"""Mixed directions: the order in which letters stand on the line (Unicode Standard Annex 9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.pdf.bidi import levels_of, visual_order


def seen(text: str) -> str:
    """The letters from left to right; upper case stands for Hebrew letters in what is asked and in the answer."""
    hebrew = {letter: chr(0x5D0 + ord(letter) - ord("A")) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    back = {value: key for key, value in hebrew.items()}
    logical = "".join(hebrew.get(letter, letter) for letter in text)
    _, levels = levels_of(logical)
    mirror = str.maketrans("()[]{}", ")(][}{")
    shown = [
        logical[index].translate(mirror) if levels[index] % 2 else logical[index] for index in visual_order(levels)
    ]
    return "".join(back.get(letter, letter) for letter in shown)


@pytest.mark.parametrize(
    ("logical", "visual"),
    [
        ("plain text, 12 (all of it)", "plain text, 12 (all of it)"),
        ("car means CAR.", "car means RAC."),
        ("CAR means car", "means car RAC"),
        ("he said CAR MEANS CAR twice", "he said RAC SNAEM RAC twice"),
        ("room AB 12-5 end", "room 12-5 BA end"),
        ("AB (12) CD", "DC (12) BA"),
        ("AB (cd) EF", "FE (cd) BA"),
        ("ab (CD) ef", "ab (DC) ef"),
        ("AB 12% CD", "DC 12% BA"),
        ("AB,CD 1.234,5", "1.234,5 DC,BA"),
        ("12 AB", "BA 12"),
    ],
)
def test_the_letters_stand_as_a_reader_expects(logical: str, visual: str) -> None:
    assert seen(logical) == visual


def test_figures_behind_arabic_letters_are_not_turned_around() -> None:
    base, levels = levels_of("قسم 12-34")
    assert base == 1
    assert levels == [1, 1, 1, 1, 2, 2, 1, 2, 2]


@given(st.text(st.characters(codec="utf-8")))
def test_every_letter_has_one_level_and_one_place(text: str) -> None:
    base, levels = levels_of(text)
    assert base in {0, 1}
    assert all(base <= level <= 2 for level in levels)
    assert sorted(visual_order(levels)) == list(range(len(text)))


@given(st.text(st.characters(max_codepoint=0x4FF, codec="utf-8")))
def test_text_without_right_to_left_letters_stays_as_it_is(text: str) -> None:
    _, levels = levels_of(text)
    assert visual_order(levels) == list(range(len(text)))
