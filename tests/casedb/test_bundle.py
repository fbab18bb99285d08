"""An exported ledger: the stand-alone verifier and ours agree, on honest ledgers and on attacked ones."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from casedb.bundle import CHECKPOINTS, ENTRIES_FILE
from casedb.entry import EntryKind
from casedb.facts import Redacted
from casedb.ledger_check import check_ledger
from casedb.store import open_case
from tests.casedb.building import key_environment, reopened
from tests.casedb.forging import cut_off, rewrite
from tests.casedb.test_checkpoints import kept_copy, real_signer
from tools.verify_ledger import MismatchError, check

VERIFIER = Path(__file__).parents[2] / "tools" / "verify_ledger.py"


def exported(case: Path) -> Path:
    """The ledger of a case as files."""
    with open_case(case, read_only=True) as store:
        store.export_ledger(case.parent / "bundle")
    return case.parent / "bundle"


def run(bundle: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """The verifier as a stranger runs it: none of our packages can be imported."""
    command = [sys.executable, "-I", str(VERIFIER), str(bundle), *words]
    return subprocess.run(command, cwd=bundle.parent, capture_output=True, text=True, check=False)


def is_refused(bundle: Path, *copies: Path) -> bool:
    """Whether the verifier finds something; anything but a mismatch it can name is no answer."""
    try:
        check(bundle, list(copies))
    except (MismatchError, ValueError, KeyError, TypeError, AttributeError):
        return True
    return False


def test_an_honest_bundle_matches_for_whoever_believes_the_key(case: Path) -> None:
    bundle = exported(case)
    unknown = run(bundle)
    assert (unknown.returncode, unknown.stdout.splitlines()[0]) == (
        7,
        "INCOMPLETE: a signer is not among the keys given",
    )
    believed = run(bundle, "--key", real_signer(case).key.public)
    assert (believed.returncode, believed.stdout.splitlines()[0]) == (0, "MATCH")


def test_the_verifier_is_one_short_file_that_needs_nothing_of_ours() -> None:
    text = VERIFIER.read_text()
    assert len(text.splitlines()) <= 300
    imports = {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imports <= sys.stdlib_module_names | {"cryptography"}


def test_a_redacted_payload_is_told_and_one_that_is_only_gone_is_found(case: Path) -> None:
    with reopened(case) as store, store._recording("the redaction") as ledger:
        ledger.append(EntryKind.REDACTED, Redacted(4, "Northgate court, order 7", "privacy"))
        store._connection.execute("DELETE FROM payloads WHERE sequence = 4")
        store._connection.execute("DELETE FROM people WHERE sequence = 4")
    bundle = exported(case)
    assert "Entry 4: payload redacted by entry 15" in run(bundle).stdout
    change_line(bundle, 6, lambda line: line | {"nonce": None, "payload": None})
    result = run(bundle)
    assert (result.returncode, "payload of entry 6 is gone" in result.stdout) == (8, True)


def change_line(bundle: Path, number: int, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    """Change one line of the entries."""
    path = bundle / ENTRIES_FILE
    lines = path.read_text().splitlines()
    lines[number - 1] = json.dumps(change(json.loads(lines[number - 1])), ensure_ascii=False)
    path.write_text("\n".join(lines) + "\n")


def test_history_rewritten_or_cut_off_is_found_as_the_database_finds_it(case: Path, tmp_path: Path) -> None:
    copy = tmp_path / "kept.txt"
    copy.write_text(str(kept_copy(case).note))
    shutil.rmtree(case / "checkpoints")
    attacks: tuple[Callable[[Path], None], ...] = (
        lambda folder: rewrite(folder, 6, None),
        lambda folder: rewrite(folder, 6, real_signer(folder)),
        lambda folder: cut_off(folder, 9),
    )
    for attack in attacks:
        folder = tmp_path / "attacked" / "case"
        shutil.rmtree(folder.parent, ignore_errors=True)
        shutil.copytree(case, folder)
        shutil.copy(key_environment(case)["DISKWITNESS_KEY"], folder.parent)
        attack(folder)
        bundle = exported(folder)
        assert is_refused(bundle) != check_ledger(folder).is_sound
        assert is_refused(bundle, copy)


def test_a_line_that_was_deleted_swapped_doubled_or_changed_is_found(case: Path) -> None:
    bundle = exported(case)
    path = bundle / ENTRIES_FILE
    lines = path.read_text().splitlines(keepends=True)
    for number in range(len(lines)):
        others = lines[:number] + lines[number + 1 :]
        swapped = [*lines]
        swapped[number], swapped[number - 1] = swapped[number - 1], swapped[number]
        for attacked in (others, swapped, [*lines[:number], lines[number], *lines[number:]]):
            path.write_text("".join(attacked))
            assert is_refused(bundle), number
    path.write_text("".join(lines))
    assert not is_refused(bundle)


@pytest.mark.parametrize("tries", [60, pytest.param(300, marks=pytest.mark.long)])
def test_a_changed_byte_anywhere_in_a_bundle_is_found(case: Path, tries: int) -> None:
    bundle = exported(case)
    choose = random.Random(7)  # a pattern, not a secret
    for path in [bundle / ENTRIES_FILE, *(bundle / CHECKPOINTS).iterdir()]:
        data = path.read_bytes()
        for offset in choose.sample(range(len(data)), min(len(data), tries)):
            changed = bytearray(data)
            changed[offset] ^= 1 << choose.randrange(7)
            path.write_bytes(changed)
            assert is_refused(bundle) or same_lines(data, bytes(changed)), (path.name, offset)
        path.write_bytes(data)


def same_lines(before: bytes, after: bytes) -> bool:
    """Whether both say the same to a reader of JSON: white space between its tokens may change."""
    try:
        return [json.loads(line) for line in before.splitlines()] == [
            json.loads(line) for line in after.splitlines()
        ]
    except ValueError:
        return False


def test_a_checkpoint_that_is_gone_is_found(case: Path) -> None:
    bundle = exported(case)
    for path in list((bundle / CHECKPOINTS).iterdir()):
        data = path.read_bytes()
        path.unlink()
        assert is_refused(bundle), path.name
        path.write_bytes(data)
