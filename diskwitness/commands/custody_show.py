"""`diskwitness custody show`: where an exhibit has been."""

from pathlib import Path

import click

from casedb.records import CustodyEvent
from casedb.store import open_case
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.fact_lines import fact_lines
from diskwitness.json_values import json_value
from diskwitness.parameters import text
from workflow.case_folder import require_case_folder


@click.command("show")
@click.argument("exhibit", type=text, metavar="EXHIBIT")
@case_option
@answering
def command(answer: Answer, case_folder: Path | None, exhibit: str) -> None:
    """Show the chain of custody of EXHIBIT, in order, with what is odd about it."""
    with open_case(require_case_folder(case_folder), read_only=True) as store:
        record = store.exhibit_record(exhibit)
    answer.facts |= {"exhibit": json_value(record.exhibit), "custody": json_value(record.custody)}
    for event in record.custody:
        for line in custody_lines(event):
            answer.say(line)
    for warning in record.custody_warnings:
        answer.warn(warning)


def custody_lines(event: CustodyEvent) -> list[str]:
    """An event as lines: when and what, then only the facts that were recorded."""
    facts: list[tuple[str, object]] = [
        ("Released by", event.released_by and event.released_by.name),
        ("Received by", event.received_by and event.received_by.name),
        ("Witness", event.witness and event.witness.name),
        ("Reason", event.reason),
        ("From", event.from_place),
        ("To", event.to_place),
        ("Seal off", event.seal_out),
        ("Seal on", event.seal_in),
        ("Condition", event.condition),
        ("Authority", event.authority),
        ("Method", event.method),
        ("Note", event.note),
    ]
    known = [(name, value) for name, value in facts if value]
    return [f"{event.at}  {event.kind.value}  (ledger entry {event.sequence})", *fact_lines(known, "    ")]
