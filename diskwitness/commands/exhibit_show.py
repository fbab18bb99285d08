"""`diskwitness exhibit show`: all that the record holds of an exhibit."""

from pathlib import Path

import click

from casedb.json_values import json_value
from casedb.records import Acquisition, Exhibit, ExhibitRecord
from casedb.store import open_case
from diskwitness.answer import Answer, answering
from diskwitness.attachment_lines import attachment_lines
from diskwitness.case_options import case_option
from diskwitness.commands.custody_show import custody_lines, redaction_lines
from diskwitness.correction_lines import corrected_lines
from diskwitness.custody_options import history_option
from diskwitness.fact_lines import digest_facts, fact_lines
from diskwitness.import_answer import import_lines
from diskwitness.parameters import text
from image.sectors import count_sectors
from report.phrases import bytes_text
from workflow.case_folder import require_case_folder


@click.command("show")
@click.argument("reference", type=text, metavar="REF")
@history_option
@case_option
@answering
def command(answer: Answer, case_folder: Path | None, reference: str, history: bool) -> None:
    """Show the exhibit REF: label, acquisitions, verifications, reports and custody."""
    with open_case(require_case_folder(case_folder), read_only=True) as store:
        record = store.exhibit_record(reference)
    answer.facts["record"] = json_value(record)
    for line in _record_lines(record, history):
        answer.say(line)
    for warning in record.custody_warnings:
        answer.warn(str(warning))


def _record_lines(record: ExhibitRecord, history: bool) -> list[str]:
    """The whole record as lines."""
    lines = corrected_lines(_exhibit_facts(record.exhibit), record.exhibit.corrections, history)
    lines += [f"Holds:       {part.reference}: {part.description}" for part in record.parts]
    for acquisition in record.acquisitions:
        lines += ["", *fact_lines(_acquisition_facts(acquisition))]
    for imported in record.imports:
        lines += ["", *import_lines(imported)]
    for verification in record.verifications:
        result = verification.result
        facts = [
            ("Verified", verification.recorded),
            ("Image", result.image_path),
            ("Verdict", result.verdict_text),
        ]
        lines += ["", *fact_lines(facts)]
    for report in record.reports:
        lines += ["", *fact_lines([("Report", report.kind), ("Issued", report.issued), ("File", report.file)])]
    lines += attachment_lines(record.attachments)
    lines += ["", "Custody:" if record.custody else "No custody events recorded."]
    lines += [f"  {line}" for event in record.custody for line in custody_lines(event, history)]
    return lines + redaction_lines(record)


def _exhibit_facts(exhibit: Exhibit) -> list[tuple[str, str, object]]:
    """What stands on the label and was noted when it was seized: label, field and value."""
    return [
        ("Exhibit", "", exhibit.reference),
        ("Description", "description", exhibit.description),
        ("Kind", "kind", exhibit.kind),
        ("Make", "make", exhibit.make),
        ("Model", "model", exhibit.model),
        ("Serial", "serial", exhibit.serial),
        ("Capacity", "capacity", exhibit.capacity),
        ("Condition", "condition", exhibit.condition),
        ("Seal", "seal_number", exhibit.seal_number),
        ("Found", "location", exhibit.location),
        ("Part of", "parent", exhibit.parent),
        ("Added", "", exhibit.added),
    ]


def _acquisition_facts(acquisition: Acquisition) -> list[tuple[str, object]]:
    """How an acquisition went, with its digests where it is complete."""
    facts: list[tuple[str, object]] = [
        ("Acquisition", f"ledger entry {acquisition.started_sequence}, {acquisition.state.value}"),
        ("Image", ", ".join(acquisition.paths)),
        ("Started", acquisition.started),
        ("Finished", acquisition.finished),
    ]
    if acquisition.reason:
        facts.append(("Reason", acquisition.reason))
    if acquisition.manifest:
        media, unreadable = acquisition.manifest.media, acquisition.manifest.read.unreadable
        facts += [("Media", bytes_text(media.size_bytes)), ("Unreadable sectors", count_sectors(unreadable))]
        facts += digest_facts(media.digests)
    return facts
