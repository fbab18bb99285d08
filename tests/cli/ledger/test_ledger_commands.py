"""The ledger through the command line: checkpoints printed and kept, copies compared, keys known and unknown."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation


def test_a_checkpoint_that_was_printed_is_confirmed_until_the_case_is_exchanged(
    case: Path, station: Workstation
) -> None:
    older = (case / "case.db").read_bytes()
    station.seize(case)
    note = station.run("ledger", "checkpoint", case).stdout
    kept = station.folder / "kept.txt"
    kept.write_text(note)
    answer = station.run_json("ledger", "verify", case, "--checkpoint", kept)
    assert (answer["exit_code"], answer["verdict"]) == (0, "SOUND")
    assert str(kept) in answer["confirmed"]
    (case / "case.db").write_bytes(older)
    shutil.rmtree(case / "checkpoints")
    assert station.run_json("ledger", "verify", case)["exit_code"] == 0
    found = station.run_json("ledger", "verify", case, "--checkpoint", kept)
    assert (found["exit_code"], [item["code"] for item in found["findings"]]) == (8, ["ledger-shortened"])


def test_printing_a_checkpoint_records_nothing(case: Path, station: Workstation) -> None:
    before = station.run_json("ledger", "verify", case)["entries"]
    station.run_json("ledger", "checkpoint", case)
    assert station.run_json("ledger", "verify", case)["entries"] == before


def test_an_older_file_is_found_by_the_copies_that_stayed_in_the_case_folder(
    case: Path, station: Workstation
) -> None:
    older = (case / "case.db").read_bytes()
    station.seize(case)
    (case / "case.db").write_bytes(older)
    result = station.run("ledger", "verify", case)
    assert result.exit_code == 8
    assert "its end was cut off" in result.stdout


def test_a_copy_that_was_altered_is_found(case: Path, station: Workstation) -> None:
    copies = sorted((case / "checkpoints").iterdir())
    assert [path.name for path in copies] == ["000003.txt", "000005.txt"]
    copies[0].chmod(0o600)
    copies[0].write_text(copies[0].read_text().replace("\n3\n", "\n4\n"))
    assert station.run_json("ledger", "verify", case)["findings"][0]["code"] == "ledger-rewritten"


def test_another_workstation_believes_the_signatures_only_when_the_key_is_named(
    case: Path, station: Workstation, tmp_path: Path
) -> None:
    key = tmp_path / "lab.key"
    key.write_text("# the lab's bench 2\n" + station.run("ledger", "key", "show").stdout)
    elsewhere = Workstation(station.folder, station.environment | {"XDG_CONFIG_HOME": str(tmp_path / "elsewhere")})
    answer = elsewhere.run_json("ledger", "verify", case)
    assert (answer["exit_code"], answer["verdict"], answer["keys"][0]["known"]) == (7, "SIGNER UNKNOWN", False)
    named = elsewhere.run_json("ledger", "verify", case, "--key", key)
    assert (named["exit_code"], named["verdict"]) == (0, "SOUND")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("words", [("--checkpoint", "junk"), ("--key", "junk")])
def test_what_is_neither_checkpoint_nor_key_is_refused(
    case: Path, station: Workstation, words: tuple[str, ...]
) -> None:
    (station.folder / "junk").write_bytes(b"\x00\xff junk \n")
    result = station.run("ledger", "verify", case, words[0], station.folder / words[1])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_a_checkpoint_is_printed_as_a_code_that_fits_a_sheet(case: Path, station: Workstation) -> None:
    lines = station.run("ledger", "checkpoint", case, "--qr").stdout.splitlines()
    code = lines[lines.index("", 4) + 1 :]
    assert {len(line) for line in code} == {len(code[0])}
    assert 30 < len(code[0]) < 100
    assert set("".join(code)) == set("\u2588\u2580\u2584 ")


def test_the_last_checkpoint_stands_beside_an_image(case: Path, station: Workstation, source: Path) -> None:
    answer = station.run_json("acquire", source, "--exhibit", "JB1", "--case", case)
    assert answer["exit_code"] == 0
    beside = case / "images" / "JB1" / "JB1.checkpoint"
    result = station.run_json("ledger", "verify", case, "--checkpoint", beside)
    assert str(beside) in result["confirmed"]
    with sqlite3.connect(case / "case.db") as database:
        notes = dict(database.execute("SELECT note, sequence FROM checkpoints"))
    database.close()
    assert notes[beside.read_text()] == max(notes.values())


def test_a_key_is_made_once_and_replaced_in_every_case(case: Path, station: Workstation) -> None:
    refused = station.run("ledger", "key", "create")
    assert (refused.exit_code, "there is a key already" in refused.stderr) == (2, True)
    before = station.run("ledger", "key", "show").stdout.strip()
    rotation = station.run_json("ledger", "key", "rotate")
    assert (rotation["exit_code"], len(rotation["cases"]), rotation["cases"][0]["problem"]) == (0, 1, None)
    after = station.run("ledger", "key", "show").stdout.strip()
    assert after == rotation["public_key"] != before
    station.seize(case)
    answer = station.run_json("ledger", "verify", case)
    keys = [(item["public_key"], item["known"]) for item in answer["keys"]]
    assert (answer["verdict"], keys) == ("SOUND", [(before, True), (after, True)])


def test_an_exported_ledger_is_a_new_folder(case: Path, station: Workstation) -> None:
    answer = station.run_json("ledger", "export", case, "--output", station.folder / "bundle")
    assert (answer["exit_code"], answer["entries"], answer["checkpoints"]) == (0, 5, 2)
    again = station.run("ledger", "export", case, "--output", station.folder / "bundle")
    assert (again.exit_code, "there is something of this name" in again.stderr) == (4, True)
