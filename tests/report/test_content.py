"""What the documents say, and in which order."""

from dataclasses import replace
from typing import TypeVar

import pytest

from casedb.records import (
    AcquisitionState,
    CustodyEvent,
    CustodyKind,
    CustodyWarning,
    ExhibitRecord,
    IssuedReport,
    Method,
    Verification,
)
from image.findings import Finding, finding
from image.job import RescueParameters, WriteProtection
from image.manifest import Manifest
from image.sectors import SectorRange
from report.content import build_report
from report.document import Block, Commands, Facts, Headline, Paragraph, Report, ReportKind, Section, Table
from report.limits import PAGES
from report.statements import ALL_ZEROS, HIGH_ENTROPY, NO_ZERO_FILL, WRITTEN, ZERO_FILL
from report.text import render_text
from tests.report.samples import (
    HEALTHY,
    ISSUE,
    at,
    damaged_record,
    digest,
    healthy_record,
    record_of,
    segments,
    verified,
)

Kind = TypeVar("Kind", bound=Block)
READING = "Reading of the source"


def paragraphs(report: Report, title: str) -> list[str]:
    """The paragraphs of a section."""
    return [block.text for block in section(report, title).blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("granularity", "unreadable", "at_most"),
    [
        (64, (SectorRange(64, 64), SectorRange(640, 128)), 192 - 3),
        (8, (SectorRange(5, 3),), 2),
        (2048, (SectorRange(0, 2048), SectorRange(4096, 100)), 2148 - 2),
    ],
)
def test_a_coarse_granularity_says_how_many_readable_sectors_it_may_have_given_up(
    granularity: int, unreadable: tuple[SectorRange, ...], at_most: int
) -> None:
    parameters = replace(HEALTHY.job.parameters, error_granularity_sectors=granularity)
    read = replace(HEALTHY.read, unreadable=unreadable)
    manifest = replace(HEALTHY, job=replace(HEALTHY.job, parameters=parameters), read=read)
    [told] = [
        text for text in paragraphs(acquisition_report(record_of(manifest, None)), READING) if "gave up" in text
    ]
    assert f"at most {at_most} may have been readable" in told


def test_a_rescue_with_a_coarse_granularity_says_it_as_well() -> None:
    asked = replace(HEALTHY.job.parameters, error_granularity_sectors=8, rescue=RescueParameters(("scrape",)))
    read = replace(HEALTHY.read, unreadable=(SectorRange(64, 8),))
    rescued = replace(HEALTHY, job=replace(HEALTHY.job, parameters=asked), read=read)
    not_tried = replace(rescued, findings=(finding("sectors-not-tried", "3 sectors"),))
    said = [paragraphs(acquisition_report(record_of(item, None)), READING) for item in (rescued, not_tried)]
    [[tried], [limited]] = [[text for text in texts if "gave up 8 sectors together" in text] for texts in said]
    assert "at most 7 may have been readable" in tried
    assert "some were not tried" in limited


def test_a_granularity_of_one_sector_gives_up_no_readable_sector() -> None:
    told = paragraphs(acquisition_report(damaged_record()), READING)
    assert not [text for text in told if "may have been readable" in text]


def acquisition_report(record: ExhibitRecord) -> Report:
    """The acquisition report of this record."""
    return build_report(ReportKind.ACQUISITION, record, ISSUE)


def section(report: Report, title: str) -> Section:
    """The section with this title."""
    return next(item for item in report.sections if item.title == title)


def blocks(section: Section, kind: type[Kind]) -> list[Kind]:
    """The blocks of this kind in a section."""
    return [block for block in section.blocks if isinstance(block, kind)]


def facts(section: Section) -> dict[str, str | None]:
    """Every fact of a section by its label."""
    return {fact.label: fact.value for block in blocks(section, Facts) for fact in block.facts}


def typed(report: Report) -> list[str]:
    """The lines to type, in order."""
    checks = section(report, "How to check this report")
    return [line for block in blocks(checks, Commands) for line in block.lines]


