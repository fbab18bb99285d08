"""The formats of an export, each with what makes it and what its file is called."""

from collections.abc import Callable
from enum import Enum

from report.interchange.case_json import render_case
from report.interchange.dfxml import render_dfxml
from report.interchange.exported import Exported
from report.interchange.html_page import render_html
from report.interchange.record_json import render_json
from report.text import render_text


class ExportFormat(Enum):
    """In which form the record is written; the value is its name on the command line."""

    CASE = "case"
    DFXML = "dfxml"
    JSON = "json"
    TEXT = "text"
    HTML = "html"


FOR_PEOPLE = frozenset({ExportFormat.TEXT, ExportFormat.HTML})
"""What is read as it is, in a language; the others name things as their schemas do."""
SUFFIXES = {
    ExportFormat.CASE: ".case.jsonld",
    ExportFormat.DFXML: ".dfxml",
    ExportFormat.JSON: ".record.json",
    ExportFormat.TEXT: ".record.txt",
    ExportFormat.HTML: ".html",
}
_RENDERERS: dict[ExportFormat, Callable[[Exported], str]] = {
    ExportFormat.CASE: render_case,
    ExportFormat.DFXML: render_dfxml,
    ExportFormat.JSON: render_json,
    ExportFormat.TEXT: lambda exported: render_text(exported.report),
    ExportFormat.HTML: render_html,
}


def render_export(exported: Exported, export_format: ExportFormat) -> bytes:
    """The record in this format, UTF-8; the same record, issue and version give the same bytes."""
    return _RENDERERS[export_format](exported).encode("utf-8", "backslashreplace")
