"""An image that was copied out of its case is known by its manifest, wherever it lies now."""

import shutil
from pathlib import Path

import pytest

from image.manifest_file import encode_record, read_manifest
from tests.cli.conftest import Workstation


@pytest.fixture
def copied(station: Workstation, source: Path, tmp_path: Path) -> Path:
    """The first segment of a copy, under another name, of an image that the case `matter` holds."""
    station.begin_case()
    made = station.run("acquire", source, "--exhibit", "JB1", "--case", "matter", "--no-verify")
    assert made.exit_code == 0
    (tmp_path / "elsewhere").mkdir()
    for path in (station.folder / "matter" / "images" / "JB1").iterdir():
        shutil.copy(path, tmp_path / "elsewhere" / path.name.replace("JB1", "copy"))
    return tmp_path / "elsewhere" / "copy.E01"


def change_manifest(copied: Path, old: str, new: str) -> None:
    """Change a text in the manifest of the copy."""
    path = copied.with_name("copy.manifest.json")
    data = encode_record(read_manifest(path))
    assert old.encode() in data
    path.chmod(0o644)
    path.write_bytes(data.replace(old.encode(), new.encode()))


def test_a_copy_is_known_by_its_manifest_and_its_verification_recorded(station: Workstation, copied: Path) -> None:
    answer = station.run_json("verify", copied, "--case", "matter")
    assert (answer["verdict"], answer["not_recorded"]) == ("PASSED", None)
    assert answer["ledger_entry"] is not None
    assert str(copied) in station.run("exhibit", "show", "JB1", "--case", "matter").stdout


def test_a_copy_with_another_manifest_fails_by_the_ledger_that_it_names(station: Workstation, copied: Path) -> None:
    change_manifest(copied, "A. Doe", "B. Roe")
    answer = station.run_json("verify", copied, "--case", "matter")
    assert answer["verdict"] == "FAILED"
    assert "recorded-manifest-differs" in {item["code"] for item in answer["findings"]}


@pytest.mark.parametrize("sequence", ["0", "1", "99999", str(2**70)])
def test_a_link_to_no_acquisition_leaves_the_image_unknown(
    station: Workstation, copied: Path, sequence: str
) -> None:
    link = read_manifest(copied.with_name("copy.manifest.json")).job.case_link
    assert link is not None
    change_manifest(copied, f'"started_sequence": {link.started_sequence}', f'"started_sequence": {sequence}')
    answer = station.run_json("verify", copied, "--case", "matter")
    assert (answer["exit_code"], answer["not_recorded"]) == (0, "the case does not know this image")


def test_the_ledger_of_another_case_is_not_asked(station: Workstation, copied: Path) -> None:
    station.run("case", "create", "other", "--number", "2", "--examiner", "A. Doe")
    answer = station.run_json("verify", copied, "--case", "other")
    assert (answer["verdict"], answer["not_recorded"]) == ("PASSED", "the case does not know this image")


def test_a_manifest_that_lists_a_segment_twice_is_not_believed(station: Workstation, copied: Path) -> None:
    path = copied.with_name("copy.manifest.json")
    text = path.read_text()
    start = text.index("{", text.index('"segments"'))
    record = text[start : text.index("}", start) + 1]
    change_manifest(copied, record, f"{record},{record}")
    answer = station.run_json("verify", copied)
    assert (answer["exit_code"], answer["verdict"]) == (7, "INDETERMINATE")
    assert answer["findings"][0]["code"] == "manifest-unreadable"


def test_a_map_and_a_checksum_file_are_given_by_name(station: Workstation, source: Path, tmp_path: Path) -> None:
    digest = station.run_json("hash", source, "--hash", "md5")["digests"]["md5"]
    (tmp_path / "list").write_text(f"{digest} *{source.name}\n")
    answer = station.run_json("verify", source, "--checksum-file", tmp_path / "list", "--hash", "sha256")
    assert (answer["verdict"], answer["compared_with"]) == ("PASSED", ["list"])
    wrong = station.run("verify", source, "--map", tmp_path / "list")
    assert wrong.exit_code == 7
    assert "no mapfile" in wrong.stderr
    assert station.run("verify", source, source, "--checksum-file", tmp_path / "list").exit_code == 2
    assert station.run("verify", source, "--checksum-file", tmp_path / "absent").exit_code == 7
