"""Virtual disks at the command line: imaged, converted, verified, described."""

import hashlib

from tests.cli.conftest import Workstation
from tests.image.virtual.disks import SIZE_BYTES, break_first_cluster, content, made_disk, needs_qemu

pytestmark = needs_qemu
SHA256 = hashlib.sha256(content()).hexdigest()
QUICK = ("--no-second-opinion", "--hash", "sha256,md5")


def test_what_a_virtual_disk_holds_is_imaged_and_said_so(station: Workstation) -> None:
    path = made_disk(station.folder, "vdi")
    answer = station.run_json("acquire", path, "--output", "a", *QUICK)
    assert (answer["exit_code"], answer["verdict"], answer["digests"]["sha256"]) == (0, "PASSED", SHA256)
    assert answer["source"]["kind"] == "virtual disk (VDI, dynamic)"
    log = (station.folder / "a.txt").read_text()
    assert "virtual disk (VDI, dynamic)" in log
    assert "qemu-nbd" in log


def test_the_file_itself_is_imaged_where_that_is_asked_for(station: Workstation) -> None:
    path = made_disk(station.folder, "vdi")
    answer = station.run_json("acquire", path, "--output", "a", "--source-format", "raw", *QUICK)
    assert answer["digests"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_does_not_decode_becomes_bad_sectors(station: Workstation) -> None:
    path = made_disk(station.folder, "qcow2", "compressed")
    break_first_cluster(path)
    answer = station.run_json("acquire", path, "--output", "a", "--retries", "0", *QUICK)
    assert answer["exit_code"] == 5
    assert answer["bad_sectors"] == [{"first_sector": 0, "sector_count": 128}]


def test_a_virtual_disk_is_hashed(station: Workstation) -> None:
    assert station.run_json("hash", made_disk(station.folder, "vhdx"))["digests"]["sha256"] == SHA256


def test_a_virtual_disk_is_converted(station: Workstation) -> None:
    path = made_disk(station.folder, "vmdk", "subformat=streamOptimized")
    answer = station.run_json("convert", path, "a", "--format", "raw", *QUICK)
    assert answer["exit_code"] == 0
    assert (station.folder / "a.raw").read_bytes() == content()


def test_a_damaged_virtual_disk_is_not_converted_as_if_it_were_whole(station: Workstation) -> None:
    path = made_disk(station.folder, "qcow2", "compressed")
    break_first_cluster(path)
    refused = station.run_json("convert", path, "a", "--format", "raw", *QUICK)
    assert refused["exit_code"] in (6, 7)
    accepted = station.run_json("convert", path, "b", "--format", "raw", "--accept-damage", *QUICK)
    assert {"first_sector": 0, "sector_count": 128} in accepted["bad_sectors"]


def test_info_reads_no_media_and_needs_no_qemu(station: Workstation) -> None:
    path = made_disk(station.folder, "qcow2")
    answer = station.run_json("info", path)
    assert (answer["image"]["format"], answer["image"]["media_size"]) == ("qcow2", SIZE_BYTES)
    assert answer["sub_format"] == "QCOW2 version 3"


def test_a_second_opinion_is_not_asked_of_a_program_that_reads_no_virtual_disks(station: Workstation) -> None:
    path = made_disk(station.folder, "vdi")
    answer = station.run_json("verify", path, "--expect", f"sha256:{SHA256}", "--second-opinion")
    assert answer["verdict"] == "PASSED"
