"""Before the first sector: what is planned, what is refused, what is warned about."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from acquire.destination import destination_limits, existing_files, nearest_folder
from acquire.preflight import PlannedOutput, Preflight, run_preflight
from acquire.source import open_source
from acquire.source_options import SourceOptions
from acquire.sysfs import LIVE_SYSTEM, SystemPaths
from image.errors import DestinationError, SourceError
from image.sectors import SectorRange
from tests.sim.block_devices import loop_device, mounted, needs_program, needs_root, numbered_image, tool
from tests.sim.sysfs_tree import build_system

SECTORS = SectorRange(0, 100)


def planned(path: Path, worst_case_bytes: int = 60_000, *, creates_folder: bool = False) -> PlannedOutput:
    """One output of a single file."""
    return PlannedOutput(path, "e01", 1, worst_case_bytes, worst_case_bytes, 64, creates_folder)


def check(
    tmp_path: Path,
    *outputs: PlannedOutput,
    sectors: SectorRange = SECTORS,
    paths: SystemPaths = LIVE_SYSTEM,
) -> Preflight:
    """The preflight of an image file of 100 sectors."""
    image = tmp_path / "source.img"
    if not image.exists():
        numbered_image(image, 100)
    with open_source(str(image)) as opened:
        return run_preflight(opened, sectors, outputs, bytes_per_second=1000.0, paths=paths)


def refusal(tmp_path: Path, output: PlannedOutput, paths: SystemPaths = LIVE_SYSTEM) -> str:
    """Why a destination is refused."""
    with pytest.raises(DestinationError) as refused:
        check(tmp_path, output, paths=paths)
    return refused.value.what


def test_the_plan_says_size_time_and_destination(tmp_path: Path) -> None:
    output = planned(tmp_path / "JB1")
    plan = check(tmp_path, output)
    assert (plan.sectors, plan.outputs, plan.padded_bytes) == (SECTORS, (output,), 0)
    assert plan.estimated_seconds == 51.2
    assert plan.destinations[0].folder == str(tmp_path)
    assert plan.destinations[0].free_bytes > 0
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["source.img"]


def test_sectors_that_the_source_does_not_hold_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="sectors 90 to 100 were asked for, the source has 100"):
        check(tmp_path, planned(tmp_path / "JB1"), sectors=SectorRange(90, 11))


def test_an_absent_folder_is_refused_unless_the_job_makes_it(tmp_path: Path) -> None:
    output = planned(tmp_path / "images" / "JB1" / "JB1")
    assert refusal(tmp_path, output) == "the folder cannot be used (No such file or directory)"
    made = check(tmp_path, replace(output, creates_folder=True))
    assert made.destinations[0].folder == str(tmp_path)
    assert not (tmp_path / "images").exists()


def test_a_file_is_no_folder_to_write_in(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(tmp_path, planned(tmp_path / "file" / "JB1")) == "the destination is no folder"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    assert refusal(tmp_path, planned(folder / "JB1")) == "no permission to write there"


def test_the_source_is_not_written_over(tmp_path: Path) -> None:
    assert refusal(tmp_path, planned(tmp_path / "source")) == "the source is a file of the image to be written"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *((f"JB1.{kind}", "files of an image are already there") for kind in ("E01", "EAA", "raw", "001", "map")),
        ("JB1.manifest.json.partial", "a stopped acquisition stands there"),
    ],
)
def test_an_image_that_is_there_is_refused(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / name).touch()
    assert refusal(tmp_path, planned(tmp_path / "JB1")) == what


def test_other_files_of_that_name_are_none_of_the_image(tmp_path: Path) -> None:
    for name in ("JB1.notes.docx", "JB1-2.E01", "JB10.E01", "JB1.jpeg"):
        (tmp_path / name).touch()
    assert existing_files(tmp_path / "JB1") == ()


def test_a_file_that_fat_cannot_hold_is_refused_before_the_job(tmp_path: Path) -> None:
    paths = build_system(tmp_path / "system", [], mountinfo="20 1 8:1 / / rw - vfat /dev/sda1 rw\n")
    too_large = planned(tmp_path / "JB1", 2**32)
    assert refusal(tmp_path, too_large, paths) == "vfat holds no file of 4294967296 bytes"
    assert check(tmp_path, planned(tmp_path / "JB1", 2**32 - 1), paths=paths).outputs


def test_images_that_may_not_fit_together_are_warned_about_together(tmp_path: Path) -> None:
    free = destination_limits(tmp_path).free_bytes
    half = planned(tmp_path / "A", free // 5 * 3), planned(tmp_path / "B", free // 5 * 3)
    (warning,) = [text for text in check(tmp_path, *half).warnings if "may fill up" in text]
    assert f"at most {free // 5 * 3 * 2} bytes are needed" in warning
    assert not [text for text in check(tmp_path, half[0]).warnings if "may fill up" in text]


@pytest.mark.parametrize(
    ("kind", "warning"), [("cifs", "is on the network (cifs)"), ("tmpfs", "is in memory (tmpfs)")]
)
def test_odd_file_systems_are_warned_about(tmp_path: Path, kind: str, warning: str) -> None:
    paths = build_system(tmp_path / "system", [], mountinfo=f"20 1 0:33 / / rw - {kind} //server/share rw\n")
    plan = check(tmp_path, planned(tmp_path / "JB1"), paths=paths)
    assert any(text.endswith(warning) for text in plan.warnings)


def test_automounters_do_not_matter_to_a_file(tmp_path: Path) -> None:
    paths = build_system(tmp_path / "system", [])
    (paths.proc / "77").mkdir()
    (paths.proc / "77" / "comm").write_text("udisksd\n")
    plan = check(tmp_path, planned(tmp_path / "JB1"), paths=paths)
    assert plan.automounters == ("udisks2",)
    assert not any("udisks2" in text for text in plan.warnings)


def test_the_nearest_folder_that_is_there_is_found(tmp_path: Path) -> None:
    assert nearest_folder(tmp_path / "a" / "b" / "c") == tmp_path
    assert nearest_folder(tmp_path) == tmp_path


@pytest.mark.root
@needs_root
@needs_program("losetup", "mkfs.ext4", "mount")
def test_a_destination_on_the_source_disk_is_refused_even_when_forced(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 8192)
    tool("mkfs.ext4", "-q", "-F", str(image))
    options = SourceOptions(forced=True, ask_tools=False)
    with loop_device(image) as path, mounted(path, tmp_path / "mnt") as folder:
        with open_source(path, options) as opened, pytest.raises(DestinationError) as refused:
            run_preflight(opened, SECTORS, (planned(folder / "JB1"),))
        assert refused.value.what == f"the destination is on the source disk ({path})"
        with open_source(path, options) as opened:
            plan = run_preflight(opened, SECTORS, (planned(tmp_path / "JB1"),))
        assert f"the source is in use: {Path(path).name} mounted at {folder}" in plan.warnings


@pytest.mark.root
@needs_root
@needs_program("losetup", "mkfs.ext4", "mount")
def test_a_read_only_destination_is_refused(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 8192)
    tool("mkfs.ext4", "-q", "-F", str(image))
    with loop_device(image) as path, mounted(path, tmp_path / "mnt", "--options=ro") as folder:
        assert refusal(tmp_path, planned(folder / "JB1")) == "the file system of the destination is read-only"
