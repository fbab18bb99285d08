"""Eight disks recorded on a virtual machine: our reading of sysfs against what udev and lsblk made of it.

The recordings lie beside the checkout, in ../shared/rig/recorded; without them there is nothing to compare.
"""

import re
from pathlib import Path

import pytest

from acquire.device_tools import decode_lsblk, identity_from_lsblk
from acquire.devices import list_devices
from acquire.identity import Identity
from tests.sim.sysfs_tree import TreeDisk, build_system

RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "rig" / "recorded" / "vm-8-disks"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="needs the recordings in ../shared")
EXPECTED = {
    "sda": Identity("TESTDISK_SATA", "WD-WX1234567", "0x5000c500a1b2c3d4", "2.5+", "ata"),
    "sdb": Identity("OLDIDE", "IDE0001", None, "2.5+", "ata"),
    "sdc": Identity("QEMU MYSCSI", "SCSI-42", "0x5000c500deadbeef", "2.5+", "scsi"),
    "sdd": Identity("QEMU BRIDGE", "UASSER9", None, "2.5+", "usb"),
    "sde": Identity("QEMU HARDDISK", None, None, "2.5+", "usb"),
    "nvme0n1": Identity("QEMU NVMe Ctrl", "NVME-SER-77", None, "7.2.22", "nvme"),
    "vda": Identity(bus="virtio"),
    "mmcblk0": Identity("QEMU!", "0xdeadbeef", None, None, "mmc"),
}


def recorded_disk(name: str) -> TreeDisk:
    """One disk of the recording, attributes and pages."""
    lines = (RECORDED / f"sys-{name}.txt").read_text().splitlines()
    link = next(line.removeprefix("link /sys/devices/") for line in lines if line.startswith("link "))
    attributes: dict[str, str | bytes] = {}
    for line in lines:
        key, separator, value = line.partition(": ")
        if separator and not value.startswith("cat: "):
            attributes[key] = value.rstrip("|").replace("|", "\n")
    number = str(attributes.pop("dev"))
    for page in RECORDED.glob(f"sys-{name}-vpd_*.hex"):
        attributes["device/" + page.stem.removeprefix(f"sys-{name}-")] = hex_dump(page.read_text())
    return TreeDisk(link, number, attributes)


def hex_dump(text: str) -> bytes:
    """A dump of 16 bytes a line, in which a star stands for more lines like the one before it."""
    rows = re.findall(r"^((?: [0-9a-f]{2})+|\*)$", text, re.MULTILINE)
    content = b"".join(bytes.fromhex(row) for row in rows if row != "*")
    return content.ljust(572, b"\0") if content[1:2] == b"\x89" else content


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recorded_disk_is_named_from_sysfs_alone(name: str, tmp_path: Path) -> None:
    (disk,) = list_devices(build_system(tmp_path, [recorded_disk(name)]), ask_tools=False)
    assert disk.identity == EXPECTED[name]
    assert disk.size_bytes == 64 * 1024 * 1024
    assert disk.sector_size_bytes == (4096 if name in ("sdc", "nvme0n1") else 512)
    assert disk.read_only is (name == "vda")


@pytest.mark.parametrize("answer", ["lsblk-O.json", "lsblk-O-without-udev.json"])
def test_sysfs_does_not_contradict_lsblk_where_both_speak_of_the_disk_itself(answer: str) -> None:
    rows = decode_lsblk((RECORDED / answer).read_text())
    assert set(EXPECTED) <= set(rows)
    for name in ("sda", "sdb", "nvme0n1"):
        listed, ours = identity_from_lsblk(rows[name]), EXPECTED[name]
        for theirs, known in ((listed.serial, ours.serial), (listed.wwn, ours.wwn)):
            assert theirs in (None, known)