def spoken(section: Section) -> list[str]:
    """The paragraphs of a section."""
    return [block.text for block in blocks(section, Paragraph)]


def damaged(manifest: Manifest = HEALTHY, *ranges: SectorRange) -> Manifest:
    """The manifest with these ranges unreadable."""
    return replace(manifest, read=replace(manifest.read, unreadable=ranges))


def found(*findings: Finding) -> ExhibitRecord:
    """The healthy record with these findings of its acquisition."""
    return record_of(replace(HEALTHY, findings=findings), verified(HEALTHY))


def test_the_first_page_says_verdict_source_image_damage_and_hash_values() -> None:
    summary = acquisition_report(healthy_record()).sections[0]
    assert summary.title == "Summary"
    assert blocks(summary, Headline)[0].word == "Verification: PASSED"
    said = facts(summary)
    assert said["Source"] == "ST1000LM035-1RK172 serial number WL1AB2C3"
    assert said["Capacity of the source"] == "1000204886016 bytes (1.00 TB)"
    assert said["Unreadable sectors"] == "None: every sector was read"
    assert said["SHA-256"] == HEALTHY.media.digests["sha256"]
    assert NO_ZERO_FILL in spoken(summary)


def test_the_summary_keeps_the_first_page_to_itself() -> None:
    report = acquisition_report(healthy_record())
    assert [item.begins_page for item in report.sections[:3]] == [False, True, False]


@pytest.mark.parametrize(
    ("findings", "word"),
    [
        ((), "PASSED"),
        ((finding("segment-digest", "changed"),), "FAILED"),
        ((finding("segment-missing", "gone"),), "INDETERMINATE"),
        ((finding("segment-missing", "gone"), finding("segment-digest", "changed")), "FAILED"),
        ((finding("media-all-zeros", "all"),), "PASSED"),
    ],
)
def test_the_verdict_is_the_one_of_the_verification(findings: tuple[Finding, ...], word: str) -> None:
    report = acquisition_report(record_of(HEALTHY, verified(HEALTHY, findings)))
    assert blocks(report.sections[0], Headline)[0].word == f"Verification: {word}"


def test_files_that_passed_are_not_called_an_image_that_passed() -> None:
    result = replace(verified(HEALTHY), method=Method.SEGMENTS, digests={}, stored_digests={})
    report = acquisition_report(record_of(HEALTHY, result))
    headline = blocks(report.sections[0], Headline)[0]
    assert headline.word == "Verification of the segment files: PASSED"
    assert "was not decoded" in headline.meaning
    told = render_text(report)
    assert "segment files hashed; no data decoded" in told
    assert "computed again from the image" not in told


def test_an_image_that_nobody_verified_is_not_called_passed() -> None:
    report = acquisition_report(record_of(HEALTHY, None))
    assert blocks(report.sections[0], Headline)[0].word == "Verification: NONE"


def test_the_latest_verification_decides_and_all_are_listed() -> None:
    record = record_of(HEALTHY, verified(HEALTHY))
    failed = verified(HEALTHY, (finding("segment-digest", "changed"),))
    later = Verification(12, "JB1", 7, at(18), failed)
    report = acquisition_report(replace(record, verifications=(later, *record.verifications)))
    assert blocks(report.sections[0], Headline)[0].word == "Verification: FAILED"
    table = blocks(section(report, "Verification"), Table)[0]
    assert [(row[0], row[2]) for row in table.rows] == [("9", "PASSED"), ("12", "FAILED")]


def test_the_verification_of_another_image_says_nothing_of_this_one() -> None:
    record = record_of(HEALTHY, verified(HEALTHY))
    other = tuple(replace(item, acquisition=99) for item in record.verifications)
    report = acquisition_report(replace(record, verifications=other))
    assert blocks(report.sections[0], Headline)[0].word == "Verification: NONE"


