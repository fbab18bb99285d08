"""Attachments as screens and JSON tell them."""

from collections.abc import Iterable

from casedb.attachment_check import CheckedAttachment, FileState
from casedb.json_values import Json, json_value
from casedb.records import Attachment
from diskwitness.fact_lines import fact_lines
from report.phrases import bytes_text

MAXIMUM_SHOWN = 20


def attachment_lines(attachments: Iterable[Attachment]) -> list[str]:
    """The attachments of an exhibit, each as facts behind an empty line."""
    lines: list[str] = []
    for item in attachments:
        facts: list[tuple[str, object]] = [
            ("Attached", item.name),
            ("Kind", f"{item.media_type}, {bytes_text(item.size_bytes)}"),
            ("SHA-256", item.sha256),
            ("File", item.file),
            ("Entry", item.sequence),
        ]
        facts += [("Belongs to entry", item.event)] if item.event is not None else []
        facts += [("Description", item.description)] if item.description else []
        lines += ["", *fact_lines(facts)]
    return lines


def checked_lines(checked: tuple[CheckedAttachment, ...]) -> list[str]:
    """How many attached files are as recorded, and each that is not or was not checked."""
    if not checked:
        return []
    odd = [item for item in checked if item.state is not FileState.PRESENT]
    lines = [f"Attached files: {len(checked) - len(odd)} of {len(checked)} are what was recorded"]
    shown = [(item.attachment, item.state.value) for item in odd[:MAXIMUM_SHOWN]]
    lines += [f"  entry {attachment.sequence}: {attachment.file}: {state}" for attachment, state in shown]
    return [*lines, f"  and {len(odd) - MAXIMUM_SHOWN} more"] if len(odd) > MAXIMUM_SHOWN else lines


def checked_json(checked: tuple[CheckedAttachment, ...]) -> Json:
    """The same for scripts."""
    return [
        {
            "entry": item.attachment.sequence,
            "file": item.attachment.file,
            "state": item.state.name.lower(),
            "sha256": item.attachment.sha256,
            "found_sha256": json_value(item.found_sha256),
        }
        for item in checked
    ]
