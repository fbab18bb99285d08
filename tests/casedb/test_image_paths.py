"""Names of images: safe, readable, and never two exhibits under one."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casedb.image_paths import image_stems, is_taken, numbered, recorded_path, safe_file_name


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("JB1", "JB1"),
        ("JB1/1", "JB1%2F1"),
        ("..", "%2E."),
        (".hidden", "%2Ehidden"),
        ("-rf", "%2Drf"),
        ("a b", "a%20b"),
        ("100%", "100%25"),
        ("Müller-1", "Müller-1"),
        ("a\x00b\n", "a%00b%0A"),
        ("x\u202ey", "x%E2%80%AEy"),
        ("A.1", "A.1"),
    ],
)
def test_a_reference_becomes_a_file_name_that_shows_what_was_changed(reference: str, name: str) -> None:
    assert safe_file_name(reference) == name


@given(st.text(min_size=1))
def test_every_reference_becomes_one_name_in_one_folder(reference: str) -> None:
    name = safe_file_name(reference)
    assert "/" not in name
    assert "\x00" not in name
    assert name not in {".", ".."}
    assert not name.startswith(("-", "."))
    assert 0 < len(os.fsencode(name)) <= 120


@given(st.text(max_size=20), st.text(max_size=20))
def test_two_references_never_share_a_name(one: str, other: str) -> None:
    assert one == other or safe_file_name(one) != safe_file_name(other)


def test_long_references_that_begin_alike_stay_apart() -> None:
    assert safe_file_name("x" * 200) != safe_file_name("x" * 201)


def test_the_second_image_of_an_exhibit_has_a_number() -> None:
    assert [numbered("JB1", number) for number in (1, 2, 3)] == ["JB1", "JB1-2", "JB1-3"]


@pytest.mark.parametrize("name", ["JB1", "JB1.E01", "JB1.manifest.json.partial", "JB1.raw"])
def test_any_file_of_an_image_takes_its_place(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert is_taken(tmp_path / "JB1")
    assert not is_taken(tmp_path / "JB")
    assert not is_taken(tmp_path / "absent" / "JB1")


def test_a_path_in_the_case_is_kept_relative_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = tmp_path / "case"
    (case / "images").mkdir(parents=True)
    (tmp_path / "link").symlink_to(case)
    monkeypatch.chdir(case)
    assert recorded_path(case, case / "images" / "JB1") == "images/JB1"
    assert recorded_path(case, Path("images/JB1")) == "images/JB1"
    assert recorded_path(tmp_path / "link", case / "images" / ".." / "JB1") == "JB1"
    assert recorded_path(case, tmp_path / "elsewhere" / "JB1") == str(tmp_path.resolve() / "elsewhere" / "JB1")


def test_an_image_may_be_named_by_its_first_segment_or_without_extension() -> None:
    assert image_stems(Path("/x/JB1.2.E01")) == (Path("/x/JB1.2.E01"), Path("/x/JB1.2"))
    assert image_stems(Path("/x/JB1")) == (Path("/x/JB1"),)