def test_an_exhibit_that_was_never_imaged_has_a_report_that_says_so() -> None:
    report = acquisition_report(replace(healthy_record(), acquisitions=(), verifications=()))
    assert blocks(report.sections[0], Headline)[0].word == "NOT ACQUIRED"
    assert "Hash values" not in {item.title for item in report.sections}


def test_an_acquisition_that_was_stopped_is_called_incomplete_with_its_reason() -> None:
    whole = healthy_record().acquisitions[0]
    stopped = replace(whole, state=AcquisitionState.STOPPED, manifest=None, reason="the source vanished")
    report = acquisition_report(replace(healthy_record(), acquisitions=(stopped,), verifications=()))
    assert blocks(report.sections[0], Headline)[0].word == "INCOMPLETE"
    assert facts(report.sections[0])["Reason"] == "the source vanished"
    assert facts(section(report, "Source as reported by the device"))["Model"] == "ST1000LM035-1RK172"


def test_a_finished_acquisition_counts_more_than_a_later_one_that_was_stopped() -> None:
    whole = healthy_record().acquisitions[0]
    stopped = replace(whole, started_sequence=20, state=AcquisitionState.STOPPED, manifest=None)
    report = acquisition_report(replace(healthy_record(), acquisitions=(whole, stopped)))
    assert blocks(report.sections[0], Headline)[0].word == "Verification: PASSED"
    others = blocks(section(report, "Other acquisitions and reports"), Table)[0]
    assert [row[0] for row in others.rows] == ["20"]


def test_reports_issued_earlier_are_listed_with_their_digests() -> None:
    earlier = IssuedReport(11, "R-1", "acquisition", "JB1", at(15), "reports/R-1.pdf", digest("R-1"))
    report = acquisition_report(replace(healthy_record(), reports=(earlier,)))
    table = blocks(section(report, "Other acquisitions and reports"), Table)[0]
    assert table.rows == (("R-1", "acquisition, version 1", "2026-03-03T16:00:00+01:00", digest("R-1")),)


def test_beside_hash_values_of_a_damaged_source_stands_that_gaps_are_zeros() -> None:
    report = acquisition_report(record_of(damaged(HEALTHY, SectorRange(7, 2)), None))
    for title in ("Summary", "Hash values", "Reading of the source"):
        assert ZERO_FILL in spoken(section(report, title))
        assert NO_ZERO_FILL not in spoken(section(report, title))


def test_unreadable_sectors_are_counted_in_sectors_ranges_bytes_and_share() -> None:
    report = acquisition_report(record_of(damaged(HEALTHY, SectorRange(7, 2), SectorRange(100, 1)), None))
    said = facts(report.sections[0])["Unreadable sectors"]
    assert said == "3 sectors in 2 ranges: 1536 bytes, less than 0.0001 % of the medium"
    table = blocks(section(report, "Reading of the source"), Table)[0]
    assert table.rows == (("7 to 8", "2", "3584"), ("100", "1", "51200"))


def test_of_a_part_of_a_drive_the_sectors_of_the_source_are_given_too() -> None:
    job = replace(HEALTHY.job, parameters=replace(HEALTHY.job.parameters, start_sector=2048))
    report = acquisition_report(record_of(damaged(replace(HEALTHY, job=job), SectorRange(7, 2)), None))
    table = blocks(section(report, "Reading of the source"), Table)[0]
    assert table.rows == (("7 to 8", "2", "3584", "2055 to 2056"),)


def test_a_long_list_of_ranges_is_cut_and_counted() -> None:
    report = acquisition_report(damaged_record(10, 5_000))
    table = blocks(section(report, "Reading of the source"), Table)[0]
    assert len(table.rows) == PAGES.unreadable_ranges
    assert table.left_out is not None
    assert table.left_out.startswith("300 of 5000 ranges are printed here")


def test_a_written_source_stands_first_among_the_findings_and_on_the_first_page() -> None:
    report = acquisition_report(damaged_record(20, 5))
    table = blocks(section(report, "Findings"), Table)[0]
    assert [row[1] for row in table.rows] == [
        "source-written",
        "segment-digest",
        "segment-missing",
        "media-high-entropy",
    ]
    assert spoken(report.sections[0])[0] == WRITTEN


