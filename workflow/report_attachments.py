"""The files that a report carries with it: what bears it out and can be made again from the record alone."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from casedb.records import Acquisition, CaseRecord, ExhibitRecord, Manifest, Person, Verification
from image.badmap import map_of_bad_ranges
from image.manifest_file import encode_record
from image.mapfile import encode_mapfile
from report.attachments import Attachment, Relationship
from report.content import Record
from report.document import Report, ReportKind
from report.phrases import image_name
from report.subject import subject_of
from report.wording import say, speaking
from workflow.prove_outputs import VerificationRecord

if TYPE_CHECKING:
    from casedb.case_reader import CaseReader

CHECKPOINT_FILE, TOKEN_FILE, EXCERPT_FILE = "checkpoint.txt", "checkpoint.tsr", "ledger.jsonl"
STAMPED_FILE, STAMPED_TOKEN_FILE = "stamped-checkpoint.txt", "stamped-checkpoint.tsr"
LARGEST_BYTES = 32 * 1024 * 1024
"""Of one attached file; what is larger stays beside the image."""
_WITH_IMAGE = frozenset({ReportKind.ACQUISITION, ReportKind.VERIFICATION, ReportKind.STATEMENT})


def attachments_of(report: Report, record: Record, store: "CaseReader") -> tuple[Attachment, ...]:
    """Checkpoint and entries of the ledger; of an image its manifest, digests, map and the latest verification.

    `store` is a case that holds the entries that the report is made of. What is larger than LARGEST_BYTES is left
    out.
    """
    with speaking(report.issue.language):
        found = tuple(_attachments(report, record, store))
    return tuple(item for item in found if len(item.content) <= LARGEST_BYTES)


def attachment_digests(attachments: tuple[Attachment, ...]) -> dict[str, str]:
    """The SHA-256 of each file by its name."""
    return {item.name: hashlib.sha256(item.content).hexdigest() for item in attachments}


def _attachments(report: Report, record: Record, store: "CaseReader") -> Iterator[Attachment]:
    """One file after the other; a label carries the checkpoint alone."""
    checkpoint = report.issue.checkpoint
    if checkpoint is not None:
        what = say("Signed checkpoint of the ledger that the report was made of")
        yield Attachment(CHECKPOINT_FILE, "text/plain", Relationship.SUPPLEMENT, what, checkpoint.encode())
        yield from _timestamp(store, report)
    if report.kind is not ReportKind.LABEL:
        yield _excerpt(store, report, record)
        if report.issue.stamped is None:
            yield from _stamped(store, report.running.ledger_size)
    if isinstance(record, CaseRecord) or report.kind not in _WITH_IMAGE:
        return
    subject = subject_of(record)
    acquisition = subject.acquisition
    if acquisition is not None and acquisition.manifest is not None and acquisition.manifest.segments:
        yield from files_of_image(acquisition, acquisition.manifest)
        if subject.verification is not None:
            yield _of_verification(image_name(acquisition.manifest) or "image", subject.verification)


def _timestamp(store: "CaseReader", report: Report) -> Iterator[Attachment]:
    """The answer of a time-stamping authority for the checkpoint, where it has one."""
    proof = store.checkpoint_proof(report.running.ledger_size)
    if report.issue.stamped is not None and proof is not None and proof.token is not None:
        what = say("Timestamp of checkpoint.txt (RFC 3161)")
        yield Attachment(TOKEN_FILE, "application/timestamp-reply", Relationship.SUPPLEMENT, what, proof.token)


def files_of_image(acquisition: Acquisition, manifest: Manifest) -> Iterator[Attachment]:
    """The files of an image that its record can make again."""
    name = image_name(manifest) or "image"
    lines = "".join(f"{item.sha256}  {item.file}\n" for item in manifest.segments)
    what = say("SHA-256 of each segment file, for sha256sum")
    yield Attachment(f"{name}.sha256", "text/plain", Relationship.DATA, what, _encoded(lines))
    mapfile = _mapfile(manifest)
    what = say("Map of the sectors that were read and of those that were not (GNU ddrescue)")
    yield Attachment(f"{name}.map", "text/plain", Relationship.DATA, what, mapfile.encode())
    content = encode_record(manifest)
    same = hashlib.sha256(content).hexdigest() == acquisition.manifest_sha256
    beside = say("Manifest of the image, as it lies beside it")
    what = beside if same else say("Manifest of the image, as the record holds it")
    yield Attachment(f"{name}.manifest.json", "application/json", Relationship.SOURCE, what, content)


def _mapfile(manifest: Manifest) -> str:
    """The map of a finished image: every sector was read or given up."""
    media = manifest.media
    bad_map = map_of_bad_ranges(media.size_bytes // max(media.sector_size_bytes, 1), manifest.read.unreadable)
    return encode_mapfile(bad_map, media.sector_size_bytes)


def _of_verification(name: str, verification: Verification) -> Attachment:
    """The result of a verification, as it lies beside the image."""
    content = encode_record(VerificationRecord(verification.result.verdict.value, verification.result))
    what = say("Result of the latest verification")
    return Attachment(f"{name}.verification.json", "application/json", Relationship.SOURCE, what, content)


def _excerpt(store: "CaseReader", report: Report, record: Record) -> Attachment:
    """The entries that the report was made of, each with the proof that the checkpoint covers it."""
    records = record.exhibits if isinstance(record, CaseRecord) else (record,)
    exhibit = None if isinstance(record, CaseRecord) else record.exhibit.reference
    content = store.ledger_excerpt(exhibit, _people_of(records), _proven_size(report))
    what = say("Entries of the ledger that the report was made of, each with its proof (RFC 6962)")
    return Attachment(EXCERPT_FILE, "application/jsonl", Relationship.SOURCE, what, content)


def _proven_size(report: Report) -> int:
    """How many entries the checkpoint covers that goes out with the report: the proofs lead to its root."""
    checkpoint = report.issue.checkpoint
    return int(checkpoint.split("\n")[1]) if checkpoint is not None else report.running.ledger_size


def _stamped(store: "CaseReader", ledger_size: int) -> Iterator[Attachment]:
    """The last checkpoint that an authority stamped, and its answer."""
    proof = store.stamped_checkpoint(ledger_size)
    if proof is None or proof.token is None:
        return
    what = say("The checkpoint over {count} entries that an authority stamped", count=proof.size)
    yield Attachment(STAMPED_FILE, "text/plain", Relationship.SUPPLEMENT, what, proof.note.encode())
    what = say("The authority's answer for {file} (RFC 3161)", file=STAMPED_FILE)
    yield Attachment(STAMPED_TOKEN_FILE, "application/timestamp-reply", Relationship.SUPPLEMENT, what, proof.token)


def _people_of(records: Iterable[ExhibitRecord]) -> tuple[str, ...]:
    """The ids of those whom a report names."""
    people: list[Person | None] = []
    for record in records:
        people.append(record.case.examiner)
        for event in record.custody:
            people += (event.released_by, event.received_by, event.witness)
    return tuple(sorted({person.person_id for person in people if person is not None}))


def _encoded(text: str) -> bytes:
    """Text as bytes; half a surrogate pair is spelled out."""
    return text.encode("utf-8", "backslashreplace")
