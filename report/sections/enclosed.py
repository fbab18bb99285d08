"""The files inside the PDF of a document: what each is, and the SHA-256 by which it is known."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from report.attachments import Attachment
from report.document import Column, Commands, Paragraph, Report, ReportKind, Section, Signatures, Table, in_words
from report.statements import ENCLOSED, TAKEN_OUT
from report.wording import english, say, speaking

_COLUMNS = (
    Column(english("File"), 18, code=True),
    Column(english("What it is"), 24),
    Column(english("Bytes"), 8, right=True),
    Column(english("SHA-256"), 62, code=True),
)


def with_enclosed(report: Report, attachments: Sequence[Attachment]) -> Report:
    """The same document with a section about its attachments, before the lines to sign where it ends with them.

    A label has no room for it.
    """
    if not attachments or report.kind is ReportKind.LABEL:
        return report
    sections, language = report.sections, report.issue.language
    at = len(sections) - 1 if sections and _is_for_signing(sections[-1]) else len(sections)
    with speaking(language):
        enclosed = enclosed_section(attachments)
    return replace(report, sections=(*sections[:at], enclosed, *sections[at:]))


def enclosed_section(attachments: Sequence[Attachment]) -> Section:
    """The section with every file."""
    rows = tuple(
        (item.name, item.description, str(len(item.content)), hashlib.sha256(item.content).hexdigest())
        for item in sorted(attachments, key=lambda item: item.name)
    )
    blocks = (
        Paragraph(say(ENCLOSED)),
        Table(say("Files in this document"), in_words(_COLUMNS), rows),
        Paragraph(say(TAKEN_OUT)),
        Commands(("pdfdetach -saveall REPORT.pdf",)),
    )
    return Section(say("Files in this document"), blocks)


def _is_for_signing(section: Section) -> bool:
    """Whether a section holds the lines to sign."""
    return any(isinstance(block, Signatures) for block in section.blocks)
