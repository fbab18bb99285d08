"""Shell completion."""

import os
import subprocess

import pytest

from tests.cli.conftest import PROGRAM, Workstation


def _complete(*words: str) -> list[str]:
    environment = {
        "COMP_WORDS": " ".join(("diskwitness", *words)),
        "COMP_CWORD": str(len(words)),
        "_DISKWITNESS_COMPLETE": "bash_complete",
    }
    finished = subprocess.run([PROGRAM], capture_output=True, text=True, check=True, env=os.environ | environment)
    return finished.stdout.split()


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_each_shell_gets_its_script(station: Workstation, shell: str) -> None:
    script = station.run("completion", shell).stdout
    assert f"_DISKWITNESS_COMPLETE={shell}_complete" in script
    assert "U+" not in script


def test_another_shell_is_exit_2(station: Workstation) -> None:
    assert station.run("completion", "tcsh").exit_code == 2


def test_commands_options_choices_and_files_are_completed(station: Workstation) -> None:
    assert _complete("ca") == ["plain,case"]
    of_a_case = ("close", "correct", "create", "export", "import", "list", "reopen", "show")
    assert _complete("case", "") == [f"plain,{name}" for name in of_a_case]
    assert "plain,--second-opinion" in _complete("verify", "--second")
    assert _complete("acquire", "--format", "r") == ["plain,raw"]
    assert _complete("acquire", "/dev/s") == ["file,/dev/s"]
    assert _complete("verify", "J") == ["file,J"]
