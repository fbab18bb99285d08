"""Which devices may be a lost source, on machines made of files; none of these disks can be opened."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from acquire.attachment import Attachment
from acquire.devices import describe_device
from acquire.sector_samples import SectorSamples
from acquire.source import OpenedSource
from acquire.source_facts import device_facts
from acquire.source_options import SourceOptions
from acquire.sysfs import DeviceNumber, SystemPaths
from tests.sim.faulty_disk import FaultyDisk
from tests.sim.sysfs_tree import TreeDisk, TreePartition, build_system

SECTORS = 4096
QUIET = SourceOptions(ask_tools=False)


def disk(name: str, minor: int, sequence: int, serial: str | None = None, size: int = SECTORS) -> TreeDisk:
    """A disk of the machine, as it was attached the `sequence`th."""
    attributes = {"size": str(size), "diskseq": str(sequence), "queue/logical_block_size": "512", "ro": "0"}
    if serial is not None:
        attributes["serial"] = serial
    part = TreePartition(f"{name}1", f"240:{minor + 1}", 2048, 1024)
    return TreeDisk(f"pci/{name}", f"240:{minor}", attributes, (part,))


def source_on(paths: SystemPaths, minor: int = 0) -> OpenedSource:
    """A device of that machine as an opened source."""
    device = describe_device(DeviceNumber(240, minor), paths, ask_tools=False)
    assert device is not None
    media = FaultyDisk(device.size_bytes // 512)
    return OpenedSource(media, device_facts(media, device.path, device, 512), device)


def tried(tmp_path: Path, *disks: TreeDisk, minor: int = 0) -> list[str]:
    """What was said of the devices when sda, lost, was looked for among these disks."""
    before = build_system(tmp_path / "before", [disk("zzqa", 0, 7, "S1"), disk("zzqb", 16, 8, "S2")])
    now = build_system(tmp_path / "now", disks)
    with ExitStack() as closing:
        attachment = Attachment(source_on(before, minor), closing, QUIET, before)
        attachment._paths = now
        assert attachment.look(SectorSamples(512)) is None
    return attachment.refusals


def test_a_drive_of_the_same_serial_number_is_tried_under_its_new_name(tmp_path: Path) -> None:
    [refusal] = tried(tmp_path, disk("zzqc", 32, 9, "S1"))
    assert refusal.startswith("there is no such source: /dev/zzqc")


def test_the_same_name_with_another_drive_is_refused_and_told(tmp_path: Path) -> None:
    [refusal] = tried(tmp_path, disk("zzqa", 0, 9, "S3"))
    assert refusal == f"/dev/zzqa is another drive now: {SECTORS * 512} bytes, serial number S3"


@pytest.mark.parametrize(
    "other",
    [
        disk("zzqc", 32, 9, "S3"),
        disk("zzqc", 32, 9, "S1", SECTORS + 8),
        disk("zzqc", 32, 9, "S1", 0),
    ],
)
def test_a_drive_that_contradicts_the_record_is_not_opened(tmp_path: Path, other: TreeDisk) -> None:
    assert tried(tmp_path, other) == []


def test_a_disk_that_was_there_when_the_job_began_is_not_opened(tmp_path: Path) -> None:
    assert tried(tmp_path, replace(disk("zzqb", 16, 8))) == []


def test_a_drive_without_a_serial_number_that_came_later_is_tried(tmp_path: Path) -> None:
    [refusal] = tried(tmp_path, disk("zzqb", 16, 9))
    assert "there is no such source: /dev/zzqb" in refusal


def test_of_a_lost_partition_the_partition_at_its_place_is_tried(tmp_path: Path) -> None:
    [refusal] = tried(tmp_path, disk("zzqc", 32, 9, "S1"), minor=1)
    assert "there is no such source: /dev/zzqc1" in refusal
