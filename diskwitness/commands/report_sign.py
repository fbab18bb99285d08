"""`diskwitness report sign`: a signature under a report, by certificate."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.end_of_job import stamp_recorded
from diskwitness.fact_lines import fact_lines
from diskwitness.parameters import path, text
from diskwitness.passphrase import read_passphrase
from image.errors import UsageError
from report.signing.values import SigningRole
from workflow.case_folder import find_case_folder
from workflow.clock import SystemClock
from workflow.laboratory import read_laboratory
from workflow.sign_report import Instruments, ReportSigned, SigningOrder, sign_report
from workflow.signing_beliefs import read_believed
from workflow.signing_keys import open_signer, open_token_signer
from workflow.signing_stamps import way_to_authority

if TYPE_CHECKING:
    from report.signing.credentials import Signer

ROLES = [role.value for role in SigningRole]


@click.command("sign")
@click.argument("report", type=path, metavar="FILE.pdf")
@click.option("--as", "role", type=click.Choice(ROLES), required=True, help="In which part; the examiner is first.")
@click.option("--p12", type=path, metavar="FILE", help="Key and certificate, as PKCS#12.")
@click.option(
    "--pkcs11", "token", type=text, metavar="URI", help="Key and certificate in a token, named as RFC 7512 says."
)
@click.option(
    "--passphrase-file", type=path, metavar="FILE", help="Its first line opens the key; else it is asked."
)
@click.option("--output", type=path, metavar="FILE.pdf", help="Where to; default: beside the report.")
@click.option("--reason", type=text, help="Why it is signed, to be shown with the signature.")
@click.option("--place", type=text, help="Where it is signed, to be shown with the signature.")
@click.option("--without-timestamp", is_flag=True, help="Do not ask the time-stamping authority.")
@click.option("--unrecorded", is_flag=True, help="Sign without a case; no ledger will know of it.")
@case_option
@answering
def command(
    answer: Answer,
    case_folder: Path | None,
    report: Path,
    role: str,
    p12: Path | None,
    token: str | None,
    passphrase_file: Path | None,
    output: Path | None,
    reason: str | None,
    place: str | None,
    without_timestamp: bool,
    unrecorded: bool,
) -> None:
    """Sign FILE.pdf into a new file, and enter the signature in the ledger; FILE.pdf stays as it is."""
    clock, laboratory = SystemClock(), read_laboratory()
    case = None if unrecorded else find_case_folder(case_folder)
    if case is None and not unrecorded:
        raise UsageError("no case", do="Give --case DIR, or --unrecorded to sign without a ledger")
    order = SigningOrder(report, SigningRole(role), output, reason, place)
    believed = read_believed((), laboratory, clock)
    ask = None if without_timestamp else way_to_authority(laboratory)
    with _signer(p12, token, passphrase_file) as signer:
        signed = sign_report(case, order, Instruments(signer, believed, ask), clock)
    answer.facts |= {
        "path": str(signed.path),
        "sha256": signed.sha256,
        "role": role,
        "level": signed.level.value,
        "certificate": json_value(signed.certificate),
        "signature": json_value(signed.entry),
    }
    _tell(answer, signed)
    if signed.entry is not None and case is not None and not without_timestamp:
        stamp_recorded(answer, case)


def _signer(p12: Path | None, token: str | None, passphrase_file: Path | None) -> "AbstractContextManager[Signer]":
    """The key that is named, open.

    Raises:
        UsageError: none is named, or two, or it cannot be used.
    """
    if (p12 is None) == (token is None):
        raise UsageError("one key must be named", do="Give --p12 FILE or --pkcs11 URI")
    if p12 is not None:
        return open_signer(p12, read_passphrase(passphrase_file, p12))
    named = token or ""
    pin = None if "pin-source" in named else read_passphrase(passphrase_file, Path("the token"))
    return open_token_signer(named, pin)


def _tell(answer: Answer, signed: ReportSigned) -> None:
    """Print what was made."""
    facts: list[tuple[str, object]] = [
        ("Signed as", signed.role.value),
        ("By", signed.certificate.subject),
        ("File", signed.path),
        ("SHA-256", signed.sha256),
        ("Level", signed.level.value),
    ]
    for line in fact_lines([*facts, ("Ledger entry", signed.entry.sequence if signed.entry else "none")]):
        answer.say(line)
