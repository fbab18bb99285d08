"""Verdicts, images and findings as a person and a program read them."""

from casedb.json_values import json_value
from diskwitness.image_answer import (
    finding_lines,
    sorted_findings,
    verification_json,
    verification_lines,
    worst_verdict,
)
from image.findings import Finding, Severity, finding
from image.manifest import SegmentRecord
from image.sectors import SectorRange
from image.times import Instant
from verify.verdict import Verdict, VerificationResult

AT = Instant("2026-11-22T09:00:00Z", 60)


def _result(*findings: Finding) -> VerificationResult:
    segment = SegmentRecord("JB1.E01", 900, "ab" * 32, 0, 16, "")
    return VerificationResult(
        image_path="JB1.E01",
        format="ewf-e01",
        media_size_bytes=8192,
        sector_size_bytes=512,
        segments=(segment,),
        digests={"md5": "12" * 16},
        stored_digests={"md5": None},
        bad_sectors=(SectorRange(4, 2),),
        findings=findings,
        started=AT,
        finished=AT,
    )


def test_the_worst_verdict_wins() -> None:
    assert worst_verdict([Verdict.PASSED, Verdict.INDETERMINATE]) is Verdict.INDETERMINATE
    assert worst_verdict([Verdict.INDETERMINATE, Verdict.FAILED, Verdict.PASSED]) is Verdict.FAILED
    assert worst_verdict([Verdict.PASSED]) is Verdict.PASSED


def test_a_verification_has_the_fields_of_the_contract() -> None:
    answer = verification_json(_result(finding("segment-digest", "differs", segment="JB1.E01")))
    assert answer["verdict"] == "FAILED"
    assert answer["image"] == {
        "path": "JB1.E01",
        "format": "ewf-e01",
        "media_size": 8192,
        "sector_size": 512,
        "segments": [
            {
                "file": "JB1.E01",
                "folder": None,
                "size": 900,
                "sha256": "ab" * 32,
                "first_sector": 0,
                "sector_count": 16,
                "media_sha256": None,
            }
        ],
    }
    assert json_value(answer["bad_sectors"]) == [{"first_sector": 4, "sector_count": 2}]
    assert answer["stored_digests"] == {"md5": None}
    found = answer["findings"]
    assert isinstance(found, list)
    assert isinstance(found[0], dict)
    assert (found[0]["code"], found[0]["severity"], found[0]["segment"]) == ("segment-digest", "failure", "JB1.E01")


def test_a_person_reads_the_verdict_first_then_the_reasons() -> None:
    lines = verification_lines(_result(finding("segment-missing", "not there", sectors=SectorRange(5, 1))))
    assert lines[0] == "INDETERMINATE  JB1.E01"
    assert lines[1] == "  gap: segment-missing (sector 5): not there"
    assert lines[-2:] == [
        "  2 sectors could not be read; the image holds zeros in their place:",
        "    sectors 4 to 5",
    ]


def test_a_written_source_is_the_first_of_the_notes() -> None:
    made = [
        finding("media-all-zeros", "zeros"),
        finding("source-written", "1 write"),
        finding("segment-missing", "x"),
    ]
    assert [item.code for item in sorted_findings(made)] == ["segment-missing", "source-written", "media-all-zeros"]


def test_many_findings_are_cut_short_with_their_number() -> None:
    lines = finding_lines([Finding("a", Severity.NOTE, "b")] * 60)
    assert len(lines) == 51
    assert lines[-1] == "  and 10 more findings; --json lists all"