@pytest.mark.parametrize(
    ("code", "text"),
    [("media-all-zeros", ALL_ZEROS), ("media-high-entropy", HIGH_ENTROPY), ("source-written", WRITTEN)],
)
def test_a_note_about_the_whole_source_is_said_plainly_on_the_first_page(code: str, text: str) -> None:
    assert text in spoken(acquisition_report(found(finding(code, "seen"))).sections[0])


def test_a_finding_of_both_acquisition_and_verification_is_printed_once() -> None:
    twice = finding("media-all-zeros", "every chunk")
    record = record_of(replace(HEALTHY, findings=(twice,)), verified(HEALTHY, (twice,)))
    assert len(blocks(section(acquisition_report(record), "Findings"), Table)[0].rows) == 1


def test_hash_values_that_differ_are_called_different() -> None:
    wrong = replace(verified(HEALTHY), digests={"sha256": digest("other")}, stored_digests={})
    report = acquisition_report(record_of(HEALTHY, wrong))
    rows = blocks(section(report, "Hash values"), Table)[0].rows
    assert ("SHA-256", "computed again from the image: DIFFERENT", digest("other")) in rows


def test_a_label_that_differs_from_the_device_is_told() -> None:
    record = healthy_record()
    other = replace(record.exhibit, serial="ZZZ999", model="Something else")
    texts = spoken(section(acquisition_report(replace(record, exhibit=other)), "Exhibit as received"))
    assert texts == [
        "The serial number on the label (ZZZ999) is not the one that the device reports (WL1AB2C3).",
        "The model on the label (Something else) is not the one that the device reports (ST1000LM035-1RK172).",
    ]
    assert not spoken(section(acquisition_report(record), "Exhibit as received"))


def test_a_fact_that_nobody_recorded_is_there_without_a_value() -> None:
    record = healthy_record()
    bare = replace(record.exhibit, make=None, condition=None, seal_number=None)
    said = facts(section(acquisition_report(replace(record, exhibit=bare)), "Exhibit as received"))
    assert [said[label] for label in ("Make", "Condition", "Seal number")] == [None, None, None]


def test_the_lines_to_type_name_the_files_of_this_image() -> None:
    assert typed(acquisition_report(healthy_record())) == [
        "sha256sum -c JB1.sha256",
        "ewfverify JB1.E01",
        "diskwitness verify JB1.E01",
        "ddrescuelog -t JB1.map",
        "diskwitness ledger verify",
    ]


@pytest.mark.parametrize(
    ("count", "line"),
    [(1, "sha256sum JB1.E01"), (3, "cat JB1.[0-9][0-9][0-9] | sha256sum"), (1000, None)],
)
def test_a_raw_image_is_checked_with_coreutils_alone(count: int, line: str | None) -> None:
    job = replace(HEALTHY.job, parameters=replace(HEALTHY.job.parameters, format="raw"))
    manifest = replace(HEALTHY, job=job, segments=segments(count, 1_000_000))
    lines = typed(acquisition_report(record_of(manifest, None)))
    assert not [item for item in lines if item.startswith("ewfverify")]
    assert [item for item in lines if item.endswith("sha256sum") or item.startswith("sha256sum JB1")] == (
        [line] if line else []
    )


def test_a_name_with_blanks_is_quoted_for_the_shell() -> None:
    manifest = replace(HEALTHY, segments=segments(24, 1_953_525_168, "a b$(c)"))
    assert "ewfverify 'a b$(c).E01'" in typed(acquisition_report(record_of(manifest, None)))


