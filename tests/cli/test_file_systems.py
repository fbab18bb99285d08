"""Images on real file systems of other kinds: full, over a quota, beyond the largest file, killed, resumed."""

import hashlib
import json
import random
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.cli.killed_program import Moment, run_until_killed
from tests.sim.block_devices import needs_program, needs_root, tool
from tests.sim.file_systems import MIB, MadeFileSystem, file_system

pytestmark = [pytest.mark.root, needs_root, needs_program("mount", "umount"), pytest.mark.long]
KINDS = ("ext4", "xfs", "btrfs")
READING = Moment("acquire.imager", "_read_timed", 3)
WORDS = ("--compression", "none", "--no-second-opinion")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A source of 12 MiB of noise."""
    path = tmp_path / "disk"
    path.write_bytes(random.Random(3).randbytes(12 * MIB))
    return path


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def finish(station: Workstation, disk: Path, output: Path) -> None:
    """Go on with the image to its end, which is whole."""
    answer = station.run_json("acquire", disk, "--output", output, "--resume", "--no-second-opinion")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"]["sha256"] == digest_of(disk)


def assert_partial(station: Workstation, output: Path) -> None:
    """See that nothing takes the image for whole, and that its journal can be read."""
    json.loads(output.with_name("JB1.manifest.json.partial").read_text())
    assert not {item.suffix for item in output.parent.iterdir()} & {".json", ".sha256", ".txt"}
    first = next(output.parent.glob("JB1.E01"), None) or next(output.parent.glob("JB1.raw"), output)
    assert station.run("verify", first).exit_code == 7


@pytest.mark.parametrize("image_format", ["e01", "raw"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_full_file_system_of_any_kind_leaves_an_image_that_is_gone_on_with(
    station: Workstation, tmp_path: Path, disk: Path, kind: str, image_format: str
) -> None:
    with file_system(kind, tmp_path) as made:
        output = made.folder / "JB1"
        made.leave(5 * MIB)
        words = WORDS if image_format == "e01" else WORDS[2:]
        answer = station.run_json("acquire", disk, "--output", output, "--format", image_format, *words)
        assert (answer["exit_code"], answer["verdict"]) == (4, None)
        assert "No space left on device" in answer["outputs"][0]["reason"]
        assert_partial(station, output)
        made.make_room()
        finish(station, disk, output)


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_file_system_of_any_kind_keeps_what_was_rescued(
    station: Workstation, tmp_path: Path, disk: Path, kind: str
) -> None:
    with file_system(kind, tmp_path) as made:
        output = made.folder / "JB1"
        made.leave(5 * MIB)
        answer = station.run_json("acquire", disk, "--output", output, "--rescue", "--format", "raw")
        assert (answer["exit_code"], answer["verdict"]) == (4, None)
        assert_partial(station, output)
        made.make_room()
        finish(station, disk, output)


@pytest.mark.parametrize("way", [("--format", "raw"), ("--format", "e01"), ("--rescue", "--format", "e01")])
@pytest.mark.parametrize("kind", KINDS)
def test_a_job_killed_on_a_file_system_of_any_kind_is_gone_on_with(
    station: Workstation, tmp_path: Path, disk: Path, kind: str, way: tuple[str, ...]
) -> None:
    with file_system(kind, tmp_path) as made:
        output = made.folder / "JB1"
        moment = Moment("acquire.rescue_image", "acquire_image") if "--rescue" in way else READING
        run_until_killed(station, moment, "acquire", disk, "--output", output, *way)
        finish(station, disk, output)


@needs_program("btrfs")
def test_a_quota_that_is_used_up_leaves_an_image_that_is_gone_on_with(
    station: Workstation, tmp_path: Path, disk: Path
) -> None:
    with file_system("btrfs", tmp_path) as made:
        output = quota_folder(made, "6M") / "JB1"
        answer = station.run_json("acquire", disk, "--output", output, *WORDS)
        assert (answer["exit_code"], answer["verdict"]) == (4, None)
        assert "Disk quota exceeded" in answer["outputs"][0]["reason"]
        assert "have the quota raised" in answer["outputs"][0]["reason"]
        assert_partial(station, output)
        tool("btrfs", "qgroup", "limit", "none", str(output.parent))
        finish(station, disk, output)


def quota_folder(made: MadeFileSystem, limit: str) -> Path:
    """A folder that takes no more than so much."""
    folder = made.folder / "limited"
    tool("btrfs", "quota", "enable", str(made.folder))
    tool("btrfs", "subvolume", "create", str(folder))
    tool("btrfs", "qgroup", "limit", limit, str(folder))
    return folder


def test_a_rescue_file_that_is_too_large_for_its_file_system_is_refused_at_once(
    station: Workstation, tmp_path: Path
) -> None:
    drive = tmp_path / "drive"
    with drive.open("wb") as file:
        file.truncate(17 * 1024**3)
    with file_system("ext2", tmp_path) as made:
        answer = station.run_json("acquire", drive, "--output", made.folder / "JB1", "--rescue")
        assert answer["exit_code"] == 4
        assert "File too large" in answer["error"]["what"] + answer["error"]["do"]
        assert {item.name for item in made.folder.iterdir()} == {"lost+found"}
