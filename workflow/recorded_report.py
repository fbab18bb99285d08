"""A report against the ledger of its case: was it issued so, and are the signatures those recorded?"""

from collections.abc import Iterator
from dataclasses import dataclass

from casedb.amendments import Redaction
from casedb.records import IssuedReport, ReportSignature
from image.findings import Finding, finding
from report.signing.revisions import Prefix
from report.signing.values import Examination, SignatureFacts
from workflow.report_findings import ROLES, signer_text


@dataclass(frozen=True)
class RecordedReport:
    """What the ledger holds of a report, and how much of the file is exactly what was issued (0: nothing of it).

    `redactions` took away what it was made from, after it was issued.
    """

    issued: IssuedReport
    signatures: tuple[ReportSignature, ...]
    issued_bytes: int
    redactions: tuple[Redaction, ...] = ()


def recorded_findings(
    found: Examination, recorded: RecordedReport, prefixes: tuple[Prefix, ...]
) -> Iterator[Finding]:
    """What the ledger says of this file; `prefixes` are the file cut at the ends of its revisions, whole last."""
    if found.problem is None and found.first_bytes not in (recorded.issued_bytes, recorded.issued_bytes + 1):
        told = f"the file's first revision has {found.first_bytes} bytes, the issued report {recorded.issued_bytes}"
        yield finding("report-addition", told)
    known = {item.sha256 for item in recorded.signatures}
    if found.problem is not None and prefixes[-1].sha256 not in {*known, recorded.issued.sha256}:
        yield finding("report-addition", f"what stands behind the issued report cannot be read: {found.problem}")
    for signature in found.signatures:
        yield from _signature_findings(signature, recorded)
    if not found.signatures and recorded.signatures:
        yield finding("report-signed-elsewhere", f"{len(recorded.signatures)} signatures are recorded")
    if prefixes and prefixes[-1].sha256 not in known and _is_beyond(found, recorded, prefixes):
        yield finding("report-signed-differs", "the file is none of those that the ledger recorded")


def _signature_findings(signature: SignatureFacts, recorded: RecordedReport) -> Iterator[Finding]:
    """One signature against those of its role."""
    role = ROLES.get(signature.field)
    same_role = [item for item in recorded.signatures if role is not None and item.role == role.value]
    own = signature.certificate.sha256 if signature.certificate else None
    if not same_role:
        yield finding("report-signature-unrecorded", signer_text(signature))
    elif own not in {item.certificate_sha256 for item in same_role}:
        expected = same_role[-1].certificate_sha256
        yield finding("report-signer-differs", signer_text(signature), expected=expected, found=own)


def _is_beyond(found: Examination, recorded: RecordedReport, prefixes: tuple[Prefix, ...]) -> bool:
    """Whether the file bears more than the last recorded file in it, and no signature or timestamp covers that.

    Somebody may sign, or stamp anew, without the case; then there is one more than the ledger knows of.
    """
    recorded_files = {item.sha256 for item in recorded.signatures}
    if not recorded_files or not found.signatures:
        return False
    if not any(prefix.sha256 in recorded_files for prefix in prefixes):
        return any(_is_recorded(item, recorded) for item in found.signatures)
    longest = max(prefix.size_bytes for prefix in prefixes if prefix.sha256 in recorded_files)
    reaches = [item.covered_bytes for item in found.signatures] + [item.covered_bytes for item in found.stamps]
    return max(reaches) <= longest


def _is_recorded(signature: SignatureFacts, recorded: RecordedReport) -> bool:
    """Whether the ledger knows a signature of this role by this certificate."""
    role = ROLES.get(signature.field)
    return any(
        role is not None
        and item.role == role.value
        and signature.certificate is not None
        and item.certificate_sha256 == signature.certificate.sha256
        for item in recorded.signatures
    )
