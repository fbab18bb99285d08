"""`diskwitness custody correct`: a custody event should have been told otherwise, or did not happen."""

from pathlib import Path

import click

from casedb.correcting import WITHDRAWN
from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.commands.custody_add import ADDED_BY_HAND
from diskwitness.correction_lines import told_of
from diskwitness.custody_options import because_option, event_options, people_options
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import moment
from image.times import Instant
from workflow.amend_record import correct_custody
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock


@click.command("correct")
@click.argument("entry", type=click.IntRange(1), metavar="ENTRY")
@click.option("--kind", type=click.Choice(ADDED_BY_HAND), help="What happened.")
@click.option("--at", type=moment, metavar="TIME", help="When, ISO 8601; local time without an offset.")
@people_options
@event_options
@click.option("--withdraw", is_flag=True, help="It did not happen, or not to this exhibit.")
@because_option
@case_option
@answering
def command(
    answer: Answer,
    /,
    case_folder: Path | None,
    entry: int,
    because: str,
    at: Instant | None,
    withdraw: bool,
    verification: int | None,
    **facts: str | None,
) -> None:
    """Correct the custody event of ledger entry ENTRY; an empty text takes a fact away. Nothing is erased."""
    told = told_of(facts) | ({WITHDRAWN: "yes"} if withdraw else {})
    told |= {"verification": str(verification)} if verification is not None else {}
    folder = require_case_folder(case_folder)
    done = correct_custody(folder, entry, because, told, at, SystemClock())
    for warning in done.warnings:
        answer.warn(str(warning))
    answer.facts |= {
        "event": json_value(done.event),
        "correction": done.sequence,
        "custody_warnings": json_value(done.warnings),
    }
    verb = "withdrawn" if withdraw else "corrected"
    answer.say(f"{done.event.kind.value} of {done.event.exhibit} {verb} by ledger entry {done.sequence}")
    stamp_recorded(answer, folder)
