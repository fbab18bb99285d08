"""Another machine as witness: it takes a growing ledger, refuses any other, and cosigns what it has seen."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from casedb.bundle import ENTRIES_FILE
from casedb.bundle_check import check_bundle
from casedb.ledger_check import check_ledger
from image.errors import CaseError
from tests.casedb.building import full_case, reopened
from tests.casedb.forging import cut_off, rewrite
from tests.casedb.test_bundle import exported
from tests.casedb.test_checkpoints import real_signer
from tests.cli.conftest import Workstation


@pytest.fixture
def witness(tmp_path: Path) -> Workstation:
    """A second machine with a key of its own."""
    folder = tmp_path / "witness"
    folder.mkdir()
    return Workstation(folder, {name: str(folder / name) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")})


def bundle_of(station: Workstation, case: Path) -> Path:
    """The ledger as files, as of now."""
    folder = station.folder / f"bundle-{len(list(station.folder.iterdir()))}"
    assert station.run("ledger", "export", case, "--output", folder).exit_code == 0
    return folder


def test_a_growing_ledger_is_taken_in_again_and_again(
    case: Path, station: Workstation, witness: Workstation
) -> None:
    seen = witness.folder / "seen"
    first = witness.run_json("ledger", "ingest", bundle_of(station, case), "--into", seen)
    assert (first["exit_code"], first["seen_before"], first["findings"]) == (0, [], [])
    station.seize(case)
    second = witness.run_json("ledger", "ingest", bundle_of(station, case), "--into", seen)
    assert (second["exit_code"], second["seen_before"], second["entries"]) == (0, [5], 6)
    again = witness.run_json("ledger", "ingest", bundle_of(station, case), "--into", seen)
    assert (again["exit_code"], again["seen_before"]) == (0, [5, 6])
    assert sorted(path.name for path in (seen / second["ledger_id"]).iterdir()) == ["000005.txt", "000006.txt"]


def test_a_ledger_that_was_rolled_back_or_forked_is_refused_and_the_missing_state_named(
    case: Path, station: Workstation, witness: Workstation
) -> None:
    seen, older = witness.folder / "seen", (case / "case.db").read_bytes()
    station.seize(case)
    head = witness.run_json("ledger", "ingest", bundle_of(station, case), "--into", seen)["head"]
    (case / "case.db").write_bytes(older)
    shutil.rmtree(case / "checkpoints")
    (case / "checkpoints").mkdir()
    back = witness.run_json("ledger", "ingest", bundle_of(station, case), "--into", seen)
    assert (back["exit_code"], [item["code"] for item in back["findings"]]) == (8, ["ledger-shortened"])
    assert head in back["findings"][0]["detail"]
    for _ in range(2):
        station.seize(case)
    fork = witness.run_json("ledger", "ingest", bundle_of(station, case), "--into", seen)
    assert (fork["exit_code"], [item["code"] for item in fork["findings"]]) == (8, ["ledger-rewritten"])
    assert len(list((seen / fork["ledger_id"]).iterdir())) == 1


def test_a_cosigned_checkpoint_is_shown_with_its_witness(
    case: Path, station: Workstation, witness: Workstation
) -> None:
    seen, cosigned = witness.folder / "seen", station.folder / "cosigned.txt"
    checkpoint = max((case / "checkpoints").iterdir())
    refused = witness.run("ledger", "cosign", checkpoint, "--into", seen)
    assert (refused.exit_code, "was not seen here" in refused.stderr) == (2, True)
    witness.run_json("ledger", "ingest", bundle_of(station, case), "--into", seen)
    assert witness.run("ledger", "cosign", checkpoint, "--into", seen, "--output", cosigned).exit_code == 0
    key = station.folder / "witness.key"
    key.write_text(witness.run("ledger", "key", "show").stdout)
    unknown = station.run("ledger", "verify", case, "--checkpoint", cosigned)
    assert (unknown.exit_code, "1 not known here" in unknown.stdout) == (0, True)
    known = station.run_json("ledger", "verify", case, "--checkpoint", cosigned, "--key", key)
    assert [item["public_key"] for item in known["cosigners"]] == [key.read_text().strip()]
    text = cosigned.read_text()
    cosigned.write_text(text[:-12] + ("A" if text[-12] != "A" else "B") + text[-11:])
    false = station.run("ledger", "verify", case, "--checkpoint", cosigned, "--key", key)
    assert (false.exit_code, "cosignature is false" in false.stderr) == (8, True)


def test_a_bundle_is_judged_as_its_database_is(tmp_path: Path) -> None:
    whole = full_case(tmp_path / "case")
    attacks: tuple[Callable[[Path], None], ...] = (
        lambda folder: None,
        lambda folder: rewrite(folder, 6, None),
        lambda folder: rewrite(folder, 6, real_signer(folder)),
        lambda folder: cut_off(folder, 9),
    )
    for number, attack in enumerate(attacks):
        folder = tmp_path / str(number) / "case"
        shutil.copytree(whole, folder)
        shutil.copy(tmp_path / "workstation.pem", folder.parent)
        shutil.rmtree(folder / "checkpoints")
        attack(folder)
        ours, theirs = check_ledger(folder), check_bundle(exported(folder))
        assert theirs.findings == ours.findings
        assert (theirs.keys, theirs.last_checkpoint, theirs.head_sha256) == (
            ours.keys,
            ours.last_checkpoint,
            ours.head_sha256,
        )


@pytest.mark.parametrize("line", [b"", b"nothing\n", b'{"sequence": 1}\n', b"\xff\n", b"[" * 100_000 + b"\n"])
def test_what_is_no_bundle_is_refused(line: bytes, tmp_path: Path, station: Workstation) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / ENTRIES_FILE).write_bytes(line)
    result = station.run("ledger", "ingest", bundle, "--into", tmp_path / "seen")
    assert (result.exit_code, result.stderr.count("\n")) == (8, 1)


def test_links_and_pipes_are_no_entries(tmp_path: Path) -> None:
    with reopened(full_case(tmp_path / "case")) as store:
        assert store.head().size
    bundle = exported(tmp_path / "case")
    entries = bundle / ENTRIES_FILE
    entries.rename(tmp_path / "elsewhere")
    entries.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CaseError, match="not a bundle"):
        check_bundle(bundle)


def test_a_ledger_whose_id_is_a_path_stays_inside_the_folder(
    case: Path, station: Workstation, tmp_path: Path
) -> None:
    bundle = bundle_of(station, case)
    with closing(sqlite3.connect(case / "case.db")) as connection:
        ledger_id = connection.execute("SELECT ledger_id FROM cases").fetchone()[0]
    path = bundle / ENTRIES_FILE
    path.write_text(path.read_text().replace(ledger_id, "../../../../../../tmp/escape"))
    assert station.run("ledger", "ingest", bundle, "--into", tmp_path / "seen").exit_code == 8
    assert [item.name for item in (tmp_path / "seen").iterdir()] == ["witness.lock"]
