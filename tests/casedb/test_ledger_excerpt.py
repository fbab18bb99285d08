"""Some entries of a ledger with their proofs: each can be checked alone, and no change of them goes unseen."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casedb.checkpoint import decode_checkpoint
from casedb.ledger_excerpt import excerpt_problems
from casedb.records import Role
from casedb.signed_note import decode_note
from casedb.store import open_case
from casedb.submissions import NewPerson
from tests.casedb.building import FULL_SIZE, attack, full_case, reopened

PEOPLE = ("P2", "P4")


def excerpt(case: Path, exhibit: str | None = "JB1", size: int = FULL_SIZE) -> bytes:
    """What is told of an exhibit."""
    with open_case(case) as store:
        return store.ledger_excerpt(exhibit, PEOPLE, size)


def root_of(case: Path) -> bytes:
    """The root that this workstation signs."""
    with reopened(case) as store:
        checkpoint = decode_checkpoint(decode_note(store.sign_head().encode()).text)
    assert checkpoint.size == FULL_SIZE
    return checkpoint.root


def changed(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The excerpt with its last line changed."""
    *lines, last = data.splitlines(keepends=True)
    line = json.loads(last)
    change(line)
    return b"".join((*lines, json.dumps(line, ensure_ascii=False).encode() + b"\n"))


def test_every_line_is_proven_by_the_checkpoint_over_as_many_entries(case: Path) -> None:
    root = root_of(case)
    assert excerpt_problems(excerpt(case), FULL_SIZE, root) == ()
    assert excerpt_problems(excerpt(case, None), FULL_SIZE, root) == ()
    assert len(excerpt(case, None).splitlines()) == FULL_SIZE


def test_an_exhibits_lines_are_its_own_those_of_the_case_and_the_people_named(case: Path) -> None:
    lines = [json.loads(line) for line in excerpt(case).splitlines()]
    entries = [json.loads(line["entry"]) for line in lines]
    assert {entry["exhibit"] for entry in entries} == {None, "JB1"}
    assert [entry["seq"] for entry in entries if entry["type"] == "person-added"] == [2, 4]
    assert "Maud Okafor" not in excerpt(case).decode()
    assert "stopped by the operator" not in excerpt(case).decode()
    assert {"ledger-opened", "case-created"} <= {entry["type"] for entry in entries}


def test_an_excerpt_made_later_is_the_one_that_was_made_then(case: Path) -> None:
    then = excerpt(case, size=9)
    with reopened(case) as store:
        store.add_person(NewPerson("Later Still", Role.WITNESS))
    assert excerpt(case, size=9) == then
    assert len(then.splitlines()) < len(excerpt(case).splitlines())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda line: line.update(entry=line["entry"].replace("bench-2", "bench-3")), "is not in the ledger"),
        (lambda line: line.update(payload=line["payload"].replace("report", "rumour", 1)), "not the one"),
        (lambda line: line.update(nonce="00" * 32), "not the one"),
        (lambda line: line.update(nonce=None), "a payload without a nonce"),
        (lambda line: line.update(sequence=1), "is called entry 1"),
        (lambda line: line.update(proof=line["proof"][1:]), "is not in the ledger"),
        (lambda line: line.update(proof=["!"]), "not an entry"),
        (lambda line: line.update(proof=["AA=="]), "is not in the ledger"),
        (lambda line: line.pop("entry"), "not an entry"),
    ],
)
def test_a_changed_line_is_named(case: Path, change: Callable[[dict[str, Any]], object], said: str) -> None:
    root, data = root_of(case), excerpt(case)
    problems = excerpt_problems(changed(data, change), FULL_SIZE, root)
    assert len(problems) == 1
    assert problems[0].startswith(f"line {len(data.splitlines())}: ")
    assert said in problems[0]


def test_a_proof_of_another_ledger_proves_nothing(case: Path, tmp_path: Path) -> None:
    other = full_case(tmp_path / "other")
    lines = len(excerpt(case).splitlines())
    assert len(excerpt_problems(excerpt(case), FULL_SIZE, root_of(other))) == lines


def test_a_payload_that_is_gone_is_null_and_its_entry_still_proven(case: Path) -> None:
    root = root_of(case)
    attack(case, "DELETE FROM payloads WHERE sequence = 4")
    data = excerpt(case)
    line = next(item for item in map(json.loads, data.splitlines()) if item["sequence"] == 4)
    assert (line["payload"], line["nonce"]) == (None, None)
    assert excerpt_problems(data, FULL_SIZE, root) == ()


@pytest.mark.parametrize("data", [b"[" * 100_000, b"null\n", b"\xff\n", b"{}\n", b'{"sequence": 1e400}\n'])
def test_what_is_no_excerpt_is_said_to_be_none(data: bytes) -> None:
    assert "not an entry" in excerpt_problems(data, 1, bytes(32))[0]
