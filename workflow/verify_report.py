"""Checking a report: what the file tells by itself, and what the ledger of its case says of it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from casedb.checkpoint import origin_of
from casedb.checkpoint_check import Copy, read_copy
from casedb.ledger_check import LedgerCheck, check_ledger
from image.bounded_files import read_bounded
from image.errors import CaseError
from image.findings import Finding, finding
from report.signing.revisions import Prefix, prefixes
from report.signing.values import Examination
from verify.verdict import Verdict, decide
from workflow.case_opening import read_case
from workflow.pdf_child import MAXIMUM_PDF_BYTES, Believed, examine_apart
from workflow.rebuilt_report import rebuilt_findings
from workflow.recorded_report import RecordedReport, recorded_findings
from workflow.redacted_reports import unknown_issue
from workflow.report_findings import file_findings, is_vouched_for

CHECKPOINT_INSIDE = "the checkpoint in the report"


@dataclass(frozen=True)
class ReportCheck:
    """What was found: the file with its SHA-256, what it says of itself, what the ledger knows of it, and why."""

    path: Path
    size_bytes: int
    sha256: str
    examination: Examination
    findings: tuple[Finding, ...]
    recorded: RecordedReport | None = None
    ledger: LedgerCheck | None = None

    @property
    def verdict(self) -> Verdict:
        """What the findings come to."""
        return decide(self.findings)


def verify_report(path: Path, case: Path | None, believed: Believed, keys: frozenset[str]) -> ReportCheck:
    """Check a report; `keys` are those whose signature under a ledger is believed. Writes nothing.

    Raises:
        ImageNotReadError: the file cannot be read, or is too large.
        CaseError: the case cannot be used, or its ledger is not what was written.
    """
    return check_report(read_bounded(path, MAXIMUM_PDF_BYTES, "report"), path, case, believed, keys)


def check_report(
    pdf: bytes, path: Path, case: Path | None, believed: Believed, keys: frozenset[str]
) -> ReportCheck:
    """Check the bytes of a report; see verify_report.

    Raises:
        CaseError: the case cannot be used, or its ledger is not what was written.
    """
    found = examine_apart(pdf, believed)
    cut = _cut(pdf)
    about_file = tuple(file_findings(found))
    if case is None:
        return ReportCheck(path, len(pdf), cut[-1].sha256, found, (*about_file, _without_case(found)))
    ledger, copy_findings = _check_ledger(case, found)
    recorded = _find(case, cut)
    told: tuple[Finding, ...] = ()
    if recorded is not None:
        built = rebuilt_findings(case, recorded.issued.report_id, found, recorded.redactions)
        told = (*recorded_findings(found, recorded, cut), *built)
    elif not any(item.code == "report-of-another-case" for item in copy_findings):
        told = (_unknown(case, ledger),)
    unknown = tuple(_unknown_signers(ledger, keys))
    findings = (*about_file, *copy_findings, *told, *unknown)
    return ReportCheck(path, len(pdf), cut[-1].sha256, found, findings, recorded, ledger)


def _cut(pdf: bytes) -> tuple[Prefix, ...]:
    """The file at the ends of its revisions, and whole."""
    cut = prefixes(pdf)
    if cut and cut[-1].size_bytes == len(pdf):
        return cut
    return (*cut, Prefix(len(pdf), hashlib.sha256(pdf).hexdigest()))


def _without_case(found: Examination) -> Finding:
    """What it means that no ledger was looked at."""
    if is_vouched_for(found):
        return finding("report-ledger-unseen", "give --case to compare the report with its ledger")
    return finding("report-unchecked", "give --case, or --trust with the certificate of the signer's authority")


def _check_ledger(case: Path, found: Examination) -> tuple[LedgerCheck, tuple[Finding, ...]]:
    """The ledger, also against the checkpoint in the file.

    Raises:
        CaseError: the case cannot be used, or the ledger is not what was written.
    """
    with read_case(case) as store:
        origin = origin_of(store.head().ledger_id)
    copies, told = _copies(found)
    if any(copy.checkpoint.origin != origin for copy in copies):
        told = (*told, finding("report-of-another-case", str(copies[0].checkpoint.origin)[:200]))
        copies = ()
    check = check_ledger(case, copies)
    if not check.is_sound:
        first = check.failures[0].finding
        raise CaseError(f"the record is not what was written ({first.code}: {first.detail})", str(case))
    return check, told


def _copies(found: Examination) -> tuple[tuple[Copy, ...], tuple[Finding, ...]]:
    """The checkpoint inside the file, if it has one."""
    if found.checkpoint is None:
        return (), ()
    try:
        return (read_copy(CHECKPOINT_INSIDE, found.checkpoint.encode()),), ()
    except ValueError as error:
        return (), (finding("report-checkpoint-unreadable", str(error)[:200]),)


def _find(case: Path, cut: Sequence[Prefix]) -> RecordedReport | None:
    """The report that this file begins with, as the ledger has it."""
    with read_case(case) as store:
        by_digest = {prefix.sha256: prefix.size_bytes for prefix in cut}
        issued = store.find_report([prefix.sha256 for prefix in cut])
        if issued is None or issued.sha256 not in by_digest:
            return None
        signatures, redactions = store.report_signatures(issued.report_id), store.redactions_since(issued)
        return RecordedReport(issued, signatures, by_digest[issued.sha256], redactions)


def _unknown(case: Path, ledger: LedgerCheck) -> Finding:
    """What it means that the ledger issued no such report, or does not tell of it any more."""
    with read_case(case) as store:
        redacted = store.redacted_reports()
    if redacted:
        return unknown_issue(redacted)
    return finding("report-altered", f"ledger {ledger.ledger_id}: no report that begins as this file does")


def _unknown_signers(ledger: LedgerCheck, keys: frozenset[str]) -> Iterator[Finding]:
    """Keys under the ledger that are not believed here."""
    for item in ledger.unknown_signers(keys):
        yield finding("report-ledger-signer-unknown", f"{item.key.public}; name the keys you believe with --key")
