"""A key that takes the place of another: both sign, the old one signs nothing more, and a forged word is found."""

import os
import shutil
from pathlib import Path

import pytest

from casedb.checkpoint_check import Origin
from casedb.keys import key_path, next_key, public_half, take_next_key, workstation_key, workstation_signer
from casedb.ledger_check import check_ledger
from casedb.registry import register_case
from casedb.submissions import NewExhibit
from image.errors import CaseError
from tests.casedb.building import full_case, key_environment, reopened
from tests.casedb.test_bundle import exported, run
from tests.sim.still_clock import StillClock
from workflow.key_rotation import rotate_key


def rotated(case: Path) -> dict[str, str]:
    """Rotate the key in this case and in the workstation's file."""
    environment = key_environment(case)
    with reopened(case) as store:
        store.rotate_key(next_key(environment))
    take_next_key(environment)
    return environment


def test_the_old_key_signs_up_to_the_rotation_and_the_new_one_from_it_on(case: Path) -> None:
    before = public_half(workstation_key(key_environment(case)))
    environment = rotated(case)
    after = public_half(workstation_key(environment))
    assert before != after
    with reopened(case) as store:
        store.add_exhibit(NewExhibit("JB2", "Another drive"))
    check = check_ledger(case)
    assert check.is_sound
    told = [(key.key, key.origin, key.until) for key in check.keys]
    assert told == [(before, Origin.OPENED, 15), (after, Origin.ROTATED, None)]
    assert run(exported(case), "--key", before.public, "--key", after.public).returncode == 0


def test_a_replaced_key_signs_nothing_more(case: Path) -> None:
    environment = key_environment(case)
    old = Path(environment["DISKWITNESS_KEY"]).read_bytes()
    rotated(case)
    Path(environment["DISKWITNESS_KEY"]).write_bytes(old)
    with pytest.raises(CaseError, match="was replaced by another one"), reopened(case) as store:
        store.add_exhibit(NewExhibit("JB2", "Another drive"))


def test_a_rotation_without_the_word_of_the_old_key_is_found(case: Path, tmp_path: Path) -> None:
    forger = workstation_signer({"DISKWITNESS_KEY": str(tmp_path / "forger.pem")})()
    real = workstation_signer(key_environment(case))()
    with reopened(case) as store:
        new = next_key(key_environment(case))
        assert store._ledger is not None
        claimed = type(real)(real.key, forger.sign)
        writer = store._ledger._writer
        store._ledger._writer = type(writer)(writer.ledger_id, writer.actor, writer.clock, lambda: claimed)
        store.rotate_key(new)
    codes = {item.finding.code for item in check_ledger(case).failures}
    assert "ledger-key-unproven" in codes
    assert "without the word of both" in run(exported(case)).stdout


def test_every_case_the_workstation_knows_is_told_and_one_out_of_reach_holds_the_old_key(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("DISKWITNESS_KEY", key_environment(case)["DISKWITNESS_KEY"])
    away = tmp_path / "away"
    register_case(case)
    other = full_case(tmp_path / "other")
    register_case(other)
    other.rename(away)
    before = public_half(workstation_key(os.environ))
    waiting = rotate_key((), StillClock(), os.environ)
    assert (waiting.kept, public_half(workstation_key(os.environ))) == (None, before)
    away.rename(other)
    done = rotate_key((), StillClock(), os.environ)
    assert done.kept is not None
    assert [(item.folder, item.problem) for item in done.cases] == [(case, None), (other, None)]
    assert public_half(workstation_key(os.environ)).public == done.new_public == waiting.new_public
    assert all(check_ledger(folder).is_sound for folder in (case, other))
    shutil.rmtree(other)
    rotate_key((), StillClock(), os.environ, leave_out=True)
    assert public_half(workstation_key(os.environ)).public != done.new_public


def test_a_key_closed_by_a_passphrase_opens_with_it_alone(tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse\n")
    closed = {"DISKWITNESS_KEY": str(tmp_path / "key.pem"), "DISKWITNESS_KEY_PASSPHRASE_FILE": str(secret)}
    made = public_half(workstation_key(closed))
    assert b"ENCRYPTED" in key_path(closed).read_bytes()
    assert public_half(workstation_key(closed)) == made
    for wrong in ("another", ""):
        secret.write_text(wrong)
        with pytest.raises(CaseError, match="not its passphrase"):
            workstation_key(closed)
    with pytest.raises(CaseError, match="not its passphrase"):
        workstation_key({"DISKWITNESS_KEY": closed["DISKWITNESS_KEY"]})
