"""A case whose ledger is short, and an authority that signs what it comes to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.sim.time_authority import TimeAuthority, serving, time_authority


@pytest.fixture
def case(station: Workstation) -> Path:
    """A case with one exhibit and one event."""
    folder = station.begin_case("case")
    station.seize(folder)
    return folder


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[TimeAuthority]:
    """A time-stamping authority that answers."""
    with serving(time_authority(tmp_path / "tsa")) as found:
        yield found
