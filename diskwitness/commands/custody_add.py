"""`diskwitness custody add`: who handed an exhibit to whom, when, where and why."""

from pathlib import Path

import click

from casedb.custody import BY_THEMSELVES
from casedb.records import CustodyKind
from casedb.submissions import NewCustodyEvent
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.json_values import json_value
from diskwitness.parameters import moment, text
from image.times import Instant
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock
from workflow.hand_over import record_custody

ADDED_BY_HAND = [kind.value for kind in CustodyKind if kind not in BY_THEMSELVES]


@click.command("add")
@click.argument("exhibit", type=text, metavar="EXHIBIT")
@click.option("--kind", type=click.Choice(ADDED_BY_HAND), required=True, help="What happened.")
@click.option(
    "--at", type=moment, metavar="TIME", help="When, ISO 8601; local time without an offset. Default: now."
)
@click.option("--released-by", type=text, metavar="NAME", help="Who gave it: a name, or a person's id.")
@click.option("--received-by", type=text, metavar="NAME", help="Who took it.")
@click.option("--witness", type=text, metavar="NAME", help="Who saw it; disposal needs one.")
@click.option("--reason", type=text, help="Why.")
@click.option("--from-place", type=text, help="Where it came from.")
@click.option("--to-place", type=text, help="Where it went.")
@click.option("--seal-out", type=text, metavar="NUMBER", help="The seal that was taken off.")
@click.option("--seal-in", type=text, metavar="NUMBER", help="The seal that was put on.")
@click.option("--condition", type=text, help="The state it was in.")
@click.option("--authority", type=text, help="By whose order, for a return or disposal.")
@click.option("--method", type=text, help="How it was disposed of.")
@click.option("--note", type=text, help="Anything else.")
@case_option
@answering
def command(
    answer: Answer, /, case_folder: Path | None, exhibit: str, kind: str, at: Instant | None, **facts: str | None
) -> None:
    """Record a custody event of EXHIBIT; acquisitions and verifications enter by themselves."""
    clock = SystemClock()
    event = NewCustodyEvent(exhibit, CustodyKind(kind), at or clock.now(), **facts)
    recorded, warnings = record_custody(require_case_folder(case_folder), event, clock)
    for warning in warnings:
        answer.warn(warning)
    answer.facts["event"] = json_value(recorded)
    answer.say(f"{recorded.kind.value} of {recorded.exhibit} recorded: ledger entry {recorded.sequence}")
