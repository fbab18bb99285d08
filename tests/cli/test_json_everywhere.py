"""Every command answers --json with exactly one object, whatever becomes of it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from casedb.keys import key_path
from diskwitness.cli import COMMANDS
from tests.cli.conftest import Workstation
from tests.sim.signing_authority import PASSPHRASE, SigningAuthority
from tests.sim.time_authority import serving, time_authority

SIGNER = ("--p12", "examiner.p12", "--passphrase-file", "pass")
GOOD = {
    "acquire": ("disk.img", "--output", "JB9", "--no-second-opinion"),
    "case close": ("matter",),
    "case correct": ("--title", "T", "--because", "left out", "--case", "matter"),
    "case create": ("other", "--number", "2", "--examiner", "B"),
    "case export": ("matter", "bag"),
    "case import": ("bag", "there"),
    "case list": (),
    "case reopen": ("matter", "--because", "appeal"),
    "case show": ("--case", "matter"),
    "completion": ("bash",),
    "convert": ("matter/images/JB1/JB1.E01", "JB8", "--no-second-opinion"),
    "custody add": ("JB1", "--kind", "seize", "--received-by", "A. Doe", "--case", "matter"),
    "custody correct": ("5", "--reason", "search", "--because", "left out", "--case", "matter"),
    "custody show": ("JB1", "--case", "matter"),
    "devices": (),
    "exhibit add": ("JB2", "--description", "d", "--case", "matter"),
    "exhibit attach": ("JB1", "disk.img", "--case", "matter"),
    "exhibit correct": ("JB1", "--serial", "S1", "--because", "misread", "--case", "matter"),
    "exhibit import": ("JB1", "disk.img", "--no-verify", "--case", "matter"),
    "exhibit list": ("--case", "matter"),
    "exhibit relocate": ("JB1", "matter/images/JB1/JB1.E01", "moved", "--case", "matter"),
    "exhibit show": ("JB1", "--case", "matter"),
    "hash": ("disk.img",),
    "info": ("matter/images/JB1/JB1.E01",),
    "ledger checkpoint": ("matter",),
    "ledger cosign": ("checkpoint.txt", "--into", "seen", "--output", "cosigned.txt"),
    "ledger export": ("matter", "--output", "bundle"),
    "ledger ingest": ("bundle", "--into", "seen"),
    "ledger key create": (),
    "ledger key rotate": (),
    "ledger key show": (),
    "ledger redact": ("4", "--authority", "Court, 3/26", "--because", "order", "--case", "matter"),
    "ledger timestamp": ("matter",),
    "ledger verify": ("matter",),
    "person add": ("C. Poe", "--role", "officer", "--case", "matter"),
    "person correct": ("A. Doe", "--phone", "1", "--because", "left out", "--case", "matter"),
    "person list": ("--case", "matter"),
    "person show": ("A. Doe", "--case", "matter"),
    "report export": ("JB1", "--format", "case", "--case", "matter"),
    "report issue": ("JB1", "--case", "matter"),
    "report sign": ("JB1.pdf", "--as", "examiner", *SIGNER, "--case", "matter"),
    "report verify": ("JB1.pdf", "--case", "matter"),
    "verify": ("matter/images/JB1/JB1.E01",),
}
"""A good call of each command in a folder that holds a case with one exhibit, imaged."""

EXPORT = ("ledger", "export", "matter", "--output", "bundle")
ISSUE = ("report", "issue", "JB1", "--kind", "custody", "--output", "JB1.pdf", "--case", "matter")
BEFORE: dict[str, tuple[tuple[str, ...], ...]] = {
    "case import": (("case", "export", "matter", "bag"),),
    "case reopen": (("case", "close", "matter"),),
    "ledger cosign": (EXPORT, ("ledger", "ingest", "bundle", "--into", "seen")),
    "ledger ingest": (EXPORT,),
    "report sign": (ISSUE,),
    "report verify": (ISSUE,),
}
"""What must have been done before, where a call alone is not good."""

JSON_PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
DOCUMENTED = frozenset(re.findall(r"[`\"]([a-z0-9_]+)[`\"]", JSON_PAGE.read_text(encoding="utf-8")))
"""Every name of a field that the page on JSON tells of."""


@pytest.fixture
def prepared(station: Workstation, source: Path) -> Workstation:
    """A workstation with a case, an exhibit and its image."""
    station.begin_case()
    station.run("custody", "add", "JB1", "--kind", "seize", "--received-by", "A. Doe", "--case", "matter")
    station.run("acquire", source, "--exhibit", "JB1", "--case", "matter", "--no-verify")
    return station


def test_every_command_is_called_here() -> None:
    assert set(GOOD) == set(COMMANDS)


def make_way(station: Workstation, command: str) -> None:
    """A key can be made only where there is none, a case opened again only where it is closed, and so on."""
    if command == "ledger key create":
        key_path(station.environment).unlink()
    if command == "exhibit relocate":
        shutil.copytree(station.folder / "matter" / "images" / "JB1", station.folder / "moved")
    if command == "report sign":
        (station.folder / "examiner.p12").write_bytes(SigningAuthority().signer("A. Doe").p12)
        (station.folder / "pass").write_bytes(PASSPHRASE + b"\n")
    if command == "ledger cosign":
        newest = max((station.folder / "matter" / "checkpoints").iterdir())
        shutil.copy(newest, station.folder / "checkpoint.txt")
    for words in BEFORE.get(command, ()):
        assert station.run(*words).exit_code == 0


@pytest.fixture
def stamping(prepared: Workstation, tmp_path: Path) -> Iterator[None]:
    """A time-stamping authority, which the laboratory names only now."""
    with serving(time_authority(tmp_path / "tsa")) as authority:
        prepared.name_authority(authority)
        yield


@pytest.fixture
def ready(prepared: Workstation, command: str, request: pytest.FixtureRequest) -> Workstation:
    """The workstation with all that this command wants."""
    make_way(prepared, command)
    if command == "ledger timestamp":
        request.getfixturevalue("stamping")
    return prepared


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_good_call_is_one_object_on_stdout(ready: Workstation, command: str) -> None:
    result = ready.run(*command.split(), *GOOD[command], "--json")
    answer = json.loads(result.stdout)
    assert (answer["command"], answer["exit_code"], result.exit_code) == (command, 0, 0)
    assert "error" not in answer
    undocumented = answer.keys() - DOCUMENTED
    assert not undocumented
    assert all(line.startswith("warning: ") for line in result.stderr.splitlines())


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_bad_call_is_one_object_on_stdout(prepared: Workstation, command: str) -> None:
    answer = prepared.run_json(*command.split(), *GOOD[command], "--no-such-option")
    assert (answer["command"], answer["exit_code"]) == (command, 2)
    assert set(answer["error"]) == {"what", "where", "do"}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_without_json_results_are_on_stdout_and_nothing_else_is(ready: Workstation, command: str) -> None:
    result = ready.run(*command.split(), *GOOD[command])
    assert result.exit_code == 0
    assert result.stdout.strip()
    assert not result.stdout.startswith("{")
    assert "\x1b" not in result.stdout + result.stderr
