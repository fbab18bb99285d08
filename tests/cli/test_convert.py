"""Converting images through the command line: what is carried over, what is compared, what is refused."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.block_devices import needs_program, tool
from tests.sim.foreign_programs import run_program
from tests.sim.memory_disk import MemoryDisk
from tests.verify.evidence import disk_content

QUICK = ("--no-second-opinion",)
CONTENT = disk_content(1536 * 1024)
SECTORS = len(CONTENT) // 512
BAD = frozenset({100, 101, 102, 2000})
DIALECTS = Path(__file__).parents[1] / "data" / "ewfacquire"
MEDIA = {
    "disk": "c56cd8744f6de0204456edbdaf739a3c560a82421582eef61cb072624540a1db",
    "small": "c40e41b9bf98976c7d5d07b3260c5a9ce539feef5bce3d46ded84ab32494e86c",
    "zeros": "a8ef340554e8e867582dfcf44925d8a12bf38bbc5dd3b61456040ee505b84f3d",
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def with_zeros(bad: frozenset[int] = BAD) -> bytes:
    """What an image holds where these sectors cannot be read."""
    data = bytearray(CONTENT)
    for sector in bad:
        data[sector * 512 : (sector + 1) * 512] = bytes(512)
    return bytes(data)


def make_source(folder: Path, *, bad: frozenset[int] = frozenset(), **options: Any) -> Path:
    """The first segment of an image SRC that we made, writable."""
    folder.mkdir(exist_ok=True)
    result = acquire_disk(MemoryDisk(CONTENT, 512, bad), folder / "SRC", options=Options(**options))
    assert result.manifest is not None
    for path in folder.iterdir():
        path.chmod(0o644)
    return folder / result.manifest.segments[0].file


def alone(first: Path) -> Path:
    """The same image without the files that only we write."""
    for path in first.parent.iterdir():
        if path.suffix in (".json", ".sha256", ".map", ".txt"):
            path.unlink()
    return first


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return make_source(tmp_path / "source")


@pytest.mark.parametrize(
    ("options", "first"),
    [
        ((), "JB1.E01"),
        (("--compression", "best", "--chunk-sectors", "128"), "JB1.E01"),
        (("--compression", "none", "--segment-size", "512KiB"), "JB1.E01"),
        (("--format", "raw"), "JB1.raw"),
        (("--format", "raw", "--segment-size", "512KiB"), "JB1.001"),
    ],
)
@pytest.mark.parametrize("raw", [False, True])
def test_an_image_becomes_any_other_and_passes(
    station: Workstation, tmp_path: Path, options: tuple[str, ...], first: str, raw: bool
) -> None:
    source = make_source(tmp_path / "source", raw=raw, segment_size_bytes=700 * 512)
    before = {path.name: path.read_bytes() for path in source.parent.iterdir()}
    answer = station.run_json("convert", source, "JB1", *options, *QUICK)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["image"]["path"].endswith(first)
    assert answer["digests"]["sha256"] == sha256(CONTENT)
    assert station.run_json("verify", first)["verdict"] == "PASSED"
    assert {path.name: path.read_bytes() for path in source.parent.iterdir()} == before
    segments = sorted(station.folder.glob("JB1.[0-9]*")) or [station.folder / first]
    if first != "JB1.E01":
        assert b"".join(path.read_bytes() for path in segments) == CONTENT


def test_two_outputs_hold_the_same_image(station: Workstation, source: Path) -> None:
    for name in ("one", "two"):
        (station.folder / name).mkdir()
    answer = station.run_json("convert", source, "one/JB1", "--output", "two/JB1", *QUICK)
    assert [item["state"] for item in answer["outputs"]] == ["complete", "complete"]
    assert (station.folder / "one/JB1.E01").read_bytes() == (station.folder / "two/JB1.E01").read_bytes()


def test_case_data_drive_and_date_are_carried_over_from_a_foreign_header(station: Workstation) -> None:
    answer = station.run_json("convert", DIALECTS / "encase6.E01", "JB1", "--note", "for the court", *QUICK)
    origin = answer["source_image"]
    case = {"case_number": "2026-17", "exhibit_reference": "JB1", "examiner": "J. Baker"}
    assert origin["case"] | case == origin["case"]
    described = station.run_json("info", "JB1.E01")
    header, before = described["header"], station.run_json("info", DIALECTS / "encase6.E01")["header"]
    for name in ("case_number", "exhibit_reference", "examiner", "description", "acquired", "model", "serial"):
        assert header[name] == before[name]
    assert header["notes"] == "none; for the court"
    job = station.manifest()["job"]
    assert (job["source"]["kind"], job["converted_from"]["format"]) == ("image", "ewf-e01")
    assert {item["origin"] for item in job["converted_from"]["digests"]} >= {"stored hash", "stored digest"}


def test_what_is_given_goes_before_what_the_image_says(station: Workstation, source: Path) -> None:
    words = ("--case-number", "2026-18", "--examiner", "A. Roe")
    station.run_json("convert", alone(source), "JB1", *words, *QUICK)
    case = station.manifest()["job"]["case"]
    assert (case["case_number"], case["examiner"], case["exhibit_reference"]) == ("2026-18", "A. Roe", "JB1")


def test_a_manifest_gives_drive_link_and_digests(station: Workstation, source: Path) -> None:
    manifest = source.with_name("SRC.manifest.json")
    record = json.loads(manifest.read_text())
    record["job"]["source"] |= {"model": "ST4000", "serial": "Z1", "wwn": "5000c500a"}
    manifest.write_text(json.dumps(record))
    answer = station.run_json("convert", source, "JB1", *QUICK)
    assert answer["source_image"]["manifest_sha256"] == sha256(manifest.read_bytes())
    facts = station.manifest()["job"]["source"]
    assert (facts["model"], facts["serial"], facts["wwn"]) == ("ST4000", "Z1", "5000c500a")
    assert station.run_json("info", "JB1.E01")["header"]["serial"] == "Z1"
    compared = station.manifest()["read"]["events"]
    assert [item["kind"] for item in compared] == ["source compared"]
    assert "sha256 of manifest: same" in compared[0]["detail"]


@pytest.mark.parametrize("raw", [False, True])
def test_unreadable_sectors_are_carried_over_and_all_witnesses_agree(
    station: Workstation, tmp_path: Path, raw: bool
) -> None:
    source = make_source(tmp_path / "source", bad=BAD, raw=raw)
    wanted = [{"first_sector": 100, "sector_count": 3}, {"first_sector": 2000, "sector_count": 1}]
    for name, image_format in (("JB1", "e01"), ("JB2", "raw")):
        answer = station.run_json("convert", source, name, "--format", image_format, *QUICK)
        assert (answer["exit_code"], answer["bad_sectors"]) == (0, wanted)
        assert answer["digests"]["sha256"] == sha256(with_zeros())
        assert (station.folder / f"{name}.map").read_text() == source.with_name("SRC.map").read_text()
    assert station.run_json("info", "JB1.E01")["bad_sectors"] == wanted


def test_error2_alone_says_which_sectors_are_unreadable(station: Workstation, tmp_path: Path) -> None:
    source = alone(make_source(tmp_path / "source", bad=BAD))
    answer = station.run_json("convert", source, "JB1", "--format", "raw", *QUICK)
    assert answer["bad_sectors"][0] == {"first_sector": 100, "sector_count": 3}


def test_a_rescue_that_was_not_finished_is_no_whole_image(station: Workstation, tmp_path: Path) -> None:
    source = alone(make_source(tmp_path / "source", raw=True))
    size = len(CONTENT)
    source.with_name("SRC.map").write_text(
        f"0x00 ? 1\n0x00 0x10000 +\n0x10000 0x10000 ?\n0x20000 0x200 -\n0x20200 {size - 0x20200:#x} +\n"
    )
    refused = station.run_json("convert", source, "JB1", *QUICK)
    assert (refused["exit_code"], list(station.folder.iterdir())) == (7, [])
    answer = station.run_json("convert", source, "JB1", "--accept-damage", *QUICK)
    assert (answer["exit_code"], answer["verdict"]) == (7, "INDETERMINATE")
    assert {"sectors-not-tried", "source-damaged"} <= {item["code"] for item in answer["findings"]}
    states = [line.split()[-1] for line in (station.folder / "JB1.map").read_text().splitlines()[4:]]
    assert states == ["+", "?", "-", "+"]


def test_data_in_sectors_that_are_called_unreadable_is_kept_and_said(station: Workstation, tmp_path: Path) -> None:
    source = alone(make_source(tmp_path / "source", raw=True))
    size = len(CONTENT)
    source.with_name("SRC.map").write_text(f"0 + 1\n0 0x200 -\n0x200 {size - 0x200:#x} +\n")
    answer = station.run_json("convert", source, "JB1", "--no-verify")
    assert answer["digests"]["sha256"] == sha256(CONTENT)
    assert "unreadable-with-data" in {item["code"] for item in answer["findings"]}


@pytest.mark.parametrize("path", sorted(DIALECTS.glob("*.[EeSs]01")), ids=lambda path: path.name)
def test_every_dialect_of_other_programs_converts_with_its_digests(station: Workstation, path: Path) -> None:
    answer = station.run_json("convert", path, "JB1", "--format", "raw", *QUICK)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"]["sha256"] in MEDIA.values()
    assert sha256((station.folder / "JB1.raw").read_bytes()) == answer["digests"]["sha256"]
    again = station.run_json("convert", "JB1.raw", "JB2", *QUICK)
    assert again["digests"] == answer["digests"]
    assert again["image"]["sector_size"] == answer["image"]["sector_size"]


def test_sectors_of_4096_bytes_and_optical_media_are_kept(station: Workstation) -> None:
    for name, size, kind in (("encase6-4kn", 4096, "fixed"), ("encase6-optical", 2048, "optical")):
        answer = station.run_json("convert", DIALECTS / f"{name}.E01", name, *QUICK)
        assert answer["image"]["sector_size"] == size
        assert station.run_json("info", f"{name}.E01")["media_type"] == kind


@pytest.mark.parametrize("place", ["chunk", "stored digest"])
def test_a_damaged_image_is_refused_with_its_findings(station: Workstation, source: Path, place: str) -> None:
    size = alone(source).stat().st_size
    flip(source, size // 2 if place == "chunk" else size - 200)
    answer = station.run_json("convert", source, "JB1", *QUICK)
    assert answer["exit_code"] == 6
    assert answer["source_findings"]
    assert not (station.folder / "JB1.manifest.json").exists()
    assert "verify" in answer["error"]["do"]


def test_damage_in_the_structure_is_refused_before_anything_is_written(station: Workstation, source: Path) -> None:
    flip(alone(source), 20)
    assert station.run_json("convert", source, "JB1", *QUICK)["exit_code"] in (6, 7)
    assert list(station.folder.iterdir()) == []


def test_media_that_is_not_that_of_the_manifest_is_refused(station: Workstation, tmp_path: Path) -> None:
    source = make_source(tmp_path / "source", raw=True)
    flip(source, 100_000)
    answer = station.run_json("convert", source, "JB1", *QUICK)
    assert (answer["exit_code"], answer["outputs"][0]["state"]) == (6, "partial")
    assert "manifest-digest" in {item["code"] for item in answer["source_findings"]}
    assert station.run_json("verify", "JB1.E01")["verdict"] == "INDETERMINATE"


def test_a_digest_that_is_expected_is_compared(station: Workstation, tmp_path: Path) -> None:
    source = alone(make_source(tmp_path / "source", raw=True))
    good, bad = f"sha512:{hashlib.sha512(CONTENT).hexdigest()}", f"md5:{'0' * 32}"
    assert station.run_json("convert", source, "JB1", "--expect", good, *QUICK)["exit_code"] == 0
    assert station.run_json("convert", source, "JB2", "--expect", bad, *QUICK)["exit_code"] == 6


def test_a_checksum_file_of_a_raw_image_is_compared(station: Workstation, tmp_path: Path) -> None:
    source = alone(make_source(tmp_path / "source", raw=True))
    source.with_name("SRC.raw.sha512").write_text(f"{'0' * 128}  SRC.raw\n")
    assert station.run_json("convert", source, "JB1", *QUICK)["exit_code"] == 6


def test_a_listed_segment_that_is_gone_is_missed_before_anything_is_written(
    station: Workstation, tmp_path: Path
) -> None:
    source = alone(make_source(tmp_path / "source", raw=True, segment_size_bytes=512 * 1024))
    last = max(source.parent.iterdir())
    names = sorted(path.name for path in source.parent.iterdir())
    source.with_name("SRC.md5").write_text("".join(f"{'0' * 32}  {name}\n" for name in names))
    last.unlink()
    answer = station.run_json("convert", source, "JB1", *QUICK)
    assert answer["exit_code"] == 7
    assert list(station.folder.iterdir()) == []


def test_accepted_damage_is_listed_and_never_passes(station: Workstation, source: Path) -> None:
    flip(alone(source), source.stat().st_size // 2)
    answer = station.run_json("convert", source, "JB1", "--accept-damage")
    assert (answer["exit_code"], answer["verdict"]) == (7, "INDETERMINATE")
    (damaged,) = answer["bad_sectors"]
    assert damaged["sector_count"] == 64
    found = [item for item in answer["findings"] if item["code"] == "source-damaged"]
    assert damaged["first_sector"] in [item["first_sector"] for item in found]
    described = station.run_json("info", "JB1.E01")
    assert described["bad_sectors"] == [damaged]
    again = station.run_json("convert", "JB1.E01", "JB2", "--format", "raw", *QUICK)
    assert (again["exit_code"], again["verdict"], again["bad_sectors"]) == (7, "INDETERMINATE", [damaged])


def test_behind_a_missing_segment_the_media_stands_where_it_belongs(station: Workstation, tmp_path: Path) -> None:
    source = make_source(tmp_path / "source", compression="none", segment_size_bytes=512 * 1024)
    alone(source).with_name("SRC.E02").unlink()
    assert station.run_json("convert", source, "JB1", *QUICK)["exit_code"] == 7
    assert list(station.folder.iterdir()) == []
    answer = station.run_json("convert", source, "JB1", "--format", "raw", "--accept-damage", *QUICK)
    (lost,) = answer["bad_sectors"]
    first, end = lost["first_sector"] * 512, (lost["first_sector"] + lost["sector_count"]) * 512
    assert (station.folder / "JB1.raw").read_bytes() == CONTENT[:first] + bytes(end - first) + CONTENT[end:]


def test_a_segment_in_another_folder_is_found(station: Workstation, tmp_path: Path) -> None:
    source = alone(make_source(tmp_path / "source", compression="none", segment_size_bytes=512 * 1024))
    (tmp_path / "more").mkdir()
    shutil.move(source.with_name("SRC.E03"), tmp_path / "more")
    assert station.run_json("convert", source, "JB1", "--also", tmp_path / "more", *QUICK)["exit_code"] == 0


def test_an_odd_end_is_refused_or_padded(station: Workstation, tmp_path: Path) -> None:
    source = tmp_path / "odd.raw"
    source.write_bytes(CONTENT[:100_100])
    source.with_name("odd.raw.sha256").write_text(f"{sha256(CONTENT[:100_100])}  odd.raw\n")
    assert station.run_json("convert", source, "JB1", *QUICK)["exit_code"] == 3
    answer = station.run_json("convert", source, "JB1", "--pad-last-sector", *QUICK)
    assert (answer["exit_code"], answer["source"]["padded_bytes"]) == (0, 252)
    assert answer["digests"]["sha256"] == sha256(CONTENT[:100_100] + bytes(252))
    detail = station.manifest()["read"]["events"][0]["detail"]
    assert detail == "sha256 of odd.raw.sha256: same"


def test_a_raw_image_with_other_sectors_says_so(station: Workstation, tmp_path: Path) -> None:
    source = alone(make_source(tmp_path / "source", raw=True))
    answer = station.run_json("convert", source, "JB1", "--sector-size", "4096", *QUICK)
    assert answer["image"]["sector_size"] == 4096
    wrong = station.run_json("convert", "JB1.E01", "JB2", "--sector-size", "512", *QUICK)
    assert wrong["exit_code"] == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("{source}", "{folder}/SRC"), 4),
        (("{source}", "JB1.E01"), 2),
        (("{folder}/absent.E01", "JB1"), 3),
        (("{folder}", "JB1"), 3),
        (("{source}",), 2),
        (("{source}", "nowhere/JB1"), 4),
        (("{source}", "JB1", "--format", "raw", "--chunk-sectors", "64"), 2),
        (("{source}", "JB1", "--exhibit", "JB1"), 2),
        (("{source}", "JB1", "--manifest", "{source}"), 7),
        (("{folder}/SRC.E02", "JB1"), 7),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    station: Workstation, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    source = make_source(tmp_path / "source", compression="none", segment_size_bytes=512 * 1024)
    typed = [word.format(source=source, folder=source.parent) for word in words]
    result = station.run("convert", *typed)
    assert result.exit_code == code
    assert len([line for line in result.stderr.splitlines() if line.startswith("diskwitness: ")]) == 1
    assert list(station.folder.iterdir()) == []


def test_a_format_that_is_not_read_is_refused_by_name(station: Workstation, tmp_path: Path) -> None:
    path = tmp_path / "logical.L01"
    path.write_bytes(b"LVF\x09\x0d\x0a\xff\x00".ljust(4096, b"\0"))
    result = station.run("convert", path, "JB1")
    assert result.exit_code == 7
    assert "L01" in result.stderr


def test_an_image_that_stands_there_is_not_touched(station: Workstation, source: Path) -> None:
    (station.folder / "JB1.E01").write_bytes(b"evidence")
    assert station.run("convert", source, "JB1").exit_code == 4
    assert (station.folder / "JB1.E01").read_bytes() == b"evidence"


def test_an_unfinished_conversion_is_begun_anew_and_never_gone_on_with(station: Workstation, source: Path) -> None:
    flip(alone(source), source.stat().st_size // 2)
    assert station.run("convert", source, "JB1", *QUICK).exit_code == 6
    before = {path.name: path.read_bytes() for path in station.folder.iterdir()}
    again = station.run_json("convert", source, "JB1", "--accept-damage")
    assert (again["exit_code"], "begun anew" in again["error"]["do"]) == (4, True)
    resumed = station.run_json("acquire", source, "--resume", "--output", "JB1")
    assert (resumed["exit_code"], "begun anew" in resumed["error"]["do"]) == (2, True)
    assert {path.name: path.read_bytes() for path in station.folder.iterdir()} == before


def test_a_dry_run_writes_nothing(station: Workstation, source: Path) -> None:
    answer = station.run_json("convert", source, "JB1", "--dry-run")
    assert (answer["exit_code"], answer["plan"]["sector_count"]) == (0, SECTORS)
    assert list(station.folder.iterdir()) == []


def test_in_a_case_source_and_result_are_linked(station: Workstation, tmp_path: Path) -> None:
    (tmp_path / "disk.img").write_bytes(CONTENT)
    station.begin_case()
    there = ("--exhibit", "JB1", "--case", "matter", *QUICK)
    first = station.run_json("acquire", tmp_path / "disk.img", *there)
    second = station.run_json("convert", first["image"]["path"], *there, "--format", "raw")
    assert (second["exit_code"], second["verdict"]) == (0, "PASSED")
    assert second["image"]["path"].endswith("JB1-2.raw")
    assert second["source_image"]["case_link"] == first["case_link"]
    shown = station.run_json("exhibit", "show", "JB1", "--case", "matter")["record"]
    assert [item["state"] for item in shown["acquisitions"]] == ["complete", "complete"]
    assert shown["acquisitions"][1]["job"]["converted_from"]["case_link"] == first["case_link"]
    assert station.run("ledger", "verify", "matter").exit_code == 0
    log = (station.folder / "matter/images/JB1/JB1-2.txt").read_text()
    assert "JB1.E01" in log


def test_a_manifest_that_the_ledger_does_not_know_is_no_source(station: Workstation, tmp_path: Path) -> None:
    (tmp_path / "disk.img").write_bytes(CONTENT)
    station.begin_case()
    first = station.run_json(
        "acquire", tmp_path / "disk.img", "--exhibit", "JB1", "--case", "matter", "--no-verify"
    )
    manifest = Path(first["image"]["path"]).with_name("JB1.manifest.json")
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text().replace('"A. Doe"', '"B. Roe"', 1))
    answer = station.run_json("convert", first["image"]["path"], "JB1", "--case", "matter", *QUICK)
    assert answer["exit_code"] == 6
    assert "recorded-manifest-differs" in {item["code"] for item in answer["source_findings"]}


@needs_program("ewfverify", "ewfinfo", "img_stat", "img_cat")
def test_other_programs_read_what_was_converted(station: Workstation, tmp_path: Path) -> None:
    source = alone(make_source(tmp_path / "source", compression="none", segment_size_bytes=512 * 1024))
    station.run_json("convert", source, "JB1", "--segment-size", "300KiB", *QUICK)
    image = str(station.folder / "JB1.E01")
    assert "SUCCESS" in tool("ewfverify", "-q", image)
    assert "2026-17" in tool("ewfinfo", image)
    assert str(len(CONTENT)) in tool("img_stat", image)
    run_program(station.folder, "ewfexport", "-q", "-u", "-f", "raw", "-t", "back", image)
    assert (station.folder / "back.raw").read_bytes() == CONTENT


@needs_program("qemu-img", "qemu-nbd")
def test_a_virtual_disk_becomes_an_image_that_says_who_decoded_it(station: Workstation, tmp_path: Path) -> None:
    (tmp_path / "disk.raw").write_bytes(CONTENT)
    disk = tmp_path / "disk.qcow2"
    tool("qemu-img", "convert", "-O", "qcow2", "-c", str(tmp_path / "disk.raw"), str(disk))
    answer = station.run_json("convert", disk, "JB1", "--expect", f"sha256:{sha256(CONTENT)}", *QUICK)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"]["sha256"] == sha256(CONTENT)
    (told,) = [item for item in station.manifest()["findings"] if item["code"] == "virtual-disk"]
    assert "qemu" in told["detail"]
