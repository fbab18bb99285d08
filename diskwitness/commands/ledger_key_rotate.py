"""`diskwitness ledger key rotate`: a new key in the place of the old one, in every case."""

import os
from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import path
from image.errors import CaseError
from workflow.clock import SystemClock
from workflow.key_rotation import KeyRotation, rotate_key


@click.command("rotate")
@click.option("--case", "folders", type=path, multiple=True, metavar="DIR", help="A case to tell too; repeatable.")
@click.option("--leave-out", is_flag=True, help="Go on without the cases that are out of reach.")
@answering
def command(answer: Answer, folders: tuple[Path, ...], leave_out: bool) -> None:
    """Replace the key of this workstation; every case that it knows gets an entry signed by both keys.

    The old key is kept beside the new one. Where a case is out of reach it still signs; repeat the command.
    """
    rotation = rotate_key(folders, SystemClock(), os.environ, leave_out=leave_out)
    answer.facts |= {
        "public_key": rotation.new_public,
        "old_key_file": rotation.kept,
        "cases": [json_value(case) for case in rotation.cases],
    }
    _tell(answer, rotation)
    _stamp(answer, rotation)
    if rotation.kept is None:
        first = next(case for case in rotation.cases if case.problem)
        advice = "Bring it within reach and repeat the command, or give --leave-out"
        answer.fail(CaseError("the old key still signs: a case could not be told", str(first.folder), advice))


def _stamp(answer: Answer, rotation: KeyRotation) -> None:
    """Have the cases time-stamped that were told; an authority that is away is asked no more."""
    for case in rotation.cases:
        if case.problem is None and not stamp_recorded(answer, case.folder):
            return


def _tell(answer: Answer, rotation: KeyRotation) -> None:
    """Print the new key and what each case was told."""
    answer.say(rotation.new_public)
    for case in rotation.cases:
        told = case.problem or (f"entry {case.entry}" if case.entry else "told before")
        answer.say(f"  {case.folder}: {told}")
    if rotation.kept is not None:
        answer.say(f"  the old key is kept as {rotation.kept}")
