"""A rescue whose destination is full, and one in a case: nothing is called finished that was not kept."""

import hashlib
import random
from pathlib import Path

from image.badmap import SectorState
from image.mapfile import decode_mapfile
from tests.cli.conftest import Workstation
from tests.sim.block_devices import faulty_device, mounted, needs_root, numbered_image, tool

SIZE_BYTES = 24 * 1024**2


@needs_root
def test_a_full_destination_stops_a_rescue_that_then_goes_on_with_room(
    station: Workstation, tmp_path: Path
) -> None:
    disk, content = tmp_path / "disk.img", random.Random(3).randbytes(SIZE_BYTES)
    disk.write_bytes(content)
    with mounted("tmpfs", tmp_path / "small", "-t", "tmpfs", "-o", "size=16m") as folder:
        words = ("acquire", disk, "--output", folder / "JB1", "--rescue", "--format", "raw")
        full = station.run_json(*words)
        assert (full["exit_code"], full["verdict"]) == (4, None)
        kept = (folder / "JB1.rescue.raw").read_bytes()
        bad_map = decode_mapfile((folder / "JB1.map").read_text(), 512, "JB1.map")
        for sectors in bad_map.ranges(SectorState.FINISHED):
            first, end = sectors.first_sector * 512, sectors.end_sector * 512
            assert kept[first:end] == content[first:end]
        assert not bad_map.bad_ranges()
        tool("mount", "-o", "remount,size=64m", str(folder))
        answer = station.run_json(*words, "--resume")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_rescue_in_a_case_is_in_the_ledger_from_beginning_to_end(station: Workstation, source: Path) -> None:
    station.begin_case()
    words = ("acquire", source, "--exhibit", "JB1", "--case", "matter", "--rescue")
    answer = station.run_json(*words)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    again = station.run_json(*words, "--resume")
    assert (again["exit_code"], again["verdict"]) == (0, "PASSED")
    shown = station.run_json("exhibit", "show", "JB1", "--case", "matter")["record"]
    assert [item["state"] for item in shown["acquisitions"]] == ["complete"]
    assert station.run("ledger", "verify", "matter").exit_code == 0


@needs_root
def test_a_rescue_that_ended_while_its_file_became_the_image_goes_on(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", 4096)
    with faulty_device(disk, tmp_path, gone_at=3000) as device:
        words = ("acquire", device.path, "--output", "JB1", "--rescue", "--format", "raw")
        assert station.run(*words).exit_code == 9
        (station.folder / "JB1.rescue.raw").rename(station.folder / "JB1.raw")
        (station.folder / "JB1.raw").chmod(0o444)
        (station.folder / "JB1.sha256").write_text("half written")
        device.set_rules()
        answer = station.run_json(*words, "--resume")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert (station.folder / "JB1.raw").read_bytes() == disk.read_bytes()
