"""An image that was converted says what it was made of, in the log and in the report."""

from dataclasses import replace

from image.job import CaseFields, CaseLink, SourceImage, StatedDigest
from image.manifest import Manifest
from report.log import render_log
from report.sections.origin import origin_section
from tests.report.samples import HOSTILE, healthy_record

STATED = CaseFields(case_number="7/2019", exhibit_reference="EV3", examiner=HOSTILE)


def healthy_manifest() -> Manifest:
    """The manifest of an ordinary acquisition."""
    manifest = healthy_record().acquisitions[0].manifest
    assert manifest is not None
    return manifest


def converted(**changes: object) -> Manifest:
    """The manifest of an image that was converted from an E01."""
    manifest = healthy_manifest()
    digests = (
        StatedDigest("md5", manifest.media.digests["md5"], "stored hash"),
        StatedDigest("sha256", "0" * 64, "EV3.sha256"),
        StatedDigest("sha512", "0" * 128, "--expect"),
    )
    link = CaseLink("5f4dcc3b", 12)
    date = "2019-02-03T04:05:06"
    origin = SourceImage(
        "/lab/EV3.E01", "ewf-e01", 3, 4_000_000, 8_000_000, STATED, date, digests=digests, case_link=link
    )
    changed = replace(origin, **changes)  # type: ignore[arg-type]  # fields by their names
    return replace(manifest, job=replace(manifest.job, converted_from=changed))


def test_an_acquisition_has_no_source_image() -> None:
    assert origin_section(healthy_manifest().job) is None


def test_the_log_of_a_conversion_names_the_source_and_compares_its_hash_values() -> None:
    text = render_log(converted(), None)
    assert text.startswith("Conversion log")
    assert "Conversion started" in text
    assert text.count("/lab/EV3.E01") >= 2
    for told in ("7/2019", "2019-02-03T04:05:06", "ledger 5f4dcc3b, entry 12", "stored hash"):
        assert told in text
    lines = [line.split() for line in text.splitlines()]
    assert [line[-1] for line in lines if line[:1] == ["MD5"] and "stored" in line][-1] == "same"
    assert [line[-1] for line in lines if "EV3.sha256" in line] == ["DIFFERENT"]
    assert "not computed" in text


def test_hostile_texts_of_the_source_are_shown_harmlessly() -> None:
    text = render_log(converted(model=HOSTILE, program=HOSTILE), None)
    assert "\u202e" not in text
    assert "\u0007" not in text


def test_accepted_damage_is_said() -> None:
    assert "must not be relied on" in render_log(converted(accepts_damage=True), None)
    assert "must not be relied on" not in render_log(converted(), None)
