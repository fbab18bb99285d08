"""Verifying through the command line: verdicts, exit codes, and what the case records."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from image.tools import find_tool
from tests.cli.conftest import Workstation


@pytest.fixture
def image(station: Workstation, source: Path) -> Path:
    """A split E01 of the source, not verified yet."""
    station.run("acquire", source, "--output", "JB1", "--segment-size", "256KiB", "--no-verify")
    return station.folder / "JB1.E01"


@pytest.fixture
def in_case(case: Path) -> Path:
    """An image in a case, verified once; the case folder is the current one."""
    return case / "images" / "JB1" / "JB1.E01"


def _flip(path: Path, offset: int) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


def test_an_untouched_image_passes(station: Workstation, image: Path) -> None:
    result = station.run("verify", image)
    assert result.exit_code == 0
    assert result.stdout.startswith("PASSED")


def test_a_flipped_byte_fails_and_is_located(station: Workstation, image: Path) -> None:
    _flip(image, 5000)
    answer = station.run_json("verify", image)
    assert (answer["exit_code"], answer["verdict"]) == (6, "FAILED")
    failures = [item for item in answer["findings"] if item["severity"] == "failure"]
    assert {"JB1.E01"} == {item["segment"] for item in failures if item["segment"]}
    assert any(item["first_sector"] is not None for item in failures)


def test_a_missing_segment_is_indeterminate_but_a_missing_first_one_is_no_source(
    station: Workstation, image: Path
) -> None:
    (station.folder / "JB1.E02").unlink()
    answer = station.run_json("verify", image)
    assert (answer["exit_code"], answer["verdict"]) == (7, "INDETERMINATE")
    image.unlink()
    gone = station.run_json("verify", image)
    assert (gone["exit_code"], gone["verdict"]) == (3, None)


@pytest.mark.parametrize(("digest", "exit_code"), [("right", 0), ("00" * 32, 6)])
def test_an_expected_digest_is_compared(
    station: Workstation, source: Path, image: Path, digest: str, exit_code: int
) -> None:
    known = station.run_json("hash", source, "--hash", "sha256")["digests"]["sha256"]
    value = known if digest == "right" else digest
    assert station.run("verify", image, "--expect", f"sha256:{value}").exit_code == exit_code


def test_raw_bytes_without_anything_to_compare_are_indeterminate(station: Workstation, source: Path) -> None:
    answer = station.run_json("verify", source)
    assert (answer["exit_code"], answer["verdict"]) == (7, "INDETERMINATE")
    assert "nothing-to-compare" in {item["code"] for item in answer["findings"]}


def test_of_several_images_the_worst_verdict_stands_above(station: Workstation, image: Path, source: Path) -> None:
    shutil.copy(source, "other.raw")
    answer = station.run_json("verify", image, "other.raw")
    assert [item["verdict"] for item in answer["images"]] == ["PASSED", "INDETERMINATE"]
    assert (answer["verdict"], answer["exit_code"]) == ("INDETERMINATE", 7)
    absent = station.run_json("verify", image, "absent.E01")
    assert absent["exit_code"] == 3
    assert [item["verdict"] for item in absent["images"]] == ["PASSED", None]


@pytest.mark.parametrize(
    ("content", "exit_code"),
    [(b"LEF2\r\n\x81\x00" + bytes(4000), 7), (b"AFF10\r\n" + bytes(4000), 7), (b"ADSEGMENTEDFILE\x00", 7)],
)
def test_an_image_of_a_kind_that_is_not_read_never_passes(
    station: Workstation, content: bytes, exit_code: int
) -> None:
    (station.folder / "x.Ex01").write_bytes(content)
    result = station.run("verify", "x.Ex01")
    assert result.exit_code == exit_code


@pytest.mark.parametrize(
    "words",
    [
        (),
        (".",),
        ("JB1.E01", "--expect", "md5:12"),
        ("JB1.E01", "--hash", "crc32"),
        ("JB1.E01", "disk.img", "--expect", "md5:" + "0" * 32),
        ("JB1.E01", "--resume"),
        ("JB1.E01", "--segments-only", "--second-opinion"),
        ("JB1.E01", "--segments-only", "--expect", "md5:" + "0" * 32),
        ("JB1.E01", "--jobs", "0"),
        ("JB1.E01", "--jobs", "1000"),
        ("JB1.E01", "--manifest", "disk.img"),
        ("JB1.E01", "--source", "absent"),
    ],
)
def test_a_wrong_request_is_one_line(station: Workstation, image: Path, words: tuple[str, ...]) -> None:
    result = station.run("verify", *words)
    assert result.exit_code in (2, 3, 7)
    assert result.stderr.count("\n") == 1
    assert "PASSED" not in result.stdout


def test_the_segment_files_alone_are_said_to_have_passed(station: Workstation, image: Path) -> None:
    result = station.run("verify", image, "--segments-only", "--jobs", "3")
    assert result.exit_code == 0
    assert "segments only: " in result.stdout
    answer = station.run_json("verify", image, "--segments-only")
    assert (answer["verdict"], answer["method"], answer["digests"]) == ("PASSED", "segments-only", {})
    _flip(image, 5000)
    assert station.run("verify", image, "--segments-only").exit_code == 6
    assert station.run_json("verify", image, "--jobs", "1")["method"] == "media"


def test_the_case_records_what_was_verified_of_an_image(station: Workstation, in_case: Path) -> None:
    answer = station.run_json("verify", in_case, "--segments-only")
    record = station.run_json("exhibit", "show", "JB1")["record"]
    assert record["verifications"][-1]["sequence"] == answer["ledger_entry"]
    assert [item["result"]["method"] for item in record["verifications"]] == ["media", "segments-only"]
    assert "PASSED (segment files alone)" in station.run("exhibit", "show", "JB1").stdout


def test_a_verification_of_an_image_that_the_case_knows_is_recorded(station: Workstation, in_case: Path) -> None:
    answer = station.run_json("verify", in_case)
    assert answer["verdict"] == "PASSED"
    record = station.run_json("exhibit", "show", "JB1")["record"]
    assert [item["sequence"] for item in record["verifications"]][-1] == answer["ledger_entry"]
    assert len(record["verifications"]) == 2
    assert [item["kind"] for item in record["custody"]].count("verify") == 2


def test_an_image_that_the_case_does_not_know_is_verified_and_not_recorded(
    station: Workstation, in_case: Path, source: Path
) -> None:
    answer = station.run_json("verify", source)
    assert (answer["verdict"], answer["ledger_entry"], answer["warnings"]) == ("INDETERMINATE", None, [])
    assert "does not know" in answer["not_recorded"]


def test_image_and_manifest_rewritten_together_differ_from_the_ledger(
    station: Workstation, in_case: Path, source: Path
) -> None:
    other = bytearray(source.read_bytes())
    other[0] ^= 1
    forged = station.folder / "forged.img"
    forged.write_bytes(other)
    shutil.rmtree(in_case.parent)
    in_case.parent.mkdir()
    os.chdir(station.folder)
    station.run("acquire", forged, "--output", in_case.with_suffix(""), "--no-verify")
    assert station.run("verify", in_case).exit_code == 0
    answer = station.run_json("verify", in_case, "--case", "matter")
    assert (answer["exit_code"], answer["verdict"]) == (6, "FAILED")
    assert "recorded-manifest-differs" in {item["code"] for item in answer["findings"]}


def test_a_manifest_taken_away_is_missed_by_the_case(station: Workstation, in_case: Path) -> None:
    in_case.with_name("JB1.manifest.json").unlink()
    answer = station.run_json("verify", in_case)
    assert (answer["exit_code"], answer["verdict"]) == (7, "INDETERMINATE")
    assert "recorded-manifest-missing" in {item["code"] for item in answer["findings"]}


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="a read-only mount needs root")
@pytest.mark.skipif(find_tool("mount") is None, reason="mount is not installed: Debian package mount")
def test_in_a_case_that_cannot_be_written_an_image_is_verified_and_not_recorded(
    station: Workstation, in_case: Path
) -> None:
    folder = station.folder / "matter"
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        answer = station.run_json("verify", in_case, "--case", folder)
    finally:
        os.chdir(station.folder)
        subprocess.run(["umount", "--lazy", folder], check=True)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert any(text.startswith("not recorded") for text in answer["warnings"])


@pytest.mark.parametrize("command", ["verify", "info"])
def test_an_image_that_cannot_be_looked_at_is_no_source(station: Workstation, command: str) -> None:
    (station.folder / "loop").symlink_to("loop")
    for name in ("L" * 300 + ".E01", "loop/JB1.E01"):
        result = station.run(command, name)
        assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
        assert "cannot be looked at" in result.stderr


def test_a_case_that_holds_the_image_and_was_not_asked_is_named(station: Workstation, in_case: Path) -> None:
    os.chdir(station.folder)
    answer = station.run_json("verify", in_case)
    assert (answer["exit_code"], answer["ledger_entry"]) == (0, None)
    assert [text for text in answer["warnings"] if "--case" in text and "matter" in text]
    assert station.run_json("verify", in_case, "--case", "matter")["warnings"] == []
