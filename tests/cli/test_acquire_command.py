"""Imaging through the command line: what is made, what is refused, and what is left behind."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation

QUICK = ("--no-second-opinion",)


def _digest(data: bytes, name: str = "sha256") -> str:
    return hashlib.new(name, data, usedforsecurity=False).hexdigest()


def _names(folder: Path) -> set[str]:
    return {item.name for item in folder.iterdir()}


@pytest.mark.parametrize(
    ("options", "files"),
    [
        ((), {"JB1.E01"}),
        (("--segment-size", "256KiB", "--compression", "none"), {"JB1.E01", "JB1.E02", "JB1.E05"}),
        (("--format", "raw"), {"JB1.raw"}),
        (("--format", "raw", "--segment-size", "256KiB"), {"JB1.001", "JB1.004"}),
        (("--compression", "best", "--chunk-sectors", "128"), {"JB1.E01"}),
        (("--sector-size", "4096"), {"JB1.E01"}),
    ],
)
def test_an_image_stands_with_its_sidecars_and_passes(
    station: Workstation, source: Path, options: tuple[str, ...], files: set[str]
) -> None:
    answer = station.run_json("acquire", source, "--output", "JB1", *options, *QUICK)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    sidecars = {"JB1.manifest.json", "JB1.sha256", "JB1.map", "JB1.txt", "JB1.verification.json"}
    assert _names(station.folder) >= files | sidecars
    assert not [name for name in _names(station.folder) if "partial" in name]
    data = source.read_bytes()
    assert answer["digests"] == {name: _digest(data, name) for name in ("md5", "sha1", "sha256")}
    assert [item["state"] for item in answer["outputs"]] == ["complete"]
    assert sum(item["sector_count"] for item in answer["image"]["segments"]) * answer["image"][
        "sector_size"
    ] == len(data)


def test_a_stretch_of_the_source_is_imaged(station: Workstation, source: Path) -> None:
    words = ("--start", 100, "--sectors", 300, "--format", "raw", "--hash", "sha256")
    answer = station.run_json("acquire", source, "--output", "part", *words)
    wanted = source.read_bytes()[100 * 512 : 400 * 512]
    assert (station.folder / "part.raw").read_bytes() == wanted
    assert answer["digests"] == {"sha256": _digest(wanted)}
    assert (answer["source"]["start_sector"], answer["source"]["sector_count"]) == (100, 300)


def test_two_outputs_hold_the_same_image(station: Workstation, source: Path) -> None:
    for name in ("one", "two"):
        (station.folder / name).mkdir()
    answer = station.run_json("acquire", source, "--output", "one/JB1", "--output", "two/JB1", *QUICK)
    assert [item["state"] for item in answer["outputs"]] == ["complete", "complete"]
    assert (station.folder / "one/JB1.E01").read_bytes() == (station.folder / "two/JB1.E01").read_bytes()
    assert _names(station.folder / "one") == _names(station.folder / "two")


def test_without_md5_the_examiner_is_warned(station: Workstation, source: Path) -> None:
    answer = station.run_json("acquire", source, "--output", "JB1", "--hash", "sha256", "--no-verify")
    assert answer["verdict"] is None
    assert any("md5" in text for text in answer["warnings"])


def test_a_dry_run_tells_the_plan_and_writes_nothing(station: Workstation, source: Path) -> None:
    answer = station.run_json("acquire", source, "--output", "JB1", "--dry-run")
    assert answer["exit_code"] == 0
    assert answer["plan"]["sector_count"] == 2048
    assert _names(station.folder) == {"disk.img"}
    assert "at most 1" in station.run("acquire", source, "--output", "JB1", "--dry-run").stdout


def test_the_header_and_manifest_hold_what_was_said(station: Workstation, source: Path) -> None:
    said = (
        "--case-number",
        "2026-17",
        "--exhibit-number",
        "JB1",
        "--examiner",
        "A. Doe",
        "--note",
        "n1",
        "--note",
        "n2",
    )
    words = ("--blocker", "Tableau T8u", "--description", "a disk", "--no-verify")
    station.run_json("acquire", source, "--output", "JB1", *said, *words)
    job = station.manifest()["job"]
    assert job["case"] | {"agency": None} == {
        "case_number": "2026-17",
        "exhibit_reference": "JB1",
        "examiner": "A. Doe",
        "agency": None,
        "description": "a disk",
        "notes": "n1; n2",
    }
    assert job["protection"]["blocker"] == "Tableau T8u"


def test_the_lab_configuration_sets_defaults_and_is_copied(
    station: Workstation, source: Path, configure: Any
) -> None:
    configure(
        'examiner = "B. Roe"\n[defaults]\nformat = "raw"\nsegment_size = "512KiB"\nhash = "sha1"\nverify = false'
    )
    answer = station.run_json("acquire", source, "--output", "JB1")
    assert (answer["verdict"], set(answer["digests"])) == (None, {"sha1"})
    job = station.manifest()["job"]
    assert (job["case"]["examiner"], job["laboratory"]["defaults.segment_size"]) == ("B. Roe", "512KiB")
    assert (station.folder / "JB1.002").exists()


def test_a_wrong_lab_configuration_stops_the_job_by_name(
    station: Workstation, source: Path, configure: Any
) -> None:
    configure("[defaults]\nfromat = 'raw'")
    result = station.run("acquire", source, "--output", "JB1")
    assert result.exit_code == 2
    assert "fromat" in result.stderr


def test_the_hook_is_told_and_cannot_change_the_outcome(station: Workstation, source: Path, configure: Any) -> None:
    hook = station.folder / "hook"
    hook.write_text(f"#!/bin/sh\ncat > {station.folder}/told; exit 7\n")
    hook.chmod(0o700)
    configure(f'[hook]\ncommand = ["{hook}"]')
    answer = station.run_json("acquire", source, "--output", "JB1", "--no-verify")
    assert answer["exit_code"] == 0
    assert any("exit status 7" in text for text in answer["warnings"])
    told = json.loads((station.folder / "told").read_text())
    assert (told["command"], told["digests"]) == ("acquire", answer["digests"])


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("absent.img", "--output", "JB1"), 3, "no such source"),
        ((".", "--output", "JB1"), 3, "folder"),
        (("/dev/null", "--output", "JB1"), 3, "character device"),
        (("empty.img", "--output", "JB1"), 3, "empty"),
        (("odd.img", "--output", "JB1"), 3, "--pad-last-sector"),
        (("disk.img",), 2, "--output"),
        (("disk.img", "--exhibit", "JB1"), 2, "--case"),
        (("disk.img", "--output", "JB1.E01"), 2, "extension"),
        (("disk.img", "--output", "nowhere/JB1"), 4, "nowhere"),
        (("disk.img", "--output", "/"), 2, "no image"),
        (("disk.img", "--output", ".."), 2, "no image"),
        (("disk.img", "--output", "a\nb"), 2, "plain name"),
        (("disk.img", "--output", "JB1", "--output", "sub/../JB1"), 2, "twice"),
        (("disk.img", "--output", "n" * 250), 4, "nnn"),
        (("disk.img", "--output", "disk"), 4, "disk"),
        (("disk.img", "--output", "/proc/JB1"), 4, "/proc"),
        (("disk.img", "--output", "JB1", "--output", "sub/JB2"), 2, "name"),
        (("disk.img", "--output", "JB1", "--start", "2048"), 2, "2048"),
        (("disk.img", "--output", "JB1", "--sectors", "3000"), 2, "2048"),
        (("disk.img", "--output", "JB1", "--segment-size", "64KiB"), 2, "--segment-size"),
        (("disk.img", "--output", "JB1", "--segment-size", "big"), 2, "big"),
        (("disk.img", "--output", "JB1", "--chunk-sectors", "100"), 2, "--chunk-sectors"),
        (("disk.img", "--output", "JB1", "--format", "raw", "--chunk-sectors", "64"), 2, "chunks"),
        (("disk.img", "--output", "JB1", "--format", "raw", "--compression", "fast"), 2, "compress"),
        (("disk.img", "--output", "JB1", "--format", "aff4"), 2, "aff4"),
        (("disk.img", "--output", "JB1", "--hash", "crc32"), 2, "crc32"),
        (("disk.img", "--output", "JB1", "--sector-size", "1000"), 2, "1000"),
        (("disk.img", "--output", "JB1", "--case", "."), 8, "no case"),
        (("disk.img", "--output", ""), 2, "empty"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    station: Workstation, source: Path, words: tuple[str, ...], exit_code: int, said: str
) -> None:
    (station.folder / "empty.img").touch()
    (station.folder / "sub").mkdir()
    (station.folder / "odd.img").write_bytes(b"x" * 1000)
    before = {path: path.stat().st_mtime_ns for path in station.folder.rglob("*")}
    result = station.run("acquire", *words, *QUICK)
    assert result.exit_code == exit_code
    complaints = [line for line in result.stderr.splitlines() if not line.startswith("warning: ")]
    assert len(complaints) == 1
    assert said in complaints[0]
    assert {path: path.stat().st_mtime_ns for path in station.folder.rglob("*")} == before


def test_an_existing_image_is_never_touched(station: Workstation, source: Path) -> None:
    station.run("acquire", source, "--output", "JB1", "--no-verify")
    before = {item: item.read_bytes() for item in station.folder.iterdir()}
    result = station.run("acquire", source, "--output", "JB1")
    assert result.exit_code == 4
    assert {item: item.read_bytes() for item in station.folder.iterdir()} == before


def test_hostile_file_names_are_recorded_and_shown_harmlessly(station: Workstation, source: Path) -> None:
    for name in (b"esc\x1b[31m\n\xe2\x80\xae.img", b"not\xfftext.img"):
        shutil.copy(source, station.folder / os.fsdecode(name))
        typed = os.fsdecode(name)
        result = station.run("acquire", typed, "--output", "JB1", "--no-verify")
        assert result.exit_code == 0
        for shown in (result, station.run("hash", typed), station.run("info", "JB1.E01")):
            assert shown.exit_code == 0
            assert not set("\x1b\u202e\udcff") & set(shown.stdout + shown.stderr)
        for made in station.folder.glob("JB1*"):
            made.unlink()


def test_a_padded_source_says_how_many_bytes_were_added(station: Workstation) -> None:
    (station.folder / "odd.img").write_bytes(b"x" * 1000)
    answer = station.run_json("acquire", "odd.img", "--output", "JB1", "--pad-last-sector", *QUICK)
    assert (answer["exit_code"], answer["source"]["padded_bytes"]) == (0, 24)
    assert answer["digests"]["sha256"] == _digest(b"x" * 1000 + bytes(24))


def test_zeros_and_noise_are_noticed(station: Workstation) -> None:
    (station.folder / "zeros.img").write_bytes(bytes(1024 * 1024))
    (station.folder / "noise.img").write_bytes(os.urandom(1024 * 1024))
    zeros = station.run_json("acquire", "zeros.img", "--output", "z", "--no-verify")
    noise = station.run_json("acquire", "noise.img", "--output", "n", "--no-verify")
    assert [item["code"] for item in zeros["findings"]] == ["media-all-zeros"]
    assert [item["code"] for item in noise["findings"]] == ["media-high-entropy"]


@pytest.mark.parametrize(("given", "named"), [((), "A. Doe"), (("--examiner", "C. Poe"), "C. Poe")])
def test_the_examiner_is_the_given_one_else_the_cases(
    station: Workstation, source: Path, configure: Any, given: tuple[str, ...], named: str
) -> None:
    configure('examiner = "B. Roe"')
    station.run("case", "create", "matter", "--number", "1", "--examiner", "A. Doe")
    station.run("acquire", source, "--output", "JB1", "--case", "matter", "--no-verify", *given)
    job = station.manifest()["job"]
    assert (job["case"]["examiner"], job["case"]["case_number"]) == (named, "1")
