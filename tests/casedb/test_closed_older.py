"""A case that was closed by an earlier program: checked as it is, read only after it was opened again."""

from pathlib import Path

import pytest

from casedb import schema
from casedb.ledger_check import check_ledger
from casedb.store import open_case
from casedb.submissions import NewExhibit
from image.errors import CaseError
from tests.casedb.building import ACTOR, key_environment, new_case
from tests.sim.still_clock import StillClock


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case that was closed by the program as it was before the last step of the structure."""
    try:
        with monkeypatch.context() as earlier:
            earlier.setattr(schema, "STEP_NAMES", schema.STEP_NAMES[:-1])
            schema.steps.cache_clear()
            with new_case(tmp_path / "case") as store:
                store.add_exhibit(NewExhibit("JB1", "Internal drive", serial="WL1AB2C3"))
                store.close_case("judgment")
    finally:
        schema.steps.cache_clear()
    return tmp_path / "case"


def test_it_is_checked_as_it_is_and_says_how_it_can_be_read(closed: Path) -> None:
    before = (closed / "case.db").read_bytes()
    assert check_ledger(closed).findings == ()
    with pytest.raises(CaseError, match="older version") as refused:
        open_case(closed, read_only=True)
    assert "case reopen --because" in refused.value.do
    assert (closed / "case.db").read_bytes() == before


def test_opened_again_it_is_brought_up_to_date_and_sound(closed: Path) -> None:
    environment = key_environment(closed)
    with open_case(closed, actor=ACTOR, clock=StillClock(), while_closed=True, environment=environment) as store:
        store.reopen_case("appeal")
        assert store.exhibit("JB1").serial == "WL1AB2C3"
    check = check_ledger(closed)
    assert (check.findings, check.entry_count) == ((), 7)
