"""Kernel messages about a device: found by its names, one line each, harmless."""

import time
from pathlib import Path

import pytest

from acquire.kernel_log import (
    MAXIMUM_MESSAGE_CHARACTERS,
    KernelLogWatch,
    decode_record,
    name_pattern,
    watch_kernel_log,
)
from acquire.source import OpenedSource, open_source
from acquire.source_options import SourceOptions
from acquire.sysfs import DeviceNumber, SystemPaths, find_node, find_node_by_name
from tests.acquire.test_source_devices import read_all
from tests.sim.block_devices import faulty_device, needs_program, needs_root, numbered_image
from tests.sim.sysfs_tree import TreeDisk, TreePartition, build_system

SDA = TreeDisk(
    "pci0000:00/0000:00:08.0/usb2/2-1/2-1:1.0/ata1/host2/target2:0:0/2:0:0:0/block/sda",
    "8:0",
    {"size": "100"},
    partitions=(TreePartition("sda1", "8:1", 8, 8),),
)


@pytest.mark.parametrize(
    ("message", "ours"),
    [
        ("blk_update_request: I/O error, dev sda, sector 2003 op 0x0:(READ)", True),
        ("sd 2:0:0:0: [sda] tag#10 Sense Key : Medium Error [current]", True),
        ("sd 2:0:0:0: rejecting I/O to offline device", True),
        ("Buffer I/O error on dev sda1, logical block 250", True),
        ("ata1.00: failed command: READ FPDMA QUEUED", True),
        ("ata1: hard resetting link", True),
        ("usb 2-1: USB disconnect, device number 3", True),
        ("EXT4-fs (sda1): mounted filesystem", True),
        ("sd 12:0:0:0: [sdb] Attached SCSI disk", False),
        ("sd 2:0:0:01: something", False),
        ("I/O error, dev sdab, sector 5", False),
        ("Buffer I/O error on dev sda12", False),
        ("ata10.00: failed command", False),
        ("usb 2-1.4: new high-speed USB device", False),
        ("usb 12-1: new high-speed USB device", False),
        ("nvme nvme0: I/O timeout", False),
    ],
)
def test_a_message_is_about_a_disk_by_the_names_drivers_give_it(tmp_path: Path, message: str, ours: bool) -> None:
    node = find_node(DeviceNumber(8, 1), build_system(tmp_path, [SDA]))
    assert node is not None
    assert bool(name_pattern(node).search(message)) is ours


def test_an_nvme_drive_is_known_by_its_controller_too(tmp_path: Path) -> None:
    disk = TreeDisk("pci0000:00/nvme/nvme0/nvme0n1", "259:0", {"size": "100"})
    node = find_node(DeviceNumber(259, 0), build_system(tmp_path, [disk]))
    assert node is not None
    pattern = name_pattern(node)
    assert pattern.search("nvme nvme0: I/O 12 QID 1 timeout, aborting")
    assert pattern.search("nvme0n1: I/O Cmd(0x2) @ LBA 2003, 8 blocks, I/O Error")
    assert not pattern.search("nvme nvme01: reset")
    assert not pattern.search("nvme0n2: I/O error")


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (b"3,339,5140900,-;I/O error, dev sda\n SUBSYSTEM=block\n", "[5.140900] I/O error, dev sda"),
        (b"4,340,12,-,caller=T1;text; with semicolon", "[0.000012] text; with semicolon"),
        (b"4,340,1000000,-;evil\x1b[2J\xff\x07", "[1.000000] evil [2J\\xff "),
        (b"4,340,0,-;" + b"x" * 900, "[0.000000] " + "x" * MAXIMUM_MESSAGE_CHARACTERS),
        (b"no record", None),
        (b"4,340;too short a head", None),
        (b"", None),
    ],
)
def test_a_record_becomes_one_harmless_line(record: bytes, line: str | None) -> None:
    assert decode_record(record) == line


def test_without_permission_nothing_is_recorded(tmp_path: Path) -> None:
    paths = build_system(tmp_path, [SDA])
    node = find_node(DeviceNumber(8, 0), paths)
    assert node is not None
    with watch_kernel_log(node, SystemPaths(dev=tmp_path / "dev")) as watch:
        assert watch is None


@pytest.mark.root
@needs_root
@needs_program("losetup", "fusermount3")
def test_the_kernel_names_the_sectors_that_a_device_could_not_read(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 600)
    with (
        faulty_device(image, tmp_path, bad=[[300, 1]]) as device,
        open_source(device.path, SourceOptions(ask_tools=False)) as opened,
    ):
        node = find_node_by_name(Path(device.path).name)
        assert node is not None
        with watch_kernel_log(node) as watch:
            if watch is None:
                pytest.skip("the kernel's messages may not be read here")
            assert watch.messages() == ()
            wanted = f"dev {node.name}, sector 300"
            assert any(wanted in message for message in _messages_of_reading(opened, watch, wanted))


def _messages_of_reading(opened: OpenedSource, watch: KernelLogWatch, wanted: str) -> tuple[str, ...]:
    """What the kernel says; while other devices fail too it holds some messages back, so it is asked again."""
    messages: tuple[str, ...] = ()
    for _ in range(40):
        read_all(opened)
        messages = watch.messages()
        if any(wanted in message for message in messages):
            break
        time.sleep(0.5)
    return messages
