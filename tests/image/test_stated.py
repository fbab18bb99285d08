"""What an image states of its origin: from its header, and from the manifest where there is one."""

from dataclasses import replace
from pathlib import Path

from image.description import describe_image
from image.ewf.header import CaseHeader
from image.manifest_file import read_manifest
from image.stated import IMAGE_KIND, source_facts, stated_by
from tests.sim.acquisitions import Options
from tests.verify.evidence import disk_content, make_evidence

CONTENT = disk_content(64 * 1024)


def test_a_header_states_the_matter_and_nothing_else_is_made_up(tmp_path: Path) -> None:
    stated = stated_by(describe_image(make_evidence(tmp_path, CONTENT).first))
    assert (stated.case.case_number, stated.case.exhibit_reference) == ("2026-17", "JB1")
    assert (stated.case.examiner, stated.case.agency) == ("J. Baker", None)
    assert (stated.program, stated.system, stated.acquired) == ("0.1.0", "Linux", None)
    assert (stated.format, stated.segment_count, stated.media_size_bytes) == ("ewf-e01", 1, len(CONTENT))
    assert (stated.model, stated.serial, stated.device, stated.manifest_sha256) == (None, None, None, None)


def test_a_raw_image_states_nothing_of_the_matter(tmp_path: Path) -> None:
    stated = stated_by(describe_image(make_evidence(tmp_path, CONTENT, Options(raw=True)).first))
    assert set(vars(stated.case).values()) == {None}
    assert (stated.media_type, stated.is_physical, stated.acquired) == (None, None, None)


def test_a_manifest_is_believed_before_the_header(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT)
    manifest = read_manifest(tmp_path / "JB1.manifest.json")
    drive = replace(manifest.job.source, model="ST4000", serial="Z1", wwn="5000c500a", firmware="CC4D")
    manifest = replace(manifest, job=replace(manifest.job, source=drive))
    described = replace(describe_image(evidence.first), header=CaseHeader(case_number="other", serial="Z2"))
    stated = stated_by(described, manifest)
    assert stated.case == manifest.job.case
    assert (stated.acquired, stated.serial) == (str(manifest.job.started), "Z1")
    facts = source_facts(stated, 512, len(CONTENT) // 512)
    assert (facts.kind, facts.path, facts.size_bytes) == (IMAGE_KIND, str(evidence.first), len(CONTENT))
    assert (facts.model, facts.serial, facts.wwn, facts.firmware) == ("ST4000", "Z1", "5000c500a", "CC4D")


def test_what_was_converted_keeps_the_date_and_drive_of_its_origin(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT)
    manifest = read_manifest(tmp_path / "JB1.manifest.json")
    origin = replace(stated_by(describe_image(evidence.first)), acquired="2024-02-03T04:05:06")
    converted = replace(manifest, job=replace(manifest.job, converted_from=origin))
    stated = stated_by(describe_image(evidence.first), converted)
    assert (stated.acquired, stated.device) == ("2024-02-03T04:05:06", None)
