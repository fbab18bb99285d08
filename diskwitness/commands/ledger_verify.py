"""`diskwitness ledger verify`: the proof that the record was not rewritten."""

import os
from pathlib import Path

import click

from casedb.checkpoint_check import KnownKey
from casedb.image_paths import CHECKPOINTS_FOLDER
from casedb.json_values import Json, json_value
from casedb.ledger_check import LedgerCheck, check_ledger
from diskwitness.answer import Answer, answering
from diskwitness.attachment_lines import checked_json, checked_lines
from diskwitness.case_options import case_option, named_case
from diskwitness.cosigner_lines import cosigner_facts, cosigner_json, cosigners_in
from diskwitness.exit_codes import ExitCode
from diskwitness.fact_lines import fact_lines
from diskwitness.image_answer import finding_json, finding_text
from diskwitness.parameters import path
from diskwitness.timestamp_text import status_lines
from diskwitness.trust_options import checkpoint_option, key_option
from image.errors import CaseError
from report.phrases import counted
from workflow.attached_files import check_attached_files, require_unaltered
from workflow.checkpoint_files import read_copies
from workflow.laboratory import read_laboratory
from workflow.time_authority import believed_authorities
from workflow.trusted_keys import trusted_keys

OWN_COPIES = f"{CHECKPOINTS_FOLDER}/"


@click.command("verify")
@click.argument("case", type=path, required=False, metavar="[CASE]")
@case_option
@checkpoint_option
@key_option
@click.option(
    "--authority",
    "authorities",
    type=path,
    multiple=True,
    metavar="FILE",
    help="Believe the time-stamping authorities of these certificates (PEM); repeatable.",
)
@answering
def command(
    answer: Answer,
    case: Path | None,
    case_folder: Path | None,
    checkpoints: tuple[str, ...],
    keys: tuple[Path, ...],
    authorities: tuple[Path, ...],
) -> None:
    """Check the ledger of CASE: entries, chain, payloads, tables made from them, tree, checkpoints, keys."""
    folder = named_case(case, case_folder)
    trusted = trusted_keys(keys, os.environ)
    copies = read_copies(checkpoints)
    cosigners = cosigners_in(copies, trusted)
    check = check_ledger(folder, copies, believed_authorities(authorities, read_laboratory()))
    answer.facts |= _facts(folder, check, trusted) | {"cosigners": cosigner_json(cosigners)}
    _tell(answer, folder, check, trusted, cosigner_facts(cosigners, copies, trusted))
    if not check.is_sound:
        first = f"entry {check.first_bad_entry}" if check.first_bad_entry else str(folder)
        answer.fail(
            CaseError("the record is not what was written", first, "Keep the file as it is, and find out why")
        )
    elif check.unknown_signers(trusted):
        answer.apply(ExitCode.INDETERMINATE)
        answer.warn("a key that is not known here signed it: name the keys you believe with --key")
    elif check.unknown_authorities:
        answer.apply(ExitCode.INDETERMINATE)
        answer.warn("an authority that is not known here time-stamped it: name its certificates with --authority")
    if check.is_sound:
        _answer_attached(answer, folder)


def _answer_attached(answer: Answer, folder: Path) -> None:
    """Compare the attached files with their record; one that differs fails the proof."""
    checked = check_attached_files(folder)
    answer.facts["attachments"] = checked_json(checked)
    for line in checked_lines(checked):
        answer.say(f"  {line}")
    require_unaltered(checked)


def _tell(
    answer: Answer, folder: Path, check: LedgerCheck, trusted: frozenset[str], more: list[tuple[str, object]]
) -> None:
    """Print what was found."""
    answer.say(verdict(check, trusted))
    facts: list[tuple[str, object]] = [
        ("Case", folder),
        ("Ledger", check.ledger_id),
        ("Entries", check.entry_count),
    ]
    facts += [("Last entry", check.head_sha256)]
    facts += [("Signed by", _signer(key, trusted)) for key in check.keys if key.checkpoint_count]
    facts += status_lines(check.last_timestamp, check.waiting_since)
    facts += [("Authority", f"{name} (not known here)") for name in check.unknown_authorities]
    facts += [("Answers to", where) for where in check.confirmed if not where.startswith(OWN_COPIES)]
    for line in fact_lines([*facts, *more], "  "):
        answer.say(line)
    for found in check.findings:
        place = f"entry {found.sequence}: " if found.sequence else ""
        answer.say(f"  {place}{finding_text(found.finding)}")
    for sequence in check.redacted:
        answer.say(f"  entry {sequence}: its payload was redacted, and a later entry says so")


def verdict(check: LedgerCheck, trusted: frozenset[str]) -> str:
    """In words: whether the record is what was written, and by whom that is known."""
    if not check.is_sound:
        return "NOT SOUND"
    if check.unknown_signers(trusted):
        return "SIGNER UNKNOWN"
    return "AUTHORITY UNKNOWN" if check.unknown_authorities else "SOUND"


def _signer(key: KnownKey, trusted: frozenset[str]) -> str:
    """One key: its public half, whether it is known, and how it came into the ledger."""
    known = "known here" if key.key.public in trusted else "not known here"
    return f"{key.key.public} ({known}; {key.origin.value}; {counted(key.checkpoint_count, 'checkpoint')})"


def _facts(folder: Path, check: LedgerCheck, trusted: frozenset[str]) -> dict[str, Json]:
    """The fields of the JSON answer."""
    found: list[Json] = [finding_json(item.finding) | {"entry": item.sequence} for item in check.findings]
    keys: list[Json] = [
        {
            "public_key": item.key.public,
            "known": item.key.public in trusted,
            "since_entry": item.since,
            "until_entry": item.until,
            "checkpoints": item.checkpoint_count,
        }
        for item in check.keys
    ]
    return {
        "folder": str(folder),
        "verdict": verdict(check, trusted),
        "sound": check.is_sound,
        "ledger_id": check.ledger_id,
        "entries": check.entry_count,
        "last_entry_sha256": check.head_sha256,
        "last_checkpoint": str(check.last_checkpoint) if check.last_checkpoint else None,
        "keys": keys,
        "timestamps": [json_value(item) for item in check.timestamps],
        "waiting_since": json_value(check.waiting_since),
        "confirmed": json_value(check.confirmed),
        "first_bad_entry": check.first_bad_entry,
        "findings": found,
        "redacted": json_value(check.redacted),
    }
