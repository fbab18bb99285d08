"""A checked report as `report verify` answers it: JSON fields, and lines for a person."""

from collections.abc import Iterator

from casedb.json_values import Json, json_value
from diskwitness.fact_lines import fact_lines
from diskwitness.image_answer import finding_json, finding_lines, sorted_findings
from report.signing.values import Examination, SignatureFacts, Trust
from workflow.verify_report import ReportCheck


def check_json(check: ReportCheck) -> dict[str, Json]:
    """The fields of the JSON answer; sizes in bytes."""
    found, recorded = check.examination, check.recorded
    return {
        "verdict": check.verdict.value,
        "path": str(check.path),
        "size": check.size_bytes,
        "sha256": check.sha256,
        "revisions": found.revision_count,
        "signatures": json_value(found.signatures),
        "timestamps": json_value(found.stamps),
        "attachments": json_value(found.attachments),
        "checkpoint": found.checkpoint,
        "report": json_value(recorded.issued) if recorded else None,
        "issued_bytes": recorded.issued_bytes if recorded else None,
        "recorded_signatures": json_value(recorded.signatures) if recorded else None,
        "ledger_id": check.ledger.ledger_id if check.ledger else None,
        "findings": [finding_json(item) for item in sorted_findings(check.findings)],
    }


def check_lines(check: ReportCheck) -> list[str]:
    """A checked report as a person reads it: verdict first, then why, then what was found."""
    facts: list[tuple[str, object]] = [("SHA-256", check.sha256)]
    if check.recorded is not None:
        issued = check.recorded.issued
        facts += [("Report", f"{issued.report_id}, ledger entry {issued.sequence}, issued {issued.issued}")]
        facts += [("Issued bytes", f"the first {check.recorded.issued_bytes} of {check.size_bytes}")]
    facts += _facts(check.examination)
    return [
        f"{check.verdict.value}  {check.path}",
        *finding_lines(check.findings),
        *fact_lines(facts, "  "),
    ]


def _facts(found: Examination) -> Iterator[tuple[str, object]]:
    """Signatures, timestamps and attachments."""
    for signature in found.signatures:
        yield "Signature", _signature_text(signature)
    for stamp in found.stamps:
        yield "Timestamp", f"{stamp.stamp.at}, {stamp.stamp.certificate.subject} ({stamp.stamp.trust.value})"
    for item in found.attachments:
        yield "Attachment", f"{item.name}, {item.size_bytes} bytes, SHA-256 {item.sha256}"


def _signature_text(signature: SignatureFacts) -> str:
    """One signature: in which part, whose, when, and how far it is believed."""
    whose = signature.certificate.subject if signature.certificate else "nobody"
    stamp = signature.stamp
    proven = stamp is not None and stamp.holds and stamp.trust is Trust.TRUSTED
    at = f"{stamp.at} (timestamp)" if stamp is not None and proven else f"{signature.claimed_at} (its own word)"
    state = "holds" if signature.holds else "does not hold"
    return f"{signature.field}: {whose}, {at}; {state}, certificate {signature.trust.value}"
