"""Every kind of document: its text whole as golden files, hostile strings, and facts that agree with the record."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from casedb.records import CustodyKind, ExhibitRecord, Method, Verdict
from image.findings import finding
from report.document import Facts, Headline, Labels, Paper, Report, ReportKind, Section
from report.kinds.label import bar_code_text
from report.kinds.nothing import NothingToReport
from report.kinds.statement import require_verified, unknown_places
from report.pdf.render import render_pdf
from report.phrases import NOT_RECORDED, short_size
from report.statement_template import decode_template
from report.subject import subject_of
from report.text import render_text
from tests.report.samples import (
    HEALTHY,
    ISSUE,
    at,
    damaged_record,
    healthy_record,
    many_scripts_record,
    record_of,
    verified,
)
from tests.report.test_text import check
from tests.report.told_documents import HOSTILE_TOLD, NOTE, TEMPLATES, case_of, document_of, template
from tests.sim.verapdf import require_compliance

NUMBER = re.compile(r"(?<![\w.:-])\d+(?![\w:.-]*\w)")
OTHER_KINDS = [kind for kind in ReportKind if kind not in {ReportKind.ACQUISITION, ReportKind.CUSTODY}]


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_the_text_of_every_document_is_the_golden_one(kind: ReportKind) -> None:
    check(f"{kind.value}-healthy.txt", render_text(document_of(kind, healthy_record())))


@pytest.mark.parametrize("kind", ReportKind)
def test_hostile_strings_in_every_field_print_visibly_escaped(kind: ReportKind) -> None:
    text = render_text(document_of(kind, damaged_record(4, 3), told=HOSTILE_TOLD))
    check(f"{kind.value}-hostile.txt", text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e\u2028\ufeff]", text)
    assert not [line for line in text.splitlines() if line.startswith("Verdict")]
    text.encode("utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_fills_its_places_and_says_that_it_is_a_draft(name: str) -> None:
    text = render_text(document_of(ReportKind.STATEMENT, healthy_record(), statement=name))
    check(f"statement-{name}.txt", text)
    assert "DRAFT - to be reviewed by counsel" in text
    assert not re.search(r"\{[a-z]", text)
    assert unknown_places(template(name)) == ()


def test_a_value_brings_no_place_of_its_own() -> None:
    told = {"declarant": "{exhibit}", "text": "{source-hash} {declarant}"}
    text = render_text(document_of(ReportKind.STATEMENT, healthy_record(), told=told, statement="free"))
    assert "{source-hash} {declarant}" in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title = 'x'",
        "title = 'x'\nparts = []",
        "title = 'x'\nparts = [{title = 'a', paragraphs = 'b'}]",
        "title = 'x'\nfields = [{name = 'A B', label = 'c'}]\nparts = [{title = 'a', paragraphs = []}]",
        "title = 'x'\nparts = [{title = 'a', paragraphs = ['" + "y" * 70_000 + "']}]",
        "[" * 10_000,
        "\udcff",
    ],
)
def test_what_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="template"):
        decode_template(text)


def test_a_place_that_nothing_fills_is_named() -> None:
    wrong = decode_template("title = 'x'\nparts = [{title = 'a', paragraphs = ['{exhibit} {b}'], facts = ['c']}]")
    assert unknown_places(wrong) == ("b", "c")


@pytest.mark.parametrize(
    ("verdict", "word"),
    [(Verdict.PASSED, "MATCH"), (Verdict.FAILED, "MISMATCH"), (Verdict.INDETERMINATE, "INCOMPLETE")],
)
def test_every_verdict_gets_its_certificate(verdict: Verdict, word: str) -> None:
    code = {Verdict.PASSED: (), Verdict.FAILED: ("segment-digest",), Verdict.INDETERMINATE: ("segment-missing",)}
    record = record_of(HEALTHY, verified(HEALTHY, tuple(finding(name, "seen") for name in code[verdict])))
    assert record.verifications[0].result.verdict is verdict
    [headline] = [
        item for item in blocks(document_of(ReportKind.VERIFICATION, record)) if isinstance(item, Headline)
    ]
    assert headline.word == word


def test_a_segment_that_differs_stands_first_and_one_that_is_gone_is_named() -> None:
    changed = replace(HEALTHY.segments[20], sha256="0" * 64)
    result = replace(verified(HEALTHY), segments=(*HEALTHY.segments[:20], changed, *HEALTHY.segments[22:]))
    text = render_text(document_of(ReportKind.VERIFICATION, record_of(HEALTHY, result)))
    rows = [line.split() for line in text.splitlines() if re.match(r"  JB1\.E\d\d", line)]
    assert {(rows[0][0], rows[0][-1]), (rows[1][0], rows[1][-1])} == {
        ("JB1.E21", "DIFFERS"),
        ("JB1.E22", "MISSING"),
    }
    assert "22 agree with the record" in text


def test_a_statement_needs_a_verification_that_passed_decoded_the_data_and_is_recent() -> None:
    now, good = at(15), verified(HEALTHY)
    require_verified(subject_of(record_of(HEALTHY, good)), now, 0 + 1)
    refused = {
        "never verified": record_of(HEALTHY, None),
        "FAILED": record_of(HEALTHY, verified(HEALTHY, (finding("segment-digest", "seen"),))),
        "segment files alone": record_of(HEALTHY, replace(good, method=Method.SEGMENTS)),
        "more than 1 days ago": record_of(HEALTHY, replace(good, finished=at(1, day=1))),
        "no complete image": replace(healthy_record(), acquisitions=()),
    }
    for told, record in refused.items():
        with pytest.raises(NothingToReport, match=told):
            require_verified(subject_of(record), now, 1)


def test_a_receipt_is_for_the_latest_hand_over_or_the_one_that_was_asked_for() -> None:
    latest = render_text(document_of(ReportKind.RECEIPT, healthy_record()))
    asked = render_text(document_of(ReportKind.RECEIPT, healthy_record(), replace(ISSUE, about=6)))
    assert "Maud Okafor" in latest
    assert "PC Imran Hale" in asked
    none = replace(healthy_record(), custody=())
    for record, about in ((none, None), (healthy_record(), 7)):
        with pytest.raises(NothingToReport):
            document_of(ReportKind.RECEIPT, record, replace(ISSUE, about=about))


def test_a_label_names_no_person() -> None:
    record = healthy_record()
    text = "\n".join(
        f"{label.title} {label.lines} {label.bar_code} {label.qr_code}"
        for block in blocks(document_of(ReportKind.LABEL, record))
        if isinstance(block, Labels)
        for label in block.labels
    )
    assert "JB1" in text
    assert NOTE in text.replace("\\n", "\n") or NOTE in text
    people = [record.case.examiner, *(event.received_by for event in record.custody)]
    assert not [person.name for person in people if person and person.name in text]


@pytest.mark.parametrize(
    ("reference", "said"), [("JB1/2", "JB1/2"), ("Ä1", None), ("x" * 25, None), ("a\tb", None)]
)
def test_a_bar_code_says_the_reference_or_nothing(reference: str, said: str | None) -> None:
    assert bar_code_text(reference) == said


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_every_number_of_a_document_is_in_the_record(kind: ReportKind) -> None:
    record = healthy_record()
    known = set(numbers_in((record, ISSUE, case_of(record), NOTE)))
    report = document_of(kind, record)
    allowed = known | counts_of(record) | {str(number) for number in range(len(report.sections) + 1)}
    told = " ".join(value for value in values_of(report) if value != NOT_RECORDED)
    unknown = {number for number in NUMBER.findall(told) if number not in allowed}
    assert not unknown


def counts_of(record: ExhibitRecord) -> set[str]:
    """What can be counted in a record: its lists, sums of sizes, elapsed seconds."""
    result, manifest = record.verifications[0].result, HEALTHY
    seconds = round((result.finished.as_datetime() - result.started.as_datetime()).total_seconds())
    spoken = {str(seconds), str(seconds // 3600), str(seconds % 3600 // 60), str(seconds % 60)}
    sizes = (sum(item.size_bytes for item in manifest.segments), manifest.media.size_bytes)
    return {
        str(len(manifest.segments)),
        *map(str, sizes),
        *spoken,
        *(short_size(item).split()[0] for item in sizes),
    }


def numbers_in(value: object) -> Iterator[str]:
    """Every number inside a value and its texts."""
    if isinstance(value, str):
        yield from re.findall(r"\d+", value)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif is_dataclass(value):
        yield from (number for item in fields(value) for number in numbers_in(getattr(value, item.name)))
        yield from re.findall(r"\d+", str(value)) if type(value).__name__ == "Instant" else ()
    elif isinstance(value, dict):
        yield from numbers_in((*value, *value.values()))
    elif isinstance(value, tuple | list):
        yield from (number for item in value for number in numbers_in(item))


def blocks(report: Report) -> list[object]:
    """Every block of a report."""
    return [block for section in report.sections for block in section.blocks]


def values_of(report: Report) -> Iterator[str]:
    """The values of all facts and the cells of all tables."""
    for block in (report.head, *blocks(report)):
        if isinstance(block, Facts):
            yield from (fact.value for fact in block.facts if fact.value and not fact.code)
        rows = getattr(block, "rows", ())
        yield from (cell for row in rows for cell in row if cell)


REQUIRED = {
    ReportKind.VERIFICATION: ("verdict word", "media size", "segments", "sha256", "entry", "manifest"),
    ReportKind.RECEIPT: ("people", "places", "seal", "entry of custody", "checkpoint"),
    ReportKind.LABEL: ("case", "serial of exhibit", "checkpoint"),
    ReportKind.SUMMARY: ("case", "sha256", "media size", "holder", "checkpoint"),
    ReportKind.STATEMENT: ("case", "sha256", "serial of exhibit", "serial of device", "program"),
    ReportKind.ACQUISITION: ("case", "sha256", "segments", "people", "serial of device", "program", "root"),
    ReportKind.CUSTODY: ("people", "places", "seal", "root"),
}


def required(record: ExhibitRecord) -> dict[str, tuple[str, ...]]:
    """The texts that documents must hold, by what they are."""
    event = next(item for item in reversed(record.custody) if item.kind is CustodyKind.TRANSFER)
    people = (event.released_by, event.received_by)
    return {
        "verdict word": ("*** MATCH ***",),
        "media size": (str(HEALTHY.media.size_bytes),),
        "segments": tuple(part for item in HEALTHY.segments for part in (item.file, item.sha256)),
        "sha256": (HEALTHY.media.digests["sha256"],),
        "entry": (str(record.verifications[0].sequence),),
        "manifest": (record.acquisitions[0].manifest_sha256 or "",),
        "people": tuple(part for item in people if item for part in (item.name, item.identifier or "")),
        "places": (event.from_place or "", event.to_place or ""),
        "seal": (event.seal_in or "",),
        "entry of custody": (str(event.sequence),),
        "checkpoint": tuple(line for line in NOTE.split("\n") if line),
        "case": (record.case.number,),
        "serial of exhibit": (record.exhibit.serial or "",),
        "serial of device": (HEALTHY.job.source.serial or "",),
        "holder": (event.received_by.name if event.received_by else "",),
        "program": (HEALTHY.job.tool.program_sha256,),
        "root": (record.head.root_sha256[:16],),
    }


@pytest.mark.parametrize("kind", ReportKind)
def test_every_required_field_of_the_record_is_in_the_document(kind: ReportKind) -> None:
    record = healthy_record()
    text = squeezed(render_text(document_of(kind, record)))
    wanted = required(record)
    missing = [(name, part) for name in REQUIRED[kind] for part in wanted[name] if squeezed(part) not in text]
    assert not missing


def squeezed(text: str) -> str:
    """A text without blanks and line ends."""
    return "".join(text.split())


@pytest.mark.parametrize("paper", [Paper.LABEL_62X29, Paper.LABEL_100X50])
def test_labels_of_every_size_are_pdf_a_3a_and_pdf_ua_1(paper: Paper, tmp_path: Path) -> None:
    issue, paths = replace(ISSUE, paper=paper), []
    for name, record in (
        ("plain", healthy_record()),
        ("hostile", damaged_record(2, 1)),
        ("s", many_scripts_record()),
    ):
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(render_pdf(document_of(ReportKind.LABEL, record, issue)))
    require_compliance(*paths)


def test_a_section_has_a_title_and_says_something() -> None:
    for kind in ReportKind:
        for section in document_of(kind, healthy_record()).sections:
            assert isinstance(section, Section)
            assert section.title
            assert section.blocks
