"""The program as a process of its own, killed at one call of one of its functions."""

import os
import signal
import subprocess
import sys
from typing import NamedTuple

from tests.cli.conftest import Workstation

PROGRAM = """
import os, signal
import {module} as module
kept, calls = module.{name}, []
def killing(*arguments, **named):
    calls.append(1)
    if len(calls) > {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(*arguments, **named)
module.{name} = killing
from diskwitness.__main__ import main
main()
"""


class Moment(NamedTuple):
    """The call of the function `name`, as `module` knows it, behind the first `after` ones."""

    module: str
    name: str
    after: int = 0


def run_until_killed(station: Workstation, moment: Moment, *words: object) -> None:
    """Run the program until it is killed at this moment."""
    command = [sys.executable, "-c", PROGRAM.format(**moment._asdict()), *map(str, words)]
    environment = os.environ | station.environment
    ended = subprocess.run(command, cwd=station.folder, env=environment, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
