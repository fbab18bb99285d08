"""What the record fills into a statement, by name."""

from casedb.records import Verification
from report.document import Issue
from report.phrases import (
    bytes_text,
    digest_name,
    digest_order,
    format_text,
    image_name,
    instant_text,
    person_text,
    told_text,
    verdict_text,
)
from report.sections.reading import unreadable_text
from report.subject import Subject
from report.wording import english

LABELS = {
    "case-number": english("Case number"),
    "exhibit": english("Exhibit"),
    "description": english("Description"),
    "make": english("Make"),
    "label-model": english("Model on the label"),
    "label-serial": english("Serial number on the label"),
    "device-model": english("Model as the device reports it"),
    "device-serial": english("Serial number as the device reports it"),
    "device-wwn": english("World wide name"),
    "capacity": english("Capacity of the source"),
    "image": english("Image"),
    "image-format": english("Format of the image"),
    "image-files": english("Segment files of the image"),
    "acquired-from": english("Acquisition started"),
    "acquired-to": english("Acquisition finished"),
    "examiner": english("Examiner"),
    "acquired-by": english("Acquired by (account)"),
    "acquired-with": english("Acquired with"),
    "acquired-on": english("Computer that acquired"),
    "algorithms": english("Hash algorithms"),
    "source-hash": english("Hash values of the data read from the source"),
    "image-hash": english("Hash values of the image, computed again"),
    "verified": english("Verification finished"),
    "verified-with": english("Verified with"),
    "verdict": english("Result of the verification"),
    "unreadable": english("Unreadable sectors"),
    "laboratory": english("Laboratory"),
    "ledger": english("Ledger"),
    "ledger-size": english("Entries in the ledger"),
    "ledger-root": english("Root of the ledger"),
    "issued": english("Date of this document"),
}
HASHES = frozenset({"source-hash", "image-hash"})
CODES = frozenset({"ledger", "ledger-root"})
"""What is printed in letters of one width, as digests are."""
HASH_SEPARATOR = "; "


def record_values(subject: Subject, verification: Verification | None, issue: Issue) -> dict[str, str | None]:
    """Every value of LABELS, None where the record holds nothing."""
    return {
        **dict.fromkeys(LABELS),
        **_exhibit_values(subject),
        **_image_values(subject),
        **_verification_values(verification),
        "laboratory": issue.letterhead.agency or subject.record.case.agency,
        "ledger": subject.record.head.ledger_id,
        "ledger-size": str(subject.record.head.size),
        "ledger-root": subject.record.head.root_sha256,
        "issued": instant_text(issue.issued),
    }


def _exhibit_values(subject: Subject) -> dict[str, str | None]:
    """The matter and the thing."""
    case, exhibit = subject.record.case, subject.record.exhibit
    return {
        "case-number": case.number,
        "exhibit": exhibit.reference,
        "description": told_text(exhibit.description),
        "make": exhibit.make,
        "label-model": exhibit.model,
        "label-serial": exhibit.serial,
        "examiner": person_text(case.examiner),
    }


def _image_values(subject: Subject) -> dict[str, str | None]:
    """The device and the image that was made of it."""
    manifest = subject.manifest
    if manifest is None:
        return {}
    job, digests = manifest.job, manifest.media.digests
    return {
        "device-model": job.source.model,
        "device-serial": job.source.serial,
        "device-wwn": job.source.wwn,
        "capacity": bytes_text(job.source.size_bytes),
        "image": image_name(manifest),
        "image-format": format_text(job.parameters.format),
        "image-files": str(len(manifest.segments)),
        "acquired-from": instant_text(job.started),
        "acquired-to": instant_text(manifest.finished),
        "acquired-by": job.host.operator,
        "acquired-with": f"{job.tool.name} {job.tool.version} (SHA-256 {job.tool.program_sha256})",
        "acquired-on": job.host.hostname,
        "algorithms": ", ".join(digest_name(name) for name in digest_order(digests)) or None,
        "source-hash": _digests_text(digests),
        "unreadable": unreadable_text(manifest),
    }


def _verification_values(verification: Verification | None) -> dict[str, str | None]:
    """The last verification."""
    if verification is None:
        return {}
    version, sha256 = verification.tool_version, verification.program_sha256
    return {
        "image-hash": _digests_text(verification.result.digests),
        "verified": instant_text(verification.result.finished),
        "verified-with": f"diskwitness {version} (SHA-256 {sha256})" if version else None,
        "verdict": verdict_text(verification.result),
    }


def _digests_text(digests: dict[str, str]) -> str | None:
    """Hash values with their algorithms in one line."""
    return HASH_SEPARATOR.join(f"{digest_name(name)} {digests[name]}" for name in digest_order(digests)) or None
