"""`diskwitness custody show`: where an exhibit has been."""

from pathlib import Path

import click

from casedb.json_values import json_value
from casedb.records import ClockFacts, CustodyEvent, ExhibitRecord, redacted_text
from casedb.store import open_case
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.correction_lines import corrected_lines
from diskwitness.custody_options import history_option
from diskwitness.parameters import text
from report.phrases import corrected_text, person_text, rehash_text
from report.sections.clock import exhibit_clock_text, offset_text
from workflow.case_folder import require_case_folder


@click.command("show")
@click.argument("exhibit", type=text, metavar="EXHIBIT")
@history_option
@case_option
@answering
def command(answer: Answer, case_folder: Path | None, exhibit: str, history: bool) -> None:
    """Show the chain of custody of EXHIBIT, in order, with what is odd about it."""
    with open_case(require_case_folder(case_folder), read_only=True) as store:
        record = store.exhibit_record(exhibit)
    answer.facts |= {
        "exhibit": json_value(record.exhibit),
        "custody": json_value(record.custody),
        "withdrawn": json_value(record.withdrawn),
        "standing": json_value(record.standing),
        "custody_warnings": json_value(record.custody_warnings),
        "redactions": json_value(record.redactions),
    }
    for event in sorted((*record.custody, *record.withdrawn), key=lambda item: item.sequence):
        for line in custody_lines(event, history):
            answer.say(line)
    for line in redaction_lines(record):
        answer.say(line)
    for warning in record.custody_warnings:
        answer.warn(str(warning))


def redaction_lines(record: ExhibitRecord) -> list[str]:
    """What was taken out of the record of an exhibit, a line each."""
    return [
        f"Entry {item.redacted_sequence} ({item.entry_type}): {redacted_text(item.sequence)} ({item.authority})"
        for item in record.redactions
    ]


def custody_lines(event: CustodyEvent, history: bool = False) -> list[str]:
    """An event as lines: when and what, then only the facts that were recorded."""
    known = [(label, field, value) for label, field, value in _facts(event) if value]
    marks = [mark for mark in (_withdrawn(event), corrected_text(event.corrections, "at")) if mark]
    head = f"{event.at}  {event.kind.value}  ({', '.join((f'ledger entry {event.sequence}', *marks))})"
    return [head, *corrected_lines(known, event.corrections, history, "    ")]


def _withdrawn(event: CustodyEvent) -> str | None:
    """Said of an event that did not happen."""
    return "WITHDRAWN" if event.withdrawn else None


def _facts(event: CustodyEvent) -> list[tuple[str, str, object]]:
    """The facts of an event: label, field and value."""
    return [
        ("Released by", "released_by", person_text(event.released_by)),
        ("Received by", "received_by", person_text(event.received_by)),
        ("Done by", "performed_by", person_text(event.performed_by)),
        ("Witness", "witness", person_text(event.witness)),
        ("Reason", "reason", event.reason),
        ("From", "from_place", event.from_place),
        ("To", "to_place", event.to_place),
        ("Seal off", "seal_out", event.seal_out),
        ("Seal on", "seal_in", event.seal_in),
        ("Condition", "condition", event.condition),
        ("Hash again", "rehash", rehash_text(event)),
        ("Authority", "authority", event.authority),
        ("Method", "method", event.method),
        ("Note", "note", event.note),
        ("Clock here", "", offset_text(event.clock or ClockFacts())),
        ("Its own clock", "", exhibit_clock_text(event.clock or ClockFacts())),
        ("Written down", "", f"{event.recorded} by {event.recorded_by}" if event.recorded_by else event.recorded),
    ]
