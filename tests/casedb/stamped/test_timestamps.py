"""Timestamps of a real authority in the ledger: what they prove, and what finds a false one."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from casedb.entry import EntryKind
from casedb.ledger_check import LedgerCheck, check_ledger
from casedb.records import TimestampStatus
from casedb.submissions import NewExhibit
from casedb.timestamp_token import UnknownAuthorityError, read_certificates, read_token, require_signed
from casedb.timestamps import TimestampRecorded, token_bytes
from tests.casedb.building import FULL_SIZE, job
from tests.casedb.forging import date_back, rewrite
from tests.casedb.stamping import NONCE, opened, timely_case, timestamp
from tests.casedb.test_checkpoints import kept_copy, real_signer
from tests.sim.foreign_programs import run_program
from tests.sim.time_authority import POLICY, TimeAuthority, time_authority


def checked(folder: Path, *authorities: TimeAuthority) -> LedgerCheck:
    return check_ledger(folder, authorities=[item.roots.read_bytes() for item in authorities])


def codes(check: LedgerCheck) -> set[str]:
    return {item.finding.code for item in check.failures}


def test_a_stamped_case_is_sound_and_says_when(case: Path, authority: TimeAuthority) -> None:
    check = checked(case, authority)
    assert (check.findings, check.unknown_authorities, check.waiting_since) == ((), (), None)
    assert check.last_timestamp is not None
    assert (check.last_timestamp.checkpoint_size, check.last_timestamp.is_believed) == (FULL_SIZE, True)
    with opened(case) as store:
        status = store.timestamp_status()
        assert status.last is not None
        assert (status.last.sequence, status.last.checkpoint_size, status.waiting_since) == (15, FULL_SIZE, None)
        assert status.last.stamping_authority == "CN=Bench TSA"
        assert store.waiting_checkpoint() is None


def test_no_checkpoint_is_made_for_a_timestamp_and_the_next_event_waits(case: Path) -> None:
    with closing(sqlite3.connect(case / "case.db")) as connection:
        assert connection.execute("SELECT max(sequence) FROM checkpoints").fetchone() == (FULL_SIZE,)
    with opened(case) as store:
        store.add_exhibit(NewExhibit("JB2", "Another drive"))
        assert store.waiting_checkpoint() is None
        store.stop_acquisition(store.start_acquisition(job(), "JB2", ("/evidence/x",)), "stopped")
        waiting = store.waiting_checkpoint()
        assert waiting is not None
        assert waiting.size == store.head().size == 18
        assert store.timestamp_status().waiting_since is not None
    assert check_ledger(case).waiting_since is not None


def test_a_case_without_timestamps_says_since_when_it_waits(tmp_path: Path) -> None:
    folder = timely_case(tmp_path / "case")
    with opened(folder) as store:
        opened_at = store.case().created
        assert store.timestamp_status() == TimestampStatus(None, opened_at)


def test_an_authority_that_nobody_named_is_told_and_is_no_failure(
    case: Path, tmp_path: Path, authority: TimeAuthority
) -> None:
    for others in ((), (time_authority(tmp_path / "another"),)):
        check = checked(case, *others)
        assert (check.is_sound, check.unknown_authorities) == (True, ("CN=Bench TSA",))


def test_the_proof_of_a_moment_stays_the_same_when_the_ledger_goes_on(case: Path) -> None:
    with opened(case) as store:
        before, with_token = store.checkpoint_proof(FULL_SIZE), store.checkpoint_proof(FULL_SIZE + 1)
        store.stop_acquisition(store.start_acquisition(job(), None, ("/evidence/x",)), "stopped")
        assert (before, with_token) == (store.checkpoint_proof(FULL_SIZE), store.checkpoint_proof(FULL_SIZE + 1))
        assert before is not None
        assert with_token is not None
        assert (before.note, before.token) == (with_token.note, None)
        assert with_token.token is not None
        assert read_token(with_token.token).nonce == NONCE
        assert store.checkpoint_proof(2) is None


def test_a_token_that_came_late_is_still_found_for_its_checkpoint(case: Path, authority: TimeAuthority) -> None:
    with opened(case) as store:
        store.stop_acquisition(store.start_acquisition(job(), None, ("/evidence/x",)), "stopped")
        waiting = store.waiting_checkpoint()
        assert waiting is not None
        late = timestamp(waiting.note, waiting.size, authority)
        store.stop_acquisition(store.start_acquisition(job(), None, ("/evidence/y",)), "stopped")
        store.record_timestamp(late)
        proof = store.stamped_checkpoint(store.head().size)
        assert proof is not None
        assert (proof.size, proof.note, proof.token) == (waiting.size, waiting.note, token_bytes(late))
    assert checked(case, authority).is_sound


def recorded(folder: Path, facts: TimestampRecorded) -> Path:
    """Record what a workstation gone wrong would."""
    with opened(folder) as store, store._recording("a timestamp") as ledger:
        ledger.append(EntryKind.TIMESTAMP_RECORDED, facts)
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: replace(facts, checkpoint_size=9),
        lambda facts: replace(facts, nonce="f00d000000000002"),
        lambda facts: replace(facts, nonce="none"),
        lambda facts: replace(facts, stamping_authority="CN=Somebody"),
        lambda facts: replace(facts, token="AAAA"),
        lambda facts: replace(facts, token="no Base 64"),
        lambda facts: replace(facts, token=""),
    ],
)
def test_a_token_that_is_not_what_its_entry_says_is_found(
    case: Path, authority: TimeAuthority, change: Callable[[TimestampRecorded], TimestampRecorded]
) -> None:
    copy = kept_copy(case, FULL_SIZE)
    good = timestamp(str(copy.note), FULL_SIZE, authority)
    recorded(case, change(good))
    assert codes(checked(case, authority)) == {"ledger-timestamp-altered"}


def test_history_rewritten_with_the_real_key_is_found_by_an_older_timestamp(
    case: Path, authority: TimeAuthority
) -> None:
    rewrite(case, 6, real_signer(case))
    check = checked(case, authority)
    assert codes(check) == {"ledger-timestamp-altered"}
    assert check.first_bad_entry == FULL_SIZE + 1


def test_history_dated_back_with_the_real_key_and_a_fresh_timestamp_is_found(
    case: Path, authority: TimeAuthority
) -> None:
    date_back(case, 7, real_signer(case), lambda note, size: timestamp(note, size, authority))
    check = checked(case, authority)
    assert codes(check) == {"ledger-timestamp-time"}
    assert "younger than the entry that records it" in check.failures[0].finding.detail


def test_a_timestamp_older_than_what_it_covers_is_found(case: Path, authority: TimeAuthority) -> None:
    date_back(case, -7, real_signer(case), lambda note, size: timestamp(note, size, authority))
    check = checked(case, authority)
    assert codes(check) == {"ledger-timestamp-time"}
    assert f"older than entry {FULL_SIZE}" in check.failures[0].finding.detail


def test_a_changed_byte_of_a_token_is_refused_or_changes_nothing_it_says(authority: TimeAuthority) -> None:
    answer = token_bytes(timestamp("a note\n", 1, authority))
    root, content = read_certificates(authority.roots.read_bytes()), read_token(answer)
    for offset in range(0, len(answer), 3):
        changed = bytearray(answer)
        changed[offset] ^= 1 << offset % 8
        try:
            require_signed(bytes(changed), root)
            assert read_token(bytes(changed)) == content  # the names of algorithms around it are signed by nobody
        except ValueError:
            continue


def test_what_a_token_must_be_signed_by(authority: TimeAuthority) -> None:
    answer = token_bytes(timestamp("a note\n", 1, authority))
    roots, middle = (
        read_certificates((authority.folder / name).read_bytes()) for name in ("root.pem", "middle.pem")
    )
    require_signed(answer, roots)
    require_signed(answer, roots, POLICY)
    with pytest.raises(ValueError, match="Policy"):
        require_signed(answer, roots, "1.2.3")
    for unknown in ((), middle):
        with pytest.raises(UnknownAuthorityError):
            require_signed(answer, unknown)


def test_anybody_can_check_a_token_with_openssl(case: Path, authority: TimeAuthority, tmp_path: Path) -> None:
    with opened(case) as store:
        proof = store.checkpoint_proof(FULL_SIZE + 1)
    assert proof is not None
    assert proof.token is not None
    (tmp_path / "checkpoint.txt").write_text(proof.note)
    (tmp_path / "checkpoint.tsr").write_bytes(proof.token)
    files = ("-in", "checkpoint.tsr", "-data", "checkpoint.txt", "-CAfile", str(authority.roots))
    assert "Verification: OK" in run_program(tmp_path, "openssl", "ts", "-verify", *files)
