"""Destinations that fill up while an image is written, as root."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.sim.block_devices import needs_root, tool

pytestmark = [pytest.mark.root, needs_root]


@pytest.fixture
def small(station: Workstation) -> Iterator[Path]:
    """A folder on a file system of 512 KiB."""
    folder = station.folder / "small"
    folder.mkdir()
    tool("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        tool("umount", str(folder))


@pytest.mark.parametrize("image_format", ["e01", "raw"])
def test_a_full_destination_is_exit_4_and_looks_like_no_image(
    station: Workstation, source: Path, small: Path, image_format: str
) -> None:
    words = ("--format", image_format, "--compression", "none") if image_format == "e01" else ("--format", "raw")
    answer = station.run_json("acquire", source, "--output", small / "JB1", *words)
    assert (answer["exit_code"], answer["verdict"], answer["image"]) == (4, None, None)
    assert [item["state"] for item in answer["outputs"]] == ["failed"]
    names = {item.name for item in small.iterdir()}
    assert "JB1.manifest.json.partial" in names
    assert not names & {"JB1.manifest.json", "JB1.sha256", "JB1.txt"}
    first = next(small.glob("JB1.E01"), None) or next(small.glob("JB1.raw"))
    assert station.run("verify", first).exit_code == 7


def test_of_two_outputs_one_may_be_lost(station: Workstation, source: Path, small: Path) -> None:
    station.run("case", "create", "matter", "--number", "1", "--examiner", "A. Doe")
    words = ("--output", small / "JB1", "--output", "JB1", "--format", "raw", "--case", "matter")
    answer = station.run_json("acquire", source, *words)
    assert (answer["exit_code"], answer["verdict"]) == (4, "PASSED")
    assert [item["state"] for item in answer["outputs"]] == ["failed", "complete"]
    assert answer["image"]["path"] == str(station.folder / "JB1.raw")
    events = json.loads((station.folder / "JB1.manifest.json").read_text())["read"]["events"]
    assert [item["kind"] for item in events] == ["output lost"]
    assert station.run_json("verify", "JB1.raw", "--case", "matter")["ledger_entry"]
    assert station.run("verify", small / "JB1.raw", "--case", "matter").exit_code == 7
