"""The end of a document: how to check it, what it covers, and who stands for it."""

import shlex
from collections.abc import Iterable, Mapping

from casedb.records import Acquisition, Case, CaseRecord, ExhibitRecord, IssuedReport, Manifest
from report.document import (
    Block,
    Column,
    Commands,
    Fact,
    Facts,
    Issue,
    Paragraph,
    Section,
    Signatures,
    Signer,
    Table,
    in_words,
)
from report.phrases import digest_order, image_name, instant_text
from report.sections.checkpoint import ledger_facts
from report.statements import (
    ABSENT,
    CHECKING,
    FACTS_ONLY,
    GLYPHS,
    HOLDS_CHECKPOINT,
    IN_FULL,
    ONLY_THIS_EXHIBIT,
    STAMPED,
    TIMES,
)
from report.terms import term
from report.wording import english, say

_LARGEST_NUMBERED_SET = 999
_OTHER_COLUMNS = (
    Column(english("Ledger entry"), 14, right=True),
    Column(english("Started"), 28),
    Column(english("State"), 14),
    Column(english("Image"), 44),
)
_STAMP_CHECK = (
    "pdfdetach -savefile checkpoint.tsr -o checkpoint.tsr REPORT.pdf",
    "openssl ts -verify -in checkpoint.tsr -data checkpoint.txt -CAfile AUTHORITY.pem",
)
ISSUED_COLUMNS = (
    Column(english("Report"), 13),
    Column(english("Kind"), 16),
    Column(english("Issued"), 24),
    Column(english("SHA-256"), 67, code=True),
)


def checking_section(
    manifest: Manifest | None, record: ExhibitRecord | CaseRecord | None, issue: Issue | None = None
) -> Section:
    """The section for whoever wants to check: lines to type, and what each of them does."""
    blocks: list[Block] = [Paragraph(say(CHECKING))]
    if manifest is not None and manifest.segments:
        for why, lines in _checks(manifest):
            blocks += [Paragraph(why), Commands(lines)]
    if record is not None:
        for why, lines in _record_checks(issue):
            blocks += [Paragraph(why), Commands(lines)]
        blocks.append(Facts(ledger_facts(record.head)))
    return Section(say("How to check this report"), tuple(blocks))


def statements_section(only_this: str = ONLY_THIS_EXHIBIT) -> Section:
    """The section on what the document covers and how to read it."""
    told = (FACTS_ONLY, only_this, IN_FULL, ABSENT, TIMES, GLYPHS)
    return Section(say("About this document"), tuple(Paragraph(say(text)) for text in told))


def signatures_section(record: ExhibitRecord | CaseRecord, entered: Mapping[str, str]) -> Section:
    """The section with the lines of examiner, reviewer and authoriser."""
    return Section(say("Signatures"), (Signatures((examiner(record.case), *_reviewers(entered))),))


def review_section(entered: Mapping[str, str]) -> Section:
    """The section with the lines of reviewer and authoriser, where the examiner signs elsewhere."""
    return Section(say("Review and authorisation"), (Signatures(_reviewers(entered)),))


def examiner(case: Case) -> Signer:
    """The line of the examiner."""
    return Signer(say("Examiner"), case.examiner.name, field="Examiner")


def _reviewers(entered: Mapping[str, str]) -> tuple[Signer, ...]:
    """The lines of reviewer and authoriser."""
    return (
        Signer(say("Reviewer"), entered.get("reviewer"), field="Reviewer"),
        Signer(say("Authorised by"), entered.get("authoriser"), field="Authoriser"),
    )


def others_section(record: ExhibitRecord, others: tuple[Acquisition, ...]) -> Section | None:
    """The section with other acquisitions and earlier reports of the exhibit, or None when there are none."""
    blocks: list[Block] = []
    if others:
        blocks.append(
            Table(
                say("Other acquisitions of this exhibit"),
                in_words(_OTHER_COLUMNS),
                tuple(_other(item) for item in others),
            )
        )
    if record.reports:
        issued = issued_rows(record.reports)
        blocks.append(Table(say("Reports issued earlier"), in_words(ISSUED_COLUMNS), issued))
    return Section(say("Other acquisitions and reports"), tuple(blocks)) if blocks else None


