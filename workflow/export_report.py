"""Writing the record of an exhibit in a form that other programs read; the ledger is read and not written."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casedb.image_paths import REPORTS_FOLDER, safe_file_name
from image.times import Clock
from report.document import Issue, Letterhead
from report.entered import NAMES
from report.interchange.exported import Exported, exported_of
from report.interchange.formats import FOR_PEOPLE, SUFFIXES, ExportFormat, render_export
from report.wording import ENGLISH
from workflow.case_opening import read_case
from workflow.laboratory import Laboratory
from workflow.new_file import new_file
from workflow.sound_record import require_sound_record
from workflow.station import operator, program_version

if TYPE_CHECKING:
    from casedb.case_reader import CaseReader


@dataclass(frozen=True)
class ReportExported:
    """The file that was written, its SHA-256 and its size in bytes."""

    path: Path
    sha256: str
    size_bytes: int


def export_report(
    case_folder: Path,
    exhibit: str,
    export_format: ExportFormat,
    output: Path | None,
    laboratory: Laboratory,
    clock: Clock,
    language: str | None = None,
) -> ReportExported:
    """Write the record of this exhibit into a new file, by default in the case's `reports/`.

    `language` is that of the forms that people read; None is the laboratory's. The others are in English.

    Raises:
        UsageError: no such exhibit.
        CaseError: the case cannot be used, or its record was rewritten; nothing is written.
        DestinationError: the file exists or cannot be written.
    """
    require_sound_record(case_folder)
    wanted = language or laboratory.reports.language or ENGLISH
    spoken = wanted if export_format in FOR_PEOPLE else ENGLISH
    with read_case(case_folder) as store:
        exported = _exported(store, exhibit, laboratory, clock, spoken)
    content = render_export(exported, export_format)
    name = f"{safe_file_name(exhibit)}{SUFFIXES[export_format]}"
    path = output or case_folder / REPORTS_FOLDER / name
    with new_file(path, content):
        pass
    return ReportExported(path, hashlib.sha256(content).hexdigest(), len(content))


def _exported(store: "CaseReader", exhibit: str, laboratory: Laboratory, clock: Clock, language: str) -> Exported:
    """What is written: the record as it is now, with what the laboratory says in every report."""
    record = store.exhibit_record(exhibit)
    head = laboratory.letterhead
    issue = Issue(
        report_id="",
        issued=clock.now(),
        issuer=laboratory.examiner or operator(),
        letterhead=Letterhead(laboratory.agency, tuple(head.address), head.accreditation),
        language=language,
        entered={name: text for name, text in laboratory.reports.entered.items() if name in NAMES},
    )
    return exported_of(record, issue, program_version())
