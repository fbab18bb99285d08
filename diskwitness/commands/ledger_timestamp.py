"""`diskwitness ledger timestamp`: what waits for a timestamp is sent to the configured authority."""

import os
from pathlib import Path

import click

from casedb.json_values import Json, json_value
from casedb.registry import known_cases
from diskwitness.answer import Answer, answering, error_json
from diskwitness.case_options import case_option, named_case
from diskwitness.parameters import path
from diskwitness.timestamp_text import timestamp_text
from image.errors import DiskwitnessError, UsageError
from workflow.clock import SystemClock
from workflow.laboratory import read_laboratory
from workflow.timestamping import stamp_case


@click.command("timestamp")
@click.argument("case", type=path, required=False, metavar="[CASE]")
@case_option
@click.option("--all", "everywhere", is_flag=True, help="Do so for every case that this workstation knows.")
@answering
def command(answer: Answer, case: Path | None, case_folder: Path | None, everywhere: bool) -> None:
    """Have the last checkpoint of CASE signed by the configured time-stamping authority, where it is not yet.

    Jobs do so by themselves when they end. Here what could not be sent then is sent again.
    """
    if everywhere and (case or case_folder):
        raise UsageError("one case is named, and all of them", do="Give a case or --all, not both")
    folders = _known_here() if everywhere else [named_case(case, case_folder)]
    answer.facts["cases"] = [_stamped(answer, folder) for folder in folders]


def _known_here() -> list[Path]:
    """The folders of the cases that this workstation knows and can open."""
    return [item.folder for item in known_cases(os.environ) if item.problem is None]


def _stamped(answer: Answer, folder: Path) -> dict[str, Json]:
    """Stamp one case, and tell what came of it."""
    settings, clock = read_laboratory().timestamps, SystemClock()
    try:
        stamp = stamp_case(folder, settings, clock)
    except DiskwitnessError as error:
        answer.fail(error)
        return {"folder": str(folder), "timestamp": None, "error": json_value(error_json(error))}
    answer.say(f"{folder}: {timestamp_text(stamp) if stamp is not None else 'nothing waits for a timestamp'}")
    return {"folder": str(folder), "timestamp": json_value(stamp)}
