"""What is to be said of an examined report: findings, each with its reason. No I/O.

The ledger's part is in recorded_report.py; here stands what the file tells by itself.
"""

from collections.abc import Iterator

from image.findings import Finding, finding
from report.signing.values import Changes, Examination, SignatureFacts, SigningRole, StampFacts, Trust

ROLES = {role.field_name: role for role in SigningRole}

_DISTRUST = {
    Trust.UNKNOWN: "report-signer-unknown",
    Trust.EXPIRED: "report-signer-expired",
    Trust.NOT_YET_VALID: "report-signer-early",
    Trust.REVOKED: "report-signer-revoked",
    Trust.UNFIT: "report-signer-unfit",
}


def file_findings(found: Examination) -> Iterator[Finding]:
    """What the file tells against itself, or leaves open."""
    if found.problem is not None:
        yield finding("report-unreadable", found.problem)
        return
    if found.tail is not None:
        yield finding("report-tail", found.tail)
    if found.additions is not None:
        yield finding("report-addition", found.additions)
    for name in found.visible:
        yield finding("report-visible-addition", f"the field {name[:100]!r} covers part of a page")
    if found.attachments_problem is not None:
        yield finding("report-attachments-unreadable", found.attachments_problem)
    for item in found.attachments:
        if item.problem is not None:
            yield finding("report-attachment", f"{item.name[:200]}: {item.problem}")
    for signature in found.signatures:
        yield from signature_findings(signature)
    for stamp in found.stamps:
        yield from _stamp_findings(f"the timestamp {stamp.field}", stamp.stamp)
        if stamp.changes is Changes.FORBIDDEN:
            yield finding(
                "report-changed-after-signing", f"the file was changed behind the timestamp {stamp.field}"
            )


def signature_findings(signature: SignatureFacts) -> Iterator[Finding]:
    """What there is to say of one signature."""
    who = signer_text(signature)
    if not signature.holds:
        yield finding("report-signature-broken", f"{who}: {signature.problem}")
    if signature.changes is Changes.FORBIDDEN:
        yield finding("report-changed-after-signing", f"{who}: {signature.detail or 'not as it allows'}")
    role = ROLES.get(signature.field)
    if role is None:
        yield finding("report-field-unknown", f"{who} signs in the field {signature.field[:100]!r}")
    elif role.certifies is not signature.certifies:
        told = "does not certify" if role.certifies else "certifies"
        yield finding("report-role", f"{who} {told}")
    if not signature.holds:
        return
    yield from _trust_findings(signature, who)
    if signature.stamp is None:
        yield finding("report-not-stamped", who)
    else:
        yield from _stamp_findings(who, signature.stamp)


def signer_text(signature: SignatureFacts) -> str:
    """A signature in a few words: its field and whose it is."""
    subject = signature.certificate.subject if signature.certificate else "nobody"
    return f"{signature.field[:100]}, {subject}"


def _trust_findings(signature: SignatureFacts, who: str) -> Iterator[Finding]:
    """Whether the signer's certificate is believed."""
    if signature.trust is not Trust.TRUSTED:
        yield finding(_DISTRUST[signature.trust], f"{who}: the certificate is {signature.trust.value}")
    elif signature.revocation_named and not signature.revocation_checked:
        yield finding("report-revocation-unknown", who)


def _stamp_findings(who: str, stamp: StampFacts) -> Iterator[Finding]:
    """Whether a timestamp holds and is believed."""
    if not stamp.holds:
        yield finding("report-stamp-broken", who)
    elif stamp.trust is not Trust.TRUSTED:
        yield finding("report-stamp-unknown", f"{who}: {stamp.certificate.subject} is {stamp.trust.value}")


def is_vouched_for(found: Examination) -> bool:
    """Whether an examiner who is believed stands for the file."""
    return any(
        item.holds
        and item.trust is Trust.TRUSTED
        and item.certifies
        and ROLES.get(item.field) is SigningRole.EXAMINER
        for item in found.signatures
    )
