"""Every document that can be made of a record, each of its kinds."""

from collections.abc import Iterator
from dataclasses import replace

from casedb.records import CaseRecord, CustodyKind, ExhibitRecord
from report.content import KINDS, build_report
from report.document import Issue, Paper, Report, ReportKind
from report.entered import NAMES
from tests.report.samples import ISSUE
from workflow.statement_templates import read_template

CHECKPOINT = (
    "diskwitness.local/ledger/b7c1f0de-0000-4000-8000-000000000001\n10\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 diskwitness.local/ledger/b7c1f0de-0000-4000-8000-000000000001 "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
STATEMENTS = ("free", "us-fre-902-11", "us-fre-902-14", "in-bsa-63", "uk-cja-9")


def documents(record: ExhibitRecord, paper: Paper = Paper.A4, entered: str = "as told") -> Iterator[Report]:
    """Every document of this exhibit and of a case that has it twice, on this paper."""
    issue = replace(
        ISSUE,
        paper=paper,
        checkpoint=CHECKPOINT,
        entered={"classification": entered} | dict.fromkeys(NAMES, entered),
    )
    case = CaseRecord(record.case, (record, record), record.reports, record.head)
    for kind, made in KINDS.items():
        if made.of_case is not None:
            yield build_report(kind, case, issue)
        if made.of_exhibit is not None:
            yield from (build_report(kind, record, item) for item in _issues(kind, record, issue, entered))


def labels(record: ExhibitRecord, paper: Paper) -> Report:
    """The labels of a case that has this exhibit twice."""
    case = CaseRecord(record.case, (record, record), record.reports, record.head)
    return build_report(ReportKind.LABEL, case, replace(ISSUE, paper=paper, checkpoint=CHECKPOINT))


def _issues(kind: ReportKind, record: ExhibitRecord, issue: Issue, entered: str) -> Iterator[Issue]:
    """The ways in which this kind is issued of the record."""
    if kind is ReportKind.STATEMENT:
        for name in STATEMENTS:
            _, template = read_template(name)
            told = {field.name: entered for field in template.fields}
            yield replace(issue, statement=template, entered={**issue.entered, **told})
    elif kind is ReportKind.VERIFICATION:
        yield replace(issue, about=record.verifications[-1].sequence)
    elif kind is ReportKind.RECEIPT:
        handed = [event for event in record.custody if event.kind is CustodyKind.TRANSFER]
        yield replace(issue, about=handed[-1].sequence)
    else:
        yield issue
