"""Who a drive is, from the pages and attributes that the kernel keeps of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquire.identity import (
    Designator,
    Identity,
    decode_ata_page,
    decode_designators,
    decode_serial_page,
    identity_disagreements,
    identity_from_sysfs,
)
from acquire.sysfs import DeviceNumber, find_node
from tests.sim.sysfs_tree import TreeDisk, TreePartition, build_system

ATA_FOLDER = "pci0000:00/0000:00:05.0/ata1/host0/target0:0:0/0:0:0:0/block/sda"
SERIAL_PAGE = b"\x00\x80\x00\x14WD-WX1234567        "
SAT_DESIGNATOR = b"ATA     " + b"WDC WD10EZEX-08WN4A0".ljust(40) + b"WD-WX1234567".rjust(20)
DESIGNATOR_PAGE = (
    b"\x00\x83\x00\x54"
    + bytes([0x02, 0x01, 0x00, len(SAT_DESIGNATOR)])
    + SAT_DESIGNATOR
    + bytes([0x01, 0x03, 0x00, 8])
    + bytes.fromhex("5000c500a1b2c3d4")
)


def ata_string(text: str, size: int) -> bytes:
    """A string as IDENTIFY DEVICE holds it, the two bytes of each word exchanged."""
    padded = text.ljust(size).encode()
    return b"".join(padded[at + 1 : at + 2] + padded[at : at + 1] for at in range(0, size, 2))


def ata_page() -> bytes:
    """Page 89h of a drive."""
    identify = bytearray(512)
    identify[20:40] = ata_string("S3Z8NB0K123456", 20)
    identify[46:54] = ata_string("RVT01B6Q", 8)
    identify[54:94] = ata_string("Samsung SSD 860 EVO 500GB", 40)
    return b"\x00\x89\x02\x38" + bytes(56) + bytes(identify)


def identity_of(tmp_path: Path, folder: str, **attributes: str | bytes) -> Identity:
    """The identity of a disk with these attributes below `device/`."""
    disk = TreeDisk(folder, "8:0", {f"device/{name}": value for name, value in attributes.items()})
    node = find_node(DeviceNumber(8, 0), build_system(tmp_path, [disk]))
    assert node is not None
    return identity_from_sysfs(node)


def test_a_sata_drive_without_an_ata_page_is_named_by_its_translated_designator(tmp_path: Path) -> None:
    found = identity_of(
        tmp_path,
        ATA_FOLDER,
        model="WDC WD10EZEX-08W",
        vendor="ATA     ",
        rev="1A01",
        vpd_pg80=SERIAL_PAGE,
        vpd_pg83=DESIGNATOR_PAGE,
    )
    assert found == Identity("WDC WD10EZEX-08WN4A0", "WD-WX1234567", "0x5000c500a1b2c3d4", "1A01", "ata")


def test_the_ata_page_knows_the_whole_model_and_firmware(tmp_path: Path) -> None:
    found = identity_of(
        tmp_path, ATA_FOLDER, model="Samsung SSD 860 ", rev="1B6Q", wwid="naa.5002538e40a12345", vpd_pg89=ata_page()
    )
    assert found == Identity("Samsung SSD 860 EVO 500GB", "S3Z8NB0K123456", "0x5002538e40a12345", "RVT01B6Q", "ata")


def test_an_nvme_drive_is_named_by_its_controller(tmp_path: Path) -> None:
    disk = TreeDisk(
        "pci0000:00/0000:00:06.0/nvme/nvme0/nvme0n1",
        "259:0",
        {
            "wwid": "eui.0025385b71b00001",
            "device/model": "Samsung SSD 970 PRO 512GB               ",
            "device/serial": "S463NF0K123456      ",
            "device/firmware_rev": "1B2QEXP7",
        },
    )
    node = find_node(DeviceNumber(259, 0), build_system(tmp_path, [disk]))
    assert node is not None
    assert identity_from_sysfs(node) == Identity(
        "Samsung SSD 970 PRO 512GB", "S463NF0K123456", "eui.0025385b71b00001", "1B2QEXP7", "nvme"
    )


def test_a_usb_stick_is_named_with_its_vendor(tmp_path: Path) -> None:
    folder = "pci0000:00/0000:00:08.0/usb2/2-1/2-1:1.0/host9/target9:0:0/9:0:0:0/block/sde"
    found = identity_of(tmp_path, folder, model="Ultra           ", vendor="SanDisk ", rev="1.00")
    assert found == Identity("SanDisk Ultra", None, None, "1.00", "usb")


@pytest.mark.parametrize(
    "wwid", ["t10.ATA     OLDIDE                                  IDE0001", "nvme.1b36-4e56-5145-00000001", "naa."]
)
def test_a_name_made_of_model_and_serial_number_is_no_world_wide_name(tmp_path: Path, wwid: str) -> None:
    assert identity_of(tmp_path, ATA_FOLDER, wwid=wwid).wwn is None


@pytest.mark.parametrize(
    ("folder", "bus"),
    [
        ("virtual/block/loop3", "loop"),
        ("virtual/block/dm-0", "device-mapper"),
        ("virtual/block/md127", "md"),
        ("pci0000:00/0000:00:0a.0/mmc_host/mmc0/mmc0:4567/block/mmcblk0", "mmc"),
        ("pci0000:00/0000:00:07.0/virtio3/host8/target8:0:0/8:0:0:0/block/sdc", "scsi"),
        ("pci0000:00/0000:00:09.0/virtio4/block/vda", "virtio"),
        ("platform/host2/session1/target2:0:0/2:0:0:1/block/sdf", "iscsi"),
        ("platform/floppy.0/block/fd0", None),
    ],
)
def test_the_bus_is_told_by_name_and_place(tmp_path: Path, folder: str, bus: str | None) -> None:
    assert identity_of(tmp_path, folder).bus == bus


def test_what_a_drive_does_not_say_is_not_known(tmp_path: Path) -> None:
    assert identity_of(tmp_path, "platform/floppy.0/block/fd0") == Identity()


def test_a_partition_has_the_identity_of_its_disk(tmp_path: Path) -> None:
    disk = TreeDisk(
        ATA_FOLDER, "8:0", {"device/model": "WDC"}, partitions=(TreePartition("sda1", "8:1", 2048, 4096),)
    )
    node = find_node(DeviceNumber(8, 1), build_system(tmp_path, [disk]))
    assert node is not None
    assert identity_from_sysfs(node).model == "WDC"


def test_strings_of_a_drive_keep_their_bytes_visible(tmp_path: Path) -> None:
    found = identity_of(tmp_path, ATA_FOLDER, model=b"EVIL\x1b[31m\xff\x00\x00")
    assert found.model == "EVIL\x1b[31m\\xff"


def test_a_page_is_taken_only_for_what_it_is() -> None:
    assert decode_serial_page(SERIAL_PAGE) == "WD-WX1234567"
    assert decode_serial_page(DESIGNATOR_PAGE) is None
    assert decode_ata_page(ata_page()[:-1]) == Identity()
    assert tuple(decode_designators(SERIAL_PAGE)) == ()


def test_a_designator_that_reaches_behind_its_page_is_left_out() -> None:
    page = b"\x00\x83\x00\x08" + bytes([1, 3, 0, 2]) + b"ab" + bytes([1, 3])
    assert tuple(decode_designators(page)) == (Designator(3, 0, b"ab"),)
    assert tuple(decode_designators(b"\x00\x83\xff\xff" + bytes([1, 3, 0, 255]) + b"short")) == ()


@given(st.binary(max_size=700))
def test_no_page_makes_the_decoders_fail(page: bytes) -> None:
    coded = [bytes([0, code]) + page for code in (0x80, 0x83, 0x89)]
    decode_serial_page(coded[0])
    assert sum(len(item.value) for item in decode_designators(coded[1])) <= len(page)
    decode_ata_page(coded[2])


def test_a_bridge_that_answers_for_a_drive_is_told() -> None:
    kernel = Identity(serial="BRIDGE0001", wwn="0x5000C500A1B2C3D4")
    drive = Identity(serial="9VM12345", wwn="0x5000c500a1b2c3d4")
    (told,) = identity_disagreements(kernel, drive)
    assert told.startswith("the serial number is 'BRIDGE0001' to the kernel and '9VM12345' to smartctl")
    assert identity_disagreements(kernel, Identity()) == ()
