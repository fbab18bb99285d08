"""What a report says of an image that was made elsewhere, and of files that are attached."""

from dataclasses import replace

from casedb.records import (
    Attachment,
    ExhibitRecord,
    ImportedImage,
    ImportedLog,
    StatedDigest,
    StatedFact,
    Verification,
)
from image.job import CaseFields, SourceImage
from report.content import build_report
from report.document import ReportKind
from report.text import render_text
from tests.report.samples import HEALTHY, HOSTILE, ISSUE, at, digest, healthy_record, verified

MD5 = "d" * 32


def imported_record(*facts: StatedFact, read: bool = True) -> ExhibitRecord:
    """An exhibit whose one image was made by another program."""
    image = SourceImage(
        "/evidence/JB1.E01",
        "ewf-e01",
        2,
        1000,
        4096,
        CaseFields(),
        digests=(StatedDigest("md5", MD5, "image header"), StatedDigest("md5", "e" * 32, "log JB1.info")),
    )
    imported = ImportedImage(
        sequence=7,
        exhibit="JB1",
        recorded=at(14),
        path="/evidence/JB1",
        first_segment="JB1.E01",
        image=image,
        facts=facts,
        warnings=("Serial number: the exhibit's label says 'A', log JB1.info says 'B'",),
        logs=(ImportedLog("JB1.info", digest("log"), 900, "Guymager"),),
        segments=(),
        digests={"md5": MD5} if read else {},
    )
    whole = healthy_record()
    verifications = (Verification(9, "JB1", 7, at(14, 2), verified(HEALTHY)),) if read else ()
    return replace(whole, acquisitions=(), verifications=verifications, imports=(imported,))


def report_text(record: ExhibitRecord) -> str:
    """The acquisition report as text."""
    return render_text(build_report(ReportKind.ACQUISITION, record, ISSUE))


def test_every_fact_stands_there_with_who_states_it() -> None:
    text = report_text(
        imported_record(
            StatedFact("program", "Guymager 0.8.12", "log JB1.info"),
            StatedFact("started", "2021-03-15T10:11:12", "log JB1.info"),
            StatedFact("examiner", "Dana Reyes", "image header"),
        )
    )
    words = " ".join(text.split())
    assert "2021-03-15T10:11:12 (zone not stated)" in words
    assert "Guymager 0.8.12 [log JB1.info]" in words
    assert "Dana Reyes" in words
    assert "image header" in words
    assert "NOT ACQUIRED" not in text
    assert "DIFFERENT" in text
    assert "the exhibit's label says 'A', log JB1.info says 'B'" in words
    assert digest("log") in text.replace("\n", "")


def test_an_image_that_was_not_read_is_said_to_prove_nothing() -> None:
    words = " ".join(report_text(imported_record(read=False)).split())
    assert "recorded without being read" in words
    assert "not computed" in words


def test_hostile_facts_are_printed_harmlessly() -> None:
    text = report_text(imported_record(StatedFact("notes", HOSTILE, HOSTILE)))
    assert "\u202e" not in text


def test_attached_files_are_listed_with_their_digests() -> None:
    kept = ("front.jpg", "image/jpeg", 4711, digest("front"), "attachments/x")
    item = Attachment(12, "JB1", at(15), *kept, event=5, description="front")
    words = report_text(replace(healthy_record(), attachments=(item,)))
    assert "front.jpg" in words
    assert "Entry 12: front; it belongs to entry 5." in words
