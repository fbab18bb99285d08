"""A case with a bit of everything: made once for a module, and a copy of it for each test."""

from pathlib import Path

import pytest

from tests.casedb.building import copied, full_case


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that nobody touched."""
    return full_case(tmp_path_factory.mktemp("whole") / "case")


@pytest.fixture
def case(whole: Path, tmp_path: Path) -> Path:
    """A copy of it with the workstation's key beside it."""
    return copied(whole, tmp_path)
