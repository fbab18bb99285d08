"""A case whose last checkpoint a real authority signed: made once for a module, and a copy of it for each test."""

import shutil
from pathlib import Path

import pytest

from tests.casedb.stamping import stamp, timely_case
from tests.sim.time_authority import TimeAuthority, time_authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimeAuthority:
    """An authority of our own."""
    return time_authority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, authority: TimeAuthority) -> Path:
    """A case whose last checkpoint has a timestamp."""
    folder = timely_case(tmp_path_factory.mktemp("stamped") / "case")
    stamp(folder, authority)
    return folder


@pytest.fixture
def case(case: Path) -> Path:
    """A copy of it with the key beside it, without copies of checkpoints."""
    shutil.rmtree(case / "checkpoints")
    return case
