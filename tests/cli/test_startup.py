"""What a command loads before it works: nothing that the job at hand does not need."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Workstation

LOADED = (
    "import sys; sys.argv[0] = 'diskwitness'; from diskwitness.__main__ import main\n"
    "try: main()\n"
    "except SystemExit as end: status = end.code\n"
    "print('LOADED', *sys.modules, file=sys.stderr)\n"
    "sys.exit(status)"
)
STORE = ("casedb.connection", "casedb.store", "cryptography", "sqlite_utils")
RECORD = (*STORE, "casedb.records", "sqlite3")
PDF = ("report.pdf", "reportlab", "rich")
PAPER = (*PDF, "report.document", "report.log")
OTHER_PROGRAMS = ("subprocess", "image.tools", "workflow.hook", "workflow.station", "importlib.metadata", "ssl")
DRIVES = ("acquire.devices", "acquire.source", "acquire.sysfs")
PROOF = ("verify.verification", "verify.libewf_child", "pyewf")

NOT_LOADED = {
    "--help": (*RECORD, *PAPER, *OTHER_PROGRAMS, *DRIVES, *PROOF, "msgspec", "isal", "json", "image.manifest"),
    "info JB1.E01": (*RECORD, *PAPER, *OTHER_PROGRAMS, *DRIVES, *PROOF),
    "verify JB1.E01": (*RECORD, *PAPER, *OTHER_PROGRAMS, *DRIVES, "verify.second_opinion", "pyewf", "tomllib"),
    "verify JB1.E01 --segments-only": (*RECORD, *PAPER, *OTHER_PROGRAMS, *PROOF, "image.opening", "isal"),
    "verify JB1.E01 --source disk.img": (*RECORD, *PAPER, "verify.second_opinion", "pyewf", "ssl"),
    "verify JB1.E01 --second-opinion": (*RECORD, *PAPER, *OTHER_PROGRAMS[1:], *DRIVES, "pyewf"),
    "devices": (*RECORD, *PAPER, *PROOF, "isal", "ssl", "importlib.metadata"),
    "hash disk.img": (*RECORD, *PAPER, *PROOF, "isal", "ssl", "importlib.metadata"),
    "acquire disk.img --output JB2 --no-verify": (*STORE, *PDF, *PROOF),
    "acquire disk.img --output JB2 --no-second-opinion": (*STORE, *PDF, "verify.second_opinion", "pyewf"),
}
"""Words of a command, and modules that it has no use for."""


def modules_after(station: Workstation, words: str) -> set[str]:
    """The modules that are loaded when the command has answered."""
    command = [str(PROGRAM.with_name("python")), "-c", LOADED, *words.split()]
    finished = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=station.folder,
        env=os.environ | station.environment,
    )
    assert finished.returncode == 0, finished.stderr
    return set(finished.stderr.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize("words", NOT_LOADED)
def test_a_command_loads_only_what_it_needs(station: Workstation, source: Path, words: str) -> None:
    if "JB1" in words:
        station.run("acquire", str(source), "--output", "JB1", "--no-verify")
    loaded = modules_after(station, words)
    assert "diskwitness.cli" in loaded
    assert not sorted(loaded & set(NOT_LOADED[words]))
