"""The list of cases that a workstation knows: useful, and never in the way."""

import shutil
from pathlib import Path

import pytest

from casedb.registry import known_cases, register_case, registry_path
from image.errors import CaseError
from tests.casedb.building import new_case


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own."""
    return {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path / "home")}


def case_at(folder: Path) -> Path:
    """A case in this folder."""
    new_case(folder).close()
    return folder


def test_the_list_lies_under_the_state_folder() -> None:
    assert registry_path({"HOME": "/home/lab"}) == Path("/home/lab/.local/state/diskwitness/cases.json")
    assert registry_path({"XDG_STATE_HOME": "/s", "HOME": "/h"}) == Path("/s/diskwitness/cases.json")


def test_a_workstation_without_a_list_knows_no_cases(environment: dict[str, str]) -> None:
    assert known_cases(environment) == ()


def test_a_case_is_listed_once_however_often_it_is_registered(tmp_path: Path, environment: dict[str, str]) -> None:
    one, two = case_at(tmp_path / "one"), case_at(tmp_path / "two")
    for folder in (one, two, one / ".." / "one"):
        register_case(folder, environment)
    known = known_cases(environment)
    assert [item.folder for item in known] == [two.resolve(), one.resolve()]
    assert [(item.number, item.problem) for item in known] == [("2026-0113", None)] * 2
    assert known[0].case is not None


def test_a_vanished_case_stays_on_the_list_and_says_so(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = case_at(tmp_path / "one")
    register_case(folder, environment)
    shutil.rmtree(folder)
    (known,) = known_cases(environment)
    assert (known.number, known.case, known.problem) == ("2026-0113", None, "no case here")


def test_another_case_in_the_same_folder_is_noticed(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = case_at(tmp_path / "one")
    register_case(folder, environment)
    shutil.rmtree(folder)
    case_at(folder)
    (known,) = known_cases(environment)
    assert known.problem == "another case lies here now"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'[{"folder": 3}]', b"[" * 100_000, b"\xff\xfe"])
def test_a_list_that_cannot_be_read_is_empty_and_begun_anew(
    tmp_path: Path, environment: dict[str, str], content: bytes
) -> None:
    path = registry_path(environment)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert known_cases(environment) == ()
    register_case(case_at(tmp_path / "one"), environment)
    assert len(known_cases(environment)) == 1


def test_a_folder_without_a_case_is_not_listed(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(CaseError, match="no case here"):
        register_case(tmp_path, environment)
    assert known_cases(environment) == ()


def test_a_list_that_cannot_be_written_is_told(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(CaseError, match="cannot keep the list of cases"):
        register_case(case_at(tmp_path / "one"), environment)
