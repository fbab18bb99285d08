"""What redactions leave of the proof of a report: its bytes and signatures, not what it was made from."""

from collections.abc import Iterator, Sequence

from casedb.amendments import Redaction
from image.findings import Finding, finding


def redaction_findings(report_id: str, since: Sequence[Redaction]) -> Iterator[Finding]:
    """Which entries took away what the report was made from; its content cannot be built again without that."""
    for item in since:
        told = f"report {report_id}: {_taken(item)} since it was issued"
        yield finding("report-redacted", told)


def unknown_issue(redacted: Sequence[Redaction]) -> Finding:
    """What it means that no issued report is known that begins as this file, where one was redacted."""
    told = "; ".join(map(_taken, redacted[:10]))
    return finding("report-issue-redacted", f"no report that begins as this file does is known; {told}")


def _taken(item: Redaction) -> str:
    """One redaction in words."""
    return (
        f"entry {item.sequence} took away entry {item.redacted_sequence} ({item.entry_type}) "
        f"by order of {item.authority}"
    )