def issue_facts(issue: Issue) -> tuple[Fact, ...]:
    """What tells this issue of the report from any other."""
    replaced = (Fact(say("Supersedes"), issue.supersedes), Fact(say("Reason for the new version"), issue.amendment))
    return (
        Fact(say("Report"), version_text(issue)),
        Fact(say("Issued"), instant_text(issue.issued)),
        Fact(say("Issued by"), issue.issuer),
        *(replaced if issue.supersedes or issue.amendment else ()),
    )


def version_text(issue: Issue) -> str:
    """Id and version of a report."""
    return say("{report}, version {version}", report=issue.report_id, version=issue.version)


def _checks(manifest: Manifest) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Why and how: the lines that check the files of this image."""
    name, first = image_name(manifest) or "", manifest.segments[0].file
    sidecar, mapfile = shlex.quote(f"{name}.sha256"), shlex.quote(f"{name}.map")
    return (
        (say("Are the files still those that were written (GNU coreutils)?"), (f"sha256sum -c {sidecar}",)),
        *_foreign_checks(manifest, name, first),
        (
            say("The same and more, by the program that made the image:"),
            (f"diskwitness verify {shlex.quote(first)}",),
        ),
        (say("Which sectors were unreadable (GNU ddrescue)?"), (f"ddrescuelog -t {mapfile}",)),
    )


def _foreign_checks(manifest: Manifest, name: str, first: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines that compute the hash values with programs of others."""
    if manifest.job.parameters.format in {"e01", "ewf-e01"}:
        return ((say("Do the stored hash values fit the data (libewf)?"), (f"ewfverify {shlex.quote(first)}",)),)
    programs = [f"{item}sum" for item in digest_order(manifest.media.digests) if item.startswith(("sha", "md"))]
    why = say("Do the hash values of this report fit the data (GNU coreutils)?")
    if len(manifest.segments) == 1:
        return ((why, tuple(f"{program} {shlex.quote(first)}" for program in programs)),)
    if len(manifest.segments) > _LARGEST_NUMBERED_SET:
        return ()
    files = f"{shlex.quote(name)}.[0-9][0-9][0-9]"
    return ((why, tuple(f"cat {files} | {program}" for program in programs)),)


def _record_checks(issue: Issue | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Why and how: the lines that check the record, with what this report brings along."""
    sound = (say("The case folder: is the record still what it was?"), ("diskwitness ledger verify",))
    if issue is None or issue.checkpoint is None:
        return (sound,)
    taken_out = "pdfdetach -savefile checkpoint.txt -o checkpoint.txt REPORT.pdf"
    compared = (say(HOLDS_CHECKPOINT), (taken_out, "diskwitness ledger verify --checkpoint checkpoint.txt"))
    return (sound, compared, (say(STAMPED), _STAMP_CHECK)) if issue.stamped else (sound, compared)


def issued_rows(reports: Iterable[IssuedReport]) -> tuple[tuple[str | None, ...], ...]:
    """Reports that were issued earlier, as rows."""
    return tuple(_issued(item) for item in reports)


def _other(item: Acquisition) -> tuple[str | None, ...]:
    """One other acquisition."""
    return (
        str(item.started_sequence),
        instant_text(item.started),
        term(item.state.value),
        ", ".join(item.paths) or None,
    )


def _issued(item: IssuedReport) -> tuple[str | None, ...]:
    """One report that was issued earlier."""
    return item.report_id, issued_kind(item), instant_text(item.issued), item.sha256


def issued_kind(item: IssuedReport) -> str:
    """The kind and version of a report that was issued, and what it replaced."""
    told = say("{kind}, version {version}", kind=term(item.kind), version=item.version)
    return say("{told}, for {report}", told=told, report=item.supersedes) if item.supersedes else told
