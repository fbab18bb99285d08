"""Whatever a command records, its checkpoint is time-stamped when it ends, where there is an authority."""

import pytest

from diskwitness.cli import COMMANDS
from tests.cli.conftest import Workstation
from tests.cli.test_json_everywhere import GOOD, prepared, ready, stamping

__all__ = ["prepared", "ready", "stamping"]

OFTEN = ("case correct", "custody correct", "exhibit correct", "ledger redact", "person correct")


def ledger_of(station: Workstation) -> tuple[int, str | None]:
    """How many entries the case has, and since when its newest checkpoint waits for a timestamp."""
    told = station.run_json("case", "show", "--case", "matter")
    return told["ledger"]["size"], told["timestamps"]["waiting_since"]


def require_nothing_waits(station: Workstation, command: str) -> None:
    """Run a command; see that it leaves nothing to be time-stamped where it recorded something."""
    before, _ = ledger_of(station)
    answer = station.run_json(*command.split(), *GOOD[command])
    assert answer["exit_code"] == 0
    after, waiting = ledger_of(station)
    assert after == before or waiting is None


@pytest.mark.parametrize("command", OFTEN)
@pytest.mark.usefixtures("stamping")
def test_what_is_corrected_or_taken_away_is_time_stamped(ready: Workstation, command: str) -> None:
    require_nothing_waits(ready, command)


@pytest.mark.long
@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - set(OFTEN)))
@pytest.mark.usefixtures("stamping")
def test_whatever_is_recorded_is_time_stamped(ready: Workstation, command: str) -> None:
    require_nothing_waits(ready, command)


def test_a_configuration_that_cannot_be_read_undoes_nothing(station: Workstation) -> None:
    station.begin_case()
    station.configure("[timestamps\n")
    answer = station.run_json("person", "add", "C. Poe", "--role", "officer", "--case", "matter")
    assert answer["exit_code"] == 0
    assert "not time-stamped" in answer["warnings"][0]
