"""`diskwitness case import`: a case from a bag, checked wholly."""

import os
from pathlib import Path

import click

from casedb.json_values import json_value
from casedb.registry import register_case
from diskwitness.answer import Answer, answering
from diskwitness.exit_codes import ExitCode
from diskwitness.parameters import path
from diskwitness.trust_options import checkpoint_option, key_option
from image.errors import CaseError
from workflow.checkpoint_files import read_copies
from workflow.import_case import ImportedCase, import_case
from workflow.trusted_keys import trusted_keys


@click.command("import")
@click.argument("bag", type=path, metavar="BAG")
@click.argument("folder", type=path, metavar="DIR")
@checkpoint_option
@key_option
@answering
def command(answer: Answer, bag: Path, folder: Path, checkpoints: tuple[str, ...], keys: tuple[Path, ...]) -> None:
    """Check the BAG that `case export` made and let it be the case in the new folder DIR.

    Every file, the ledger and its checkpoints are checked first; of a bag that is not what was written nothing is
    imported. Where no known key signed the ledger, the case is imported and the exit code is 7.
    """
    trusted = trusted_keys(keys, os.environ)
    done = import_case(bag, folder, read_copies(checkpoints))
    answer.facts |= _facts(folder, done)
    answer.say(
        f"Case {done.case.number} imported into {folder}: {done.check.entry_count} entries, all checks passed"
    )
    for item in done.not_here:
        answer.say(f"  Not in the bag: {item.path} ({item.what}, entry {item.entry})")
    for place in done.also_at:
        answer.warn(f"this workstation has the same ledger in {place} too: record in one of them only")
    if done.check.unknown_signers(trusted):
        answer.apply(ExitCode.INDETERMINATE)
        answer.warn("a key that is not known here signed it: name the keys you believe with --key")
    try:
        register_case(folder)
    except CaseError as error:
        answer.warn(str(error))


def _facts(folder: Path, done: ImportedCase) -> dict[str, object]:
    """The fields of the JSON answer."""
    return {
        "folder": str(folder.resolve()),
        "case": json_value(done.case),
        "closing": json_value(done.closing),
        "entries": done.check.entry_count,
        "files": done.file_count,
        "confirmed": json_value(done.check.confirmed),
        "not_in_the_bag": json_value(done.not_here),
        "also_at": json_value(done.also_at),
    }
