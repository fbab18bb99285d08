"""Timestamps in an exported ledger: the stand-alone verifier, with `openssl`, answers as ours does."""

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casedb.bundle import ENTRIES_FILE, TIMESTAMPS
from casedb.entry import EntryKind
from casedb.ledger_check import check_ledger
from tests.casedb.building import FULL_SIZE
from tests.casedb.forging import date_back, rewrite
from tests.casedb.stamping import opened, timestamp
from tests.casedb.test_bundle import exported, is_refused, run
from tests.casedb.test_checkpoints import kept_copy, real_signer
from tests.sim.foreign_programs import run_program
from tests.sim.time_authority import TimeAuthority, time_authority


def test_a_stamped_bundle_matches_for_whoever_believes_key_and_authority(
    case: Path, authority: TimeAuthority, tmp_path: Path
) -> None:
    bundle, key = exported(case), ("--key", real_signer(case).key.public)
    other = time_authority(tmp_path / "other")
    for words, code in ((("--authority", authority.roots), 0), ((), 7), (("--authority", other.roots), 7)):
        found = run(bundle, *key, *map(str, words))
        assert (found.returncode, "Entry 15: entries 1 to 14 time-stamped" in found.stdout) == (code, True)
    files = ("-in", f"timestamps/{FULL_SIZE:06d}.tsr", "-data", f"checkpoints/{FULL_SIZE:06d}.txt")
    assert "OK" in run_program(bundle, "openssl", "ts", "-verify", *files, "-CAfile", str(authority.roots))


def dated(days: int) -> Callable[[Path, TimeAuthority], None]:
    """History dated back or forth with the real key, and stamped anew."""
    return lambda case, authority: date_back(
        case, days, real_signer(case), lambda note, size: timestamp(note, size, authority)
    )


def misplaced(case: Path, authority: TimeAuthority) -> None:
    """A token for one checkpoint recorded for another."""
    facts = timestamp(str(kept_copy(case, 9).note), FULL_SIZE, authority)
    with opened(case) as store, store._recording("a timestamp") as ledger:
        ledger.append(EntryKind.TIMESTAMP_RECORDED, facts)


@pytest.mark.parametrize(
    "attack", [dated(7), dated(-7), misplaced, lambda case, _: rewrite(case, 6, real_signer(case))]
)
def test_a_false_timestamp_is_found_by_both(
    case: Path, authority: TimeAuthority, attack: Callable[[Path, TimeAuthority], None]
) -> None:
    attack(case, authority)
    assert not check_ledger(case, authorities=[authority.roots.read_bytes()]).is_sound
    assert is_refused(exported(case))


def test_a_token_file_that_was_changed_deleted_or_added_is_found(case: Path) -> None:
    bundle = exported(case)
    (path,) = (bundle / TIMESTAMPS).iterdir()
    data = path.read_bytes()
    for changed in (data[:-1], data + b"x", b"", bytes([data[0] ^ 1]) + data[1:]):
        path.write_bytes(changed)
        assert is_refused(bundle)
    path.rename(path.with_name("000013.tsr"))
    assert is_refused(bundle)
    path.with_name("000013.tsr").unlink()
    assert is_refused(bundle)
    path.write_bytes(data)
    assert not is_refused(bundle)


def test_a_token_of_a_signature_that_is_not_good_is_found(case: Path, authority: TimeAuthority) -> None:
    bundle = exported(case)
    line = json.loads((bundle / ENTRIES_FILE).read_text().splitlines()[-1])
    facts = json.loads(line["payload"])["facts"]
    good = timestamp(str(kept_copy(case, FULL_SIZE).note), FULL_SIZE, authority)
    assert facts["checkpoint_size"] == FULL_SIZE
    token = bytearray(base64.b64decode(good.token))
    token[-1] ^= 1
    broken = type(good)(
        FULL_SIZE, base64.b64encode(token).decode(), good.nonce, good.stamped, good.stamping_authority
    )
    with opened(case) as store, store._recording("a timestamp") as ledger:
        ledger.append(EntryKind.TIMESTAMP_RECORDED, broken)
    shutil.rmtree(bundle)
    found = run(exported(case), "--authority", str(authority.roots))
    assert (found.returncode, "signature of its timestamp is not good" in found.stdout) == (8, True)
    check = check_ledger(case, authorities=[authority.roots.read_bytes()])
    assert {item.finding.code for item in check.failures} == {"ledger-timestamp-altered"}
