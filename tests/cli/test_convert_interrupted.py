"""A conversion that does not reach its end leaves nothing that looks whole, and does not touch its source."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.cli.test_convert import QUICK, make_source
from tests.sim.block_devices import mounted, needs_root

SIZE_BYTES = 64 * 1024**3


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 512 KiB."""
    with mounted("tmpfs", tmp_path / "tiny", "-t", "tmpfs", "-o", "size=512k") as folder:
        yield folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_conversion_is_clearly_partial(station: Workstation, number: signal.Signals) -> None:
    with (station.folder / "long.raw").open("wb") as file:
        file.truncate(SIZE_BYTES)
    process = station.start("convert", "long.raw", "JB1", "--progress", "json", "--json")
    assert process.stderr
    for line in process.stderr:
        if line.startswith("{") and json.loads(line)["bytes_done"]:
            break
    process.send_signal(number)
    stdout, _ = process.communicate(timeout=120)
    answer = json.loads(stdout)
    assert (process.returncode, answer["exit_code"], answer["verdict"]) == (9, 9, None)
    assert "begin again" in answer["error"]["do"]
    names = {item.name for item in station.folder.iterdir()}
    assert "JB1.manifest.json.partial" in names
    assert not names & {"JB1.manifest.json", "JB1.sha256", "JB1.map", "JB1.txt"}
    assert station.run_json("verify", "JB1.E01")["verdict"] == "INDETERMINATE"


@needs_root
def test_a_full_destination_is_exit_4_and_the_other_output_is_whole(
    station: Workstation, tmp_path: Path, tiny: Path
) -> None:
    source = make_source(tmp_path / "source")
    before = {path.name: path.read_bytes() for path in source.parent.iterdir()}
    words = ("--format", "raw", "--output", tiny / "JB1", "--output", "JB1", *QUICK)
    answer = station.run_json("convert", source, *words)
    assert [item["state"] for item in answer["outputs"]] == ["failed", "complete"]
    assert (answer["exit_code"], answer["verdict"]) == (4, "PASSED")
    assert not (tiny / "JB1.manifest.json").exists()
    assert {path.name: path.read_bytes() for path in source.parent.iterdir()} == before


@needs_root
def test_where_no_output_is_left_nothing_is_whole(station: Workstation, tmp_path: Path, tiny: Path) -> None:
    answer = station.run_json("convert", make_source(tmp_path / "source"), tiny / "JB1", "--format", "raw", *QUICK)
    assert (answer["exit_code"], answer["image"]) == (4, None)
    assert not list(tiny.glob("*.manifest.json"))
