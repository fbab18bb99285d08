"""What is ordered when a report is issued, and what is refused before anything is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from casedb.records import ExhibitRecord
from image.errors import UsageError
from report.content import KINDS, Record
from report.document import Paper, ReportKind
from report.entered import NAMES
from report.statement_template import DECLARANT, StatementTemplate
from report.wording import ENGLISH, LANGUAGES
from workflow.report_settings import Wanted

MAXIMUM_ENTERED_CHARACTERS = 10_000
PAPERS = {
    "A4": Paper.A4,
    "Letter": Paper.LETTER,
    "62x29": Paper.LABEL_62X29,
    "100x50": Paper.LABEL_100X50,
}


@dataclass(frozen=True)
class ReportOrder:
    """What is wanted: which kind, about which exhibit (None: the whole case), where to (None: into the case).

    `amendment` says why it is issued anew, `entry` which verification or hand-over it is for, `template` names that
    of a statement, `entered` is what a person told for this report, `language` what it is to be printed in (None:
    as the template or the laboratory has it).
    """

    exhibit: str | None
    kind: ReportKind
    output: Path | None
    paper: str
    amendment: str | None = None
    entry: int | None = None
    template: str | None = None
    entered: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None


def require_possible(order: ReportOrder) -> None:
    """Refuse an order that no record could fulfil.

    Raises:
        UsageError: says what is missing or too much.
    """
    kind = KINDS[order.kind]
    if order.exhibit is None and kind.of_case is None:
        raise UsageError(f"a report of kind {order.kind.value} is about one exhibit", "", "Name the exhibit")
    if order.exhibit is not None and kind.of_exhibit is None:
        raise UsageError(f"a report of kind {order.kind.value} is about the whole case", "", "Name no exhibit")
    if order.entry is not None and kind.entry_of is None:
        raise UsageError(f"a report of kind {order.kind.value} is not made for one entry", "", "Leave --entry out")
    if (order.template is None) is (order.kind is ReportKind.STATEMENT):
        do = "Name one with --template" if order.template is None else "Leave --template out"
        raise UsageError(f"a report of kind {order.kind.value} and its template do not fit", "", do)
    if PAPERS[order.paper].is_label and order.kind is not ReportKind.LABEL:
        raise UsageError(f"paper {order.paper} is for labels", "", "Choose A4 or Letter")


def entered_of(
    order: ReportOrder, of_laboratory: Mapping[str, str], template: StatementTemplate | None
) -> dict[str, str]:
    """What is entered for the report: of the laboratory what this document knows, and all that was told for it.

    Raises:
        UsageError: a name that the document does not know, or a text out of all measure.
    """
    known = {*NAMES, *((DECLARANT, *(item.name for item in template.fields)) if template else ())}
    for name, text in order.entered.items():
        if name not in known:
            raise UsageError(f"no document knows {name!r}", "--enter", f"One of: {', '.join(sorted(known))}")
        if len(text) > MAXIMUM_ENTERED_CHARACTERS:
            raise UsageError(
                f"{name} has {len(text)} characters", "--enter", f"At most {MAXIMUM_ENTERED_CHARACTERS}"
            )
    return {name: text for name, text in of_laboratory.items() if name in known} | dict(order.entered)


def language_of(order: ReportOrder, of_laboratory: str | None, template: StatementTemplate | None) -> str:
    """The language of the document: of the template where it names one, as ordered, the laboratory's, or English.

    Raises:
        UsageError: it is ordered in another language than its template is written in, or in one that is not known.
    """
    written = template.language if template is not None else None
    for language in filter(None, (order.language, written)):
        if language not in LANGUAGES:
            raise UsageError(f"no document is in {language!r}", "", f"One of: {', '.join(LANGUAGES)}")
    if order.language and written and order.language != written:
        raise UsageError(f"the template {order.template} is written in {written!r}", "", "Leave --language out")
    return written or order.language or of_laboratory or ENGLISH


def as_version(wanted: Wanted, order: ReportOrder, record: Record) -> Wanted:
    """What is wanted, with its place among the reports of the same kind about the same thing.

    Raises:
        UsageError: it was issued before, and nobody says why it is issued again.
    """
    kind = KINDS[order.kind]
    about = order.template
    if kind.entry_of is not None and isinstance(record, ExhibitRecord):
        about = str(kind.entry_of(record, order.entry))
    earlier = [item for item in record.reports if item.kind == order.kind.value and item.about == about]
    if not earlier:
        return replace(wanted, about=about)
    last = earlier[-1]
    if kind.is_issued_once and not (wanted.amendment or "").strip():
        told = f"{last.report_id} was issued already, at {last.issued}"
        raise UsageError(told, last.file, "Say why it is issued again: --amendment TEXT")
    return replace(wanted, about=about, version=last.version + 1, supersedes=last.report_id)
