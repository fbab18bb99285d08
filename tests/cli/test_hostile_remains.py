"""`acquire --resume` and `--retry-bad` on files that somebody prepared: refused in one line, none touched."""

import hashlib
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation
from tests.cli.test_resume import begun
from workflow.rescue_order import RescueOrder

SIZE_BYTES = 1024 * 1024
HEAD = "# Mapfile\n0x0 ? 1\n"


@pytest.fixture
def large(station: Workstation) -> Path:
    """A source that can be stopped half way."""
    path = station.folder / "large.img"
    path.write_bytes(random.Random(5).randbytes(7 * SIZE_BYTES))
    return path


def lay_rescue(folder: Path, contents: bytes, blocks: str) -> Path:
    """What another program could have left: a rescue file and a map, without a journal."""
    (folder / "JB1.rescue.raw").write_bytes(contents)
    (folder / "JB1.map").write_text(HEAD + blocks)
    return folder / "JB1.rescue.raw"


def refused(station: Workstation, source: Path) -> tuple[int, str]:
    """How a rescue that goes on ends, and what its last line says."""
    result = station.run("acquire", source, "--output", "JB1", "--rescue", "--resume", "--progress", "none")
    return result.exit_code, result.stderr.splitlines()[-1]


def test_a_rescue_file_that_was_cut_off_is_not_filled_up_with_zeros(station: Workstation, source: Path) -> None:
    source.write_bytes(source.read_bytes()[: SIZE_BYTES - 512 * 3] + bytes(512) + b"x" * 512 + bytes(512))
    held = source.read_bytes()[: SIZE_BYTES - 1536]
    file = lay_rescue(station.folder, held, f"0 {SIZE_BYTES} +\n")
    code, line = refused(station, source)
    assert code == 4
    assert f"its map calls some up to {SIZE_BYTES} finished" in line
    assert file.read_bytes() == held


def test_a_rescue_file_with_a_second_name_is_not_written_to(station: Workstation, source: Path) -> None:
    precious = station.folder / "precious"
    precious.write_bytes(b"not ours")
    file = lay_rescue(station.folder, b"", f"0 {SIZE_BYTES} ?\n")
    file.unlink()
    os.link(precious, file)
    code, line = refused(station, source)
    assert (code, "second name" in line) == (4, True)
    assert precious.read_bytes() == b"not ours"


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (f"0 {SIZE_BYTES} +\n512 1024 -\n", "overlap at sector 2048"),
        ("0 512 +\n1024 512 -\n", "gap or overlap at sector 1"),
        ("0 0x" + "F" * 20000 + "00 +\n", "behind the end of any drive"),
        ("-512 1024 +\n", "not a line of a mapfile"),
    ],
)
def test_a_map_that_cannot_be_is_refused(station: Workstation, source: Path, blocks: str, said: str) -> None:
    lay_rescue(station.folder, source.read_bytes(), blocks)
    code, line = refused(station, source)
    assert code == 4
    assert said in line
    assert len(line) < 300


IMPOSSIBLE: dict[str, Callable[[dict[str, Any]], object]] = {
    "sector_count": lambda record: record["job"]["parameters"].update(start_sector=-1),
    "error_granularity_sectors": lambda record: record["job"]["parameters"].update(error_granularity_sectors=2**62),
    "segments": lambda record: record["segments"].clear(),
    "media": lambda record: record["media"].update(size_bytes=2**62),
    "digests": lambda record: record["media"].update(digests={"shake_128": "00"}),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_a_manifest_that_cannot_be_is_refused(station: Workstation, source: Path, what: str) -> None:
    station.run("acquire", source, "--output", "JB1", "--no-verify")
    path = station.folder / "JB1.manifest.json"
    record = json.loads(path.read_bytes())
    record["read"]["unreadable"] = [{"first_sector": 8, "sector_count": 8}]
    IMPOSSIBLE[what](record)
    path.chmod(0o644)
    path.write_text(json.dumps(record))
    before = sorted(item.name for item in station.folder.iterdir())
    for words, code in ((("--resume", "--output", "JB1"), 4), (("--retry-bad", "JB1.E01"), 7)):
        result = station.run("acquire", source, *words)
        assert result.exit_code == code
        assert f"values that cannot be: {what}" in result.stderr
    assert sorted(item.name for item in station.folder.iterdir()) == before


def test_a_segment_named_outside_its_folder_is_refused(station: Workstation, source: Path) -> None:
    station.run("acquire", source, "--output", "JB1", "--no-verify")
    path = station.folder / "JB1.manifest.json"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b'"JB1.E01"', b'"../JB1.E01"'))
    assert station.run("acquire", source, "--resume", "--output", "JB1").exit_code == 4


@pytest.mark.parametrize("name", ["JB1.txt", "JB1.verification.json", "JB1.manifest.json"])
def test_a_file_that_only_a_whole_image_has_is_not_taken_for_ours(
    station: Workstation, large: Path, name: str
) -> None:
    begun(large, station.folder / "JB1")
    (station.folder / name).write_text("all is well")
    result = station.run("acquire", large, "--resume", "--output", "JB1")
    assert result.exit_code == 4
    assert f"stands beside {name}" in result.stderr
    (station.folder / name).unlink()
    assert station.run("acquire", large, "--resume", "--output", "JB1").exit_code == 0


def test_a_log_that_is_a_link_is_told(station: Workstation, source: Path) -> None:
    station.run("acquire", source, "--output", "JB1", "--no-verify")
    log = station.folder / "JB1.txt"
    log.unlink()
    log.symlink_to(source)
    result = station.run("acquire", source, "--resume", "--output", "JB1", "--no-verify")
    assert result.exit_code == 4
    assert "something else has its name" in result.stderr


@pytest.mark.parametrize(
    ("field", "value"), [("max_slow_reads", -1), ("passes", ["../x"]), ("pass_timeout_seconds", -1)]
)
def test_a_rescue_that_cannot_be_is_not_gone_on_with(
    station: Workstation, large: Path, field: str, value: object
) -> None:
    begun(large, station.folder / "JB1", rescue=RescueOrder())
    journal = station.folder / "JB1.manifest.json.partial"
    record = json.loads(journal.read_bytes())
    record["job"]["parameters"]["rescue"][field] = value
    record["sha256"] = "0" * 64
    blank = json.dumps(record, indent=2) + "\n"
    journal.write_text(blank.replace("0" * 64, hashlib.sha256(blank.encode()).hexdigest()))
    result = station.run("acquire", large, "--resume", "--output", "JB1", "--no-verify")
    assert result.exit_code == 0
    assert "values that cannot be: rescue, what was there is kept in" in result.stderr


@pytest.mark.parametrize("image", ["/", ".", "..", "nothing.E01"])
def test_a_retry_of_what_is_no_image_is_refused(station: Workstation, source: Path, image: str) -> None:
    result = station.run("acquire", source, "--retry-bad", image)
    assert result.exit_code == 7
    assert not list(station.folder.glob("*.partial"))
