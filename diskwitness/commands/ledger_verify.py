"""`diskwitness ledger verify`: the proof that the record was not rewritten."""

from pathlib import Path

import click

from casedb.ledger_check import LedgerCheck, check_ledger
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.fact_lines import fact_lines
from diskwitness.image_answer import finding_json, finding_text
from diskwitness.json_values import Json, json_value
from diskwitness.parameters import path
from image.errors import CaseError, UsageError
from workflow.case_folder import require_case_folder


@click.command("verify")
@click.argument("case", type=path, required=False, metavar="[CASE]")
@case_option
@answering
def command(answer: Answer, case: Path | None, case_folder: Path | None) -> None:
    """Check the ledger of CASE: entries, their chain and payloads, and every table made from them."""
    if case and case_folder:
        raise UsageError("the case is named twice", do="Give CASE or --case, not both")
    folder = require_case_folder(case or case_folder)
    check = check_ledger(folder)
    answer.facts |= _facts(folder, check)
    facts = [("Case", folder), ("Ledger", check.ledger_id), ("Entries", check.entry_count)]
    answer.say("SOUND" if check.is_sound else "NOT SOUND")
    for line in fact_lines([*facts, ("Last entry", check.head_sha256)], "  "):
        answer.say(line)
    for found in check.findings:
        place = f"entry {found.sequence}: " if found.sequence else ""
        answer.say(f"  {place}{finding_text(found.finding)}")
    for sequence in check.redacted:
        answer.say(f"  entry {sequence}: its payload was redacted, and a later entry says so")
    if not check.is_sound:
        first = f"entry {check.first_bad_entry}" if check.first_bad_entry else str(folder)
        answer.fail(
            CaseError("the record is not what was written", first, "Keep the file as it is, and find out why")
        )


def _facts(folder: Path, check: LedgerCheck) -> dict[str, Json]:
    """The fields of the JSON answer."""
    found: list[Json] = [finding_json(item.finding) | {"entry": item.sequence} for item in check.findings]
    return {
        "folder": str(folder),
        "sound": check.is_sound,
        "ledger_id": check.ledger_id,
        "entries": check.entry_count,
        "last_entry_sha256": check.head_sha256,
        "first_bad_entry": check.first_bad_entry,
        "findings": found,
        "redacted": json_value(check.redacted),
    }