def test_the_custody_form_says_who_has_the_exhibit_now_and_who_has_to_sign() -> None:
    report = build_report(ReportKind.CUSTODY, healthy_record(), ISSUE)
    said = facts(report.sections[0])
    assert said["Received last by"] == "Maud Okafor (ST-9, Northgate Property Store)"
    assert said["Brought last to"] == "Store room 2, shelf 14"
    table = blocks(section(report, "Chain of custody"), Table)[0]
    assert [row[0] for row in table.rows] == ["5", "6", "10"]


def test_a_seal_put_on_later_does_not_hide_who_has_the_exhibit() -> None:
    record = healthy_record()
    sealed = CustodyEvent(11, "JB1", CustodyKind.SEAL, at(17), at(17), seal_in="S-220019")
    report = build_report(ReportKind.CUSTODY, replace(record, custody=(*record.custody, sealed)), ISSUE)
    said = facts(report.sections[0])
    assert (said["Received last by"] or "").startswith("Maud Okafor")
    assert said["Seal put on last"] == "S-220019"


def test_warnings_about_the_chain_stand_before_its_events() -> None:
    record = replace(
        healthy_record(),
        custody_warnings=(CustodyWarning("custody-gap", 6, "entry 6: released by one who did not hold it"),),
    )
    chain = section(build_report(ReportKind.CUSTODY, record, ISSUE), "Chain of custody")
    assert chain.blocks[0] == Paragraph("entry 6: released by one who did not hold it", chain.blocks[0].tone)  # type: ignore[union-attr]
    assert facts(build_report(ReportKind.CUSTODY, record, ISSUE).sections[0])["Warnings"] == "1"


def test_a_chain_without_events_says_so() -> None:
    record = replace(healthy_record(), custody=())
    chain = section(build_report(ReportKind.CUSTODY, record, ISSUE), "Chain of custody")
    assert "No custody event of this exhibit is recorded." in spoken(chain)


def test_a_new_version_names_the_one_it_replaces_and_why() -> None:
    issue = replace(ISSUE, version=2, supersedes="R-2026-0113-JB1-1", amendment="serial number corrected")
    head = {
        fact.label: fact.value for fact in build_report(ReportKind.ACQUISITION, healthy_record(), issue).head.facts
    }
    assert head["Supersedes"] == "R-2026-0113-JB1-1"
    assert head["Reason for the new version"] == "serial number corrected"


def test_a_manifest_full_of_nonsense_still_makes_a_report() -> None:
    media = replace(HEALTHY.media, size_bytes=0, sector_size_bytes=0, digests={})
    manifest = replace(HEALTHY, media=media, segments=())
    report = acquisition_report(record_of(manifest, None))
    said = facts(section(report, "Reading of the source"))
    assert said["Sectors in the image"] == "0"


@pytest.mark.parametrize(
    ("protection", "text"),
    [
        (WriteProtection(), None),
        (
            WriteProtection(reason_not_set="the source is a file"),
            "kernel read-only flag not set (the source is a file)",
        ),
        (WriteProtection(flag_during=False), "kernel read-only flag not set"),
        (
            WriteProtection("/dev/sdb", False, True, writes_before=5, writes_after=5),
            "kernel read-only flag set during the acquisition; kernel write counters unchanged",
        ),
        (
            WriteProtection(writes_before=5, writes_after=6, blocker="T35u"),
            "hardware write blocker T35u; kernel write counters CHANGED",
        ),
    ],
)
def test_the_write_protection_is_told_in_one_line(protection: WriteProtection, text: str | None) -> None:
    job = replace(HEALTHY.job, protection=protection)
    report = acquisition_report(record_of(replace(HEALTHY, job=job), None))
    assert facts(report.sections[0])["Write protection"] == text


def test_zeros_that_were_filled_in_are_not_taken_for_zeros_that_were_read() -> None:
    read = replace(HEALTHY.read, unreadable=(SectorRange(7, 2),), zero_sectors=2)
    report = acquisition_report(record_of(replace(HEALTHY, read=read), None))
    said = facts(section(report, "Reading of the source"))["Sectors that hold only zeros"]
    assert said == "2 (less than 0.0001 % of the image, those that were filled included)"
