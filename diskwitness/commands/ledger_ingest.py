"""`diskwitness ledger ingest`: this machine remembers a ledger, and finds it if it is ever different."""

import os
from pathlib import Path

import click

from casedb.json_values import Json
from diskwitness.answer import Answer, answering
from diskwitness.image_answer import finding_json, finding_text
from diskwitness.parameters import path
from image.errors import CaseError
from workflow.laboratory import read_laboratory
from workflow.time_authority import believed_authorities
from workflow.trusted_keys import trusted_keys
from workflow.witness import Ingested, ingest_bundle


@click.command("ingest")
@click.argument("bundle", type=path, metavar="BUNDLE")
@click.option("--into", type=path, required=True, metavar="FOLDER", help="Keep what was seen here.")
@answering
def command(answer: Answer, bundle: Path, into: Path) -> None:
    """Check BUNDLE, which `ledger export` wrote, against every state of its ledger that was seen here before.

    A ledger that was cut off, exchanged for an older one, rewritten or forked is refused with exit code 8.
    """
    done = ingest_bundle(bundle, into, believed_authorities((), read_laboratory()))
    found: list[Json] = [finding_json(item.finding) | {"entry": item.sequence} for item in done.check.findings]
    answer.facts |= {
        "ledger_id": done.check.ledger_id,
        "entries": done.check.entry_count,
        "seen_before": list(done.seen),
        "head": str(done.head) if done.head else None,
        "findings": found,
    }
    for item in done.check.findings:
        place = f"entry {item.sequence}: " if item.sequence else ""
        answer.say(f"  {place}{finding_text(item.finding)}")
    if not done.check.is_sound:
        answer.fail(CaseError("the ledger is refused: it is not the one that was seen, or not sound", str(bundle)))
        return
    _tell(answer, done)


def _tell(answer: Answer, done: Ingested) -> None:
    """Say what is remembered now."""
    before = f"goes on from entry {max(done.seen)}" if done.seen else "seen for the first time"
    answer.say(f"Ledger {done.check.ledger_id}: {done.check.entry_count} entries, {before}")
    answer.say(f"  kept as {done.head}" if done.head else "  it has no checkpoint to be kept")
    for key in done.check.unknown_signers(trusted_keys((), os.environ)):
        answer.warn(f"signed by a key that is not known here: {key.key.public}")
