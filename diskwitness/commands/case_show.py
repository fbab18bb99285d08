"""`diskwitness case show`: a case and its exhibits."""

from pathlib import Path

import click

from casedb.json_values import json_value
from casedb.records import Case, CaseClosing
from casedb.store import open_case
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.correction_lines import corrected_lines
from diskwitness.custody_options import history_option
from diskwitness.timestamp_text import status_lines
from workflow.case_folder import require_case_folder


@click.command("show")
@history_option
@case_option
@answering
def command(answer: Answer, case_folder: Path | None, history: bool) -> None:
    """Show the case, its exhibits and where its ledger stands."""
    folder = require_case_folder(case_folder)
    with open_case(folder, read_only=True) as store:
        case, exhibits, head, closing = store.case(), store.exhibits(), store.head(), store.closing()
        stamps = store.timestamp_status()
    answer.facts |= {
        "folder": str(folder),
        "case": json_value(case),
        "exhibits": json_value(exhibits),
        "ledger": json_value(head),
        "closing": json_value(closing),
        "timestamps": json_value(stamps),
    }
    facts = [
        *case_facts(case),
        ("State", "", state_of(closing)),
        ("Folder", "", folder),
        ("Ledger entries", "", head.size),
        *((name, "", value) for name, value in status_lines(stamps.last, stamps.waiting_since)),
    ]
    for line in corrected_lines(facts, case.corrections, history):
        answer.say(line)
    answer.say()
    answer.say("Exhibits:" if exhibits else "No exhibits yet.")
    for exhibit in exhibits:
        answer.say(f"  {exhibit.reference}  {exhibit.description}")


def state_of(closing: CaseClosing | None) -> str:
    """In words: open, closed since when, or open again since when; with the reason where one was told."""
    if closing is None:
        return "open"
    word = "closed" if closing.is_closed else "open again"
    because = f": {closing.reason}" if closing.reason else ""
    return f"{word} since {closing.at} (entry {closing.sequence}){because}"


def case_facts(case: Case) -> list[tuple[str, str, object]]:
    """The facts of a case in the order a person asks for them: label, field and value."""
    return [
        ("Case", "number", case.number),
        ("Title", "title", case.title),
        ("Agency", "agency", case.agency),
        ("Examiner", "examiner", case.examiner.name),
        ("Description", "description", case.description),
        ("Legal authority", "legal_authority", case.legal_authority),
        ("Opened", "", case.created),
        ("Ledger", "", case.ledger_id),
    ]
