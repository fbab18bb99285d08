"""`diskwitness custody add`: who handed an exhibit to whom, when, where and why."""

from pathlib import Path

import click

from casedb.custody_terms import BY_THEMSELVES
from casedb.json_values import json_value
from casedb.records import CustodyKind, Rehash
from casedb.submissions import NewCustodyEvent
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.clock_options import clock_options, entered_clock
from diskwitness.custody_options import event_options, people_options
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import moment, text
from image.times import Instant
from report.wording import ENGLISH
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock
from workflow.clock_facts import clock_facts
from workflow.hand_over import record_custody
from workflow.laboratory import read_laboratory

ADDED_BY_HAND = [kind.value for kind in CustodyKind if kind not in BY_THEMSELVES]


@click.command("add")
@click.argument("exhibit", type=text, metavar="EXHIBIT")
@click.option("--kind", type=click.Choice(ADDED_BY_HAND), required=True, help="What happened.")
@click.option(
    "--at", type=moment, metavar="TIME", help="When, ISO 8601; local time without an offset. Default: now."
)
@people_options
@event_options
@clock_options
@case_option
@answering
def command(
    answer: Answer,
    /,
    case_folder: Path | None,
    exhibit: str,
    kind: str,
    at: Instant | None,
    rehash: str | None,
    verification: int | None,
    clock_offset: float | None,
    clock_reference: str | None,
    exhibit_clock: str | None,
    **facts: str | None,
) -> None:
    """Record a custody event of EXHIBIT; acquisitions and verifications enter by themselves."""
    clock = SystemClock()
    event = NewCustodyEvent(
        exhibit,
        CustodyKind(kind),
        at or clock.now(),
        rehash=Rehash(rehash) if rehash else None,
        verification=verification,
        clock=clock_facts(entered_clock(clock_offset, clock_reference, exhibit_clock), clock.now()),
        **facts,
    )
    folder = require_case_folder(case_folder)
    language = read_laboratory().reports.language or ENGLISH
    done = record_custody(folder, event, clock, language)
    for warning in done.warnings:
        answer.warn(str(warning))
    answer.facts["event"] = json_value(done.event)
    answer.facts["custody_warnings"] = json_value(done.warnings)
    answer.facts["receipt"] = done.receipt
    answer.say(f"{done.event.kind.value} of {exhibit} recorded: ledger entry {done.event.sequence}")
    for line in done.receipt.splitlines() if done.receipt else ():
        answer.say(line)
    stamp_recorded(answer, folder)
