"""Signing a report: looked at, signed, looked at again, entered in the ledger, and only then given its name."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from casedb.image_paths import recorded_path
from casedb.records import IssuedReport, ReportSignature
from casedb.submissions import NewSignature
from image.bounded_files import read_bounded
from image.errors import CaseError, UsageError
from image.findings import Severity
from image.times import Clock
from report.signing.errors import SigningError
from report.signing.values import CertificateFacts, Examination, SignatureLevel, SigningRole
from workflow.case_opening import write_case
from workflow.new_file import new_file
from workflow.pdf_child import MAXIMUM_PDF_BYTES, Believed, examine_apart
from workflow.report_findings import ROLES, file_findings
from workflow.verify_report import ReportCheck, check_report

if TYPE_CHECKING:
    from report.signing.credentials import Signer
    from report.signing.stamping import Ask


@dataclass(frozen=True)
class SigningOrder:
    """What is wanted: which file, in which role, where to (None: beside it), what is said with the signature."""

    report: Path
    role: SigningRole
    output: Path | None = None
    reason: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class ReportSigned:
    """The signed file; `entry` is what the ledger has of it, None where it was signed without a case."""

    path: Path
    sha256: str
    role: SigningRole
    certificate: CertificateFacts
    level: SignatureLevel
    entry: ReportSignature | None


@dataclass(frozen=True)
class Instruments:
    """What it is signed with: the key, what is believed, and the way to an authority for time, if any."""

    signer: "Signer"
    believed: Believed
    ask: "Ask | None" = None


def sign_report(case: Path | None, order: SigningOrder, tools: Instruments, clock: Clock) -> ReportSigned:
    """Put one more signature under a report, into a new file.

    Raises:
        UsageError: it cannot be signed in this role, or with this key, or the authority for time does not answer.
        CaseError: the report is not what was issued, or the case cannot be used; nothing is written.
        DestinationError: the file exists or cannot be written.
    """
    pdf = read_bounded(order.report, MAXIMUM_PDF_BYTES, "report")
    check = check_report(pdf, order.report, case, tools.believed, frozenset())
    _require_sound(check)
    _require_turn(check.examination, order)
    with _told(order.report):
        signed, certificate, level = _signed(pdf, order, tools, clock)
    _require_holding(signed, tools.believed, order)
    path = order.output or _beside(order)
    made = ReportSigned(path, hashlib.sha256(signed).hexdigest(), order.role, certificate, level, None)
    with new_file(path, signed):
        if case is not None and check.recorded is not None:
            made = replace(made, entry=_record(case, check.recorded.issued, made, clock))
    return made


def _record(case: Path, issued: IssuedReport, made: ReportSigned, clock: Clock) -> ReportSignature:
    """Enter the signature in the ledger."""
    with write_case(case, clock) as store:
        told = NewSignature(
            report_id=issued.report_id,
            role=made.role.value,
            signer=made.certificate.subject,
            certificate_sha256=made.certificate.sha256,
            level=made.level.value,
            file=recorded_path(store.folder, made.path),
            sha256=made.sha256,
        )
        return store.record_signature(issued.exhibit, told)


def _signed(
    pdf: bytes, order: SigningOrder, tools: Instruments, clock: Clock
) -> tuple[bytes, CertificateFacts, SignatureLevel]:
    """The signed bytes, whose signature it is, and how long it can be checked.

    Raises:
        SigningError: what stands in the way.
    """
    from report.signing.certificates import read_certificates, read_revocations
    from report.signing.credentials import require_usable, signer_certificate
    from report.signing.putting import Means, Wording, put_signature

    certificate = require_usable(signer_certificate(tools.signer), clock.now())
    roots = tuple(item for data in tools.believed.roots for item in read_certificates(data))
    crls = tuple(item for data in tools.believed.crls for item in read_revocations(data))
    means = Means(roots, crls, tools.ask)
    wording = Wording(None, order.reason, order.place, clock.now())
    return put_signature(pdf, order.role, tools.signer, means, wording), certificate, means.level


def _require_sound(check: ReportCheck) -> None:
    """Refuse to sign what is not as it was issued.

    Raises:
        CaseError: it is not, or it cannot be told.
    """
    bad = [item for item in check.findings if item.severity is Severity.FAILURE]
    if check.examination.problem is not None:
        raise CaseError(f"not signed: {check.examination.problem}", str(check.path), "Issue the report again")
    if bad:
        what = f"not signed: the report is not as it was issued ({bad[0].code}: {bad[0].detail})"
        raise CaseError(what, str(check.path), "See what it is: diskwitness report verify")
    if check.ledger is not None and check.recorded is None:
        raise CaseError("not signed: the report is of another case", str(check.path), "Name its case with --case")


def _require_turn(found: Examination, order: SigningOrder) -> None:
    """The examiner signs first, then the others, each once.

    Raises:
        UsageError: it is not this one's turn.
    """
    signed = {ROLES[item.field] for item in found.signatures if item.field in ROLES}
    if order.role in signed:
        raise UsageError(f"the {order.role.value} has signed this file already", str(order.report))
    if order.role.certifies and found.signatures:
        raise UsageError("the examiner signs first", str(order.report), "Sign the file as it was issued")
    if not order.role.certifies and SigningRole.EXAMINER not in signed:
        raise UsageError(
            f"the examiner signs before the {order.role.value}", str(order.report), "Give the file that they signed"
        )


def _require_holding(signed: bytes, believed: Believed, order: SigningOrder) -> None:
    """Look at the signature before anyone else does.

    Raises:
        CaseError: it does not hold.
    """
    found = examine_apart(signed, believed)
    bad = [item for item in file_findings(found) if item.severity is Severity.FAILURE]
    if found.problem or bad:
        told = found.problem or f"{bad[0].code}: {bad[0].detail}"
        raise CaseError(f"not signed: the signature would not hold ({told})", str(order.report))


def _beside(order: SigningOrder) -> Path:
    """The name of the signed file: JB1-R1-acquisition-signed-examiner.pdf, then ...-examiner-reviewer.pdf."""
    stem = order.report.stem
    word = order.role.value if "-signed-" in stem else f"signed-{order.role.value}"
    return order.report.with_name(f"{stem}-{word}.pdf")


@contextmanager
def _told(where: Path) -> Iterator[None]:
    """Turn what stands in the way into an error of ours.

    Raises:
        UsageError: the key, the certificate, the file or the authority for time.
    """
    try:
        yield
    except SigningError as error:
        raise UsageError(f"not signed: {error.what}", str(where), error.do) from error
    except OSError as error:
        what = f"not signed: the time-stamping authority cannot be reached ({error})"
        raise UsageError(what, str(where), "Try again, or give --without-timestamp") from error
