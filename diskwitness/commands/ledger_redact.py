"""`diskwitness ledger redact`: what an entry says is taken away by order, and the ledger stays valid."""

from pathlib import Path

import click

from casedb.amendment_writer import RedactionPlan
from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import text
from image.errors import UsageError
from workflow.amend_record import OUT_OF_REACH, plan_redaction, redact
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock


@click.command("redact")
@click.argument("entries", type=click.IntRange(1), nargs=-1, required=True, metavar="ENTRY...")
@click.option("--authority", type=text, help="By whose order: court, date, number.")
@click.option("--because", type=text, help="Why.")
@click.option("--dry-run", is_flag=True, help="Only say what would go, and where else it stands.")
@case_option
@answering
def command(
    answer: Answer,
    case_folder: Path | None,
    entries: tuple[int, ...],
    authority: str | None,
    because: str | None,
    dry_run: bool,
) -> None:
    """Take away for good what the ledger's ENTRY says; the entry stays and the ledger stays valid."""
    folder = require_case_folder(case_folder)
    if dry_run:
        _tell_plan(answer, plan_redaction(folder, entries), "would be redacted")
        return
    if not authority or not because:
        raise UsageError("a redaction needs its authority and reason", do="Give --authority and --because")
    done = redact(folder, entries, authority, because, SystemClock())
    _tell_plan(answer, done.done.plan, "redacted")
    if done.done.complaint:
        answer.warn(done.done.complaint)
    out_of_reach = (*done.files, *OUT_OF_REACH)
    answer.facts |= {"redactions": json_value(done.done.redactions), "not_reached": json_value(out_of_reach)}
    answer.say("Not reached, and to be dealt with by hand:")
    for line in out_of_reach:
        answer.say(f"  {line}")
    stamp_recorded(answer, folder)


def _tell_plan(answer: Answer, plan: RedactionPlan, told: str) -> None:
    """Print what goes, and which other entries hold the same or correct it."""
    answer.facts |= {
        "entries": [{"entry": entry.seq, "type": entry.type, "exhibit": entry.exhibit} for entry in plan.entries],
        "also_held_by": json_value(plan.also_held_by),
        "corrected_by": json_value(plan.corrected_by),
    }
    for entry in plan.entries:
        about = f" of exhibit {entry.exhibit}" if entry.exhibit else ""
        answer.say(f"Entry {entry.seq} ({entry.type}{about}) {told}")
    if plan.also_held_by:
        answer.warn(f"the same name or number stands in other entries too: {_numbers(plan.also_held_by)}")
    if plan.corrected_by:
        answer.warn(f"corrections of it stand in other entries: {_numbers(plan.corrected_by)}")


def _numbers(entries: tuple[int, ...]) -> str:
    """Numbers of entries, with commas."""
    return ", ".join(map(str, entries))
