"""What stands on every page around the text: case, exhibit and report above, ledger and page number below."""

from report.document import Report
from report.pdf.sheet import Sheets
from report.pdf.structure import Artifact
from report.pdf.style import FOOT_HEIGHT, HEAD_HEIGHT, MARGIN, RULE, SMALL
from report.pdf.typeset import Typesetter
from report.phrases import ledger_text
from report.wording import say

_HEAD_HEX = 16


class PageFrame:
    """The frame of a document's pages; measures are points."""

    def __init__(self, report: Report, setter: Typesetter) -> None:
        self._report = report
        self._setter = setter
        self._page_width, self._page_height = report.issue.paper.value
        self.left = MARGIN
        self.width = self._page_width - 2 * MARGIN
        self.top = self._page_height - MARGIN - HEAD_HEIGHT + 14
        self.height = self.top - MARGIN - FOOT_HEIGHT + 18

    def draw(self, sheets: Sheets, number: int, count: int) -> None:
        """Draw the running head and foot of one page."""
        with sheets.held(Artifact.PAGINATION):
            self._draw(sheets, number, count)

    def _draw(self, sheets: Sheets, number: int, count: int) -> None:
        """The head and the foot."""
        running, issue = self._report.running, self._report.issue
        reference = running.exhibit_reference
        exhibit = f"   {say('Exhibit {reference}', reference=reference)}" if reference is not None else ""
        classification = f"   {running.classification}" if running.classification else ""
        above = f"{say('Case {number}', number=running.case_number)}{exhibit}{classification}"
        report = say("{report}, version {version}", report=issue.report_id, version=issue.version)
        self._line(sheets, self._page_height - MARGIN + 10, above, report, below=True)
        ledger = ledger_text(running.ledger_size, running.ledger_root[:_HEAD_HEX])
        self._line(
            sheets, MARGIN - 16, ledger, say("Page {number} of {count}", number=number, count=count), below=False
        )

    def _line(self, sheets: Sheets, y: float, at_left: str, at_right: str, *, below: bool) -> None:
        """Two texts in one line of the frame, and the rule beside it."""
        end = self._setter.cut(at_right, SMALL, self.width / 2 - 10)
        start = self._setter.cut(at_left, SMALL, self.width - end.width - 20)
        sheets.text(self.left, y, start, SMALL, None)
        sheets.text(self.left + self.width - end.width, y, end, SMALL, None)
        edge = y - 5 if below else y + 10
        sheets.rule(self.left, edge, self.left + self.width, edge, RULE, 0.5)
