"""A key inside a real token (SoftHSM): it signs the ledger, is rotated, and what is wrong is said in a line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from casedb.checkpoint_check import Origin
from casedb.keys import has_key, key_place, next_key, take_next_key, workstation_public, workstation_signer
from casedb.ledger_check import check_ledger
from casedb.store import create_case, open_case
from casedb.submissions import NewExhibit
from casedb.token_key import decode_uri
from image.errors import CaseError
from tests.casedb.building import ACTOR, NEW_CASE
from tests.sim.soft_token import MODULE, PIN, new_token
from tests.sim.still_clock import StillClock


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A new token with nothing in it, and the environment that names a key in it."""
    new_token(tmp_path, "bench 2", monkeypatch)
    (tmp_path / "pin").write_text(PIN + "\n")
    uri = f"pkcs11:token=bench%202;object=ledger?module-path={MODULE}&pin-source=file:{tmp_path / 'pin'}"
    return {"DISKWITNESS_KEY": uri}


def test_a_key_in_a_token_signs_a_ledger_and_is_rotated_there(environment: dict[str, str], tmp_path: Path) -> None:
    assert not has_key(environment)
    with create_case(tmp_path / "case", NEW_CASE, ACTOR, StillClock(), environment) as store:
        before = workstation_public(environment)
        store.rotate_key(next_key(environment))
    kept = take_next_key(environment)
    after = workstation_public(environment)
    assert kept == f"token bench 2, key ledger-{before.public[:16]}"
    assert (has_key(environment), before == after) == (True, False)
    with open_case(tmp_path / "case", actor=ACTOR, clock=StillClock(), environment=environment) as store:
        store.add_exhibit(NewExhibit("JB1", "A drive"))
        assert store.sign_head()
    check = check_ledger(tmp_path / "case")
    assert check.is_sound
    assert [(key.key, key.origin) for key in check.keys] == [(before, Origin.OPENED), (after, Origin.ROTATED)]


def test_the_place_of_the_key_is_told_without_the_pin(environment: dict[str, str]) -> None:
    assert key_place(environment) == "token bench 2, key ledger"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("bench%202", "another"), "the token cannot be used"),
        (("softhsm/lib", "nowhere/lib"), "the token cannot be used"),
        (("/pin", "/no-pin"), "cannot read the file of the PIN"),
    ],
)
def test_what_is_wrong_with_a_token_is_told_in_one_line(
    environment: dict[str, str], change: tuple[str, str], told: str
) -> None:
    wrong = {"DISKWITNESS_KEY": environment["DISKWITNESS_KEY"].replace(*change)}
    with pytest.raises(CaseError, match=told) as raised:
        workstation_signer(wrong)()
    assert "\n" not in str(raised.value)


def test_a_wrong_pin_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "pin").write_text("9999")
    with pytest.raises(CaseError, match="the token cannot be used"):
        workstation_signer(environment)()


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("pkcs11:", "not named well enough"),
        ("pkcs11:token", "not the name of a key"),
        ("pkcs11:token=a?module-path=/m&pin-value=1", "a PIN does not belong"),
        ("pkcs11:token=a", "not named well enough"),
    ],
)
def test_a_name_that_is_none_is_refused(uri: str, told: str) -> None:
    with pytest.raises(CaseError, match=told) as raised:
        decode_uri(uri, None)
    assert "pin-value=1" not in str(raised.value)


def test_the_passphrase_file_serves_as_pin() -> None:
    key = decode_uri("pkcs11:token=a%3bb?module-path=/m", b"1234")
    assert (key.token, key.pin, key.label) == ("a;b", "1234", "diskwitness-ledger-key")


def test_without_the_extra_its_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "pkcs11.py").write_text("raise ImportError('not there')\n")
    code = (
        "from casedb.keys import workstation_signer as s; s({'DISKWITNESS_KEY': 'pkcs11:token=a?module-path=/m'})()"
    )
    command = [sys.executable, "-c", code]
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "needs the extra pkcs11" in run.stderr
