"""`acquire --resume` and `--retry-bad` on files that somebody prepared: refused in one line, none touched."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation

SIZE_BYTES = 1024 * 1024
HEAD = "# Mapfile\n0x0 ? 1\n"


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
