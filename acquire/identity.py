"""Who a drive says it is: model, serial number, WWN, firmware and bus, from sysfs.

Pages: SCSI Primary Commands (SPC-4) section 7.8, "Vital product data parameters": 80h Unit Serial Number, 83h
Device Identification; SCSI/ATA Translation (SAT-4) section 12.4.2, 89h ATA Information; the strings of an ATA
drive: ATA Command Set (ACS-4), IDENTIFY DEVICE. What a drive does not say is None, never a guess.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from acquire.sysfs import MAXIMUM_PAGE_BYTES, BlockNode, clean_text, disk_of

PAGE_HEADER_BYTES = 4
DESIGNATOR_T10_VENDOR = 1
DESIGNATOR_EUI64 = 2
DESIGNATOR_NAA = 3
ASSOCIATION_LOGICAL_UNIT = 0
SAT_DESIGNATOR_BYTES = 68
SAT_VENDOR = b"ATA     "
ATA_PAGE_BYTES = 572
ATA_PAGE_IDENTIFY_OFFSET = 60
ATA_SERIAL = slice(20, 40)
ATA_FIRMWARE = slice(46, 54)
ATA_MODEL = slice(54, 94)
MEANINGLESS_VENDORS = ("ATA",)

BUSES_BY_NAME = (
    (re.compile(r"loop\d+"), "loop"),
    (re.compile(r"nvme\d+.*"), "nvme"),
    (re.compile(r"dm-\d+"), "device-mapper"),
    (re.compile(r"md\d+.*"), "md"),
    (re.compile(r"nbd\d+"), "nbd"),
    (re.compile(r"zram\d+|ram\d+"), "memory"),
)
BUSES_BY_FOLDER = (
    (re.compile(r"usb\d+"), "usb"),
    (re.compile(r"ata\d+"), "ata"),
    (re.compile(r"mmc_host"), "mmc"),
    (re.compile(r"session\d+"), "iscsi"),
    (re.compile(r"host\d+"), "scsi"),
    (re.compile(r"virtio\d+"), "virtio"),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What names a drive; each part is the drive's own text, hostile until escaped, or None."""

    model: str | None = None
    serial: str | None = None
    wwn: str | None = None
    firmware: str | None = None
    bus: str | None = None

    def or_else(self, other: "Identity") -> "Identity":
        """This identity, with what it does not know taken from another."""
        return Identity(
            self.model or other.model,
            self.serial or other.serial,
            self.wwn or other.wwn,
            self.firmware or other.firmware,
            self.bus or other.bus,
        )


@dataclass(frozen=True, slots=True)
class Designator:
    """One entry of page 83h: its type, what it belongs to, and its bytes."""

    kind: int
    association: int
    value: bytes


def identity_from_sysfs(node: BlockNode) -> Identity:
    """What sysfs knows of the drive; of a partition, what it knows of its disk."""
    disk = disk_of(node)
    ata = decode_ata_page(disk.raw("device/vpd_pg89", MAXIMUM_PAGE_BYTES) or b"")
    designators = tuple(decode_designators(disk.raw("device/vpd_pg83", MAXIMUM_PAGE_BYTES) or b""))
    named = Identity(
        model=_model_attribute(disk),
        serial=_serial_attribute(disk),
        wwn=_wwn(disk, designators),
        firmware=_first_text(disk, "device/firmware_rev", "device/rev", "device/fwrev"),
        bus=bus_of(disk),
    )
    translated = ata.or_else(_sat_identity(designators))
    page_serial = Identity(serial=decode_serial_page(disk.raw("device/vpd_pg80", MAXIMUM_PAGE_BYTES) or b""))
    return translated.or_else(page_serial).or_else(named)


def decode_serial_page(page: bytes) -> str | None:
    """The serial number in page 80h, or None where the page is not one."""
    return clean_text(_page_body(page, 0x80))


def decode_designators(page: bytes) -> Iterator[Designator]:
    """The entries of page 83h, as many as are whole."""
    body = _page_body(page, 0x83)
    at = 0
    while at + PAGE_HEADER_BYTES <= len(body):
        _, kind, _, size = body[at : at + PAGE_HEADER_BYTES]
        value = body[at + PAGE_HEADER_BYTES : at + PAGE_HEADER_BYTES + size]
        if len(value) == size:
            yield Designator(kind & 0x0F, kind >> 4 & 0x03, value)
        at += PAGE_HEADER_BYTES + size


def decode_ata_page(page: bytes) -> Identity:
    """Model, serial number and firmware of an ATA drive in page 89h; all None where the page is not whole."""
    if len(page) < ATA_PAGE_BYTES or page[1] != 0x89:
        return Identity()
    identify = page[ATA_PAGE_IDENTIFY_OFFSET:ATA_PAGE_BYTES]
    return Identity(
        model=_ata_text(identify[ATA_MODEL]),
        serial=_ata_text(identify[ATA_SERIAL]),
        firmware=_ata_text(identify[ATA_FIRMWARE]),
    )


def bus_of(disk: BlockNode) -> str | None:
    """How the disk is attached, as its name or its place among the devices tells, or None."""
    for pattern, bus in BUSES_BY_NAME:
        if pattern.fullmatch(disk.name):
            return bus
    for pattern, bus in BUSES_BY_FOLDER:
        if any(pattern.fullmatch(part) for part in disk.folder.parts):
            return bus
    return None


def identity_disagreements(kernel: Identity, drive: Identity) -> tuple[str, ...]:
    """Sentences on each part that the kernel and the drive itself name differently: a bridge stands between."""
    pairs = (
        ("serial number", kernel.serial, drive.serial),
        ("WWN", kernel.wwn, drive.wwn),
    )
    return tuple(
        f"the {what} is {ours!r} to the kernel and {theirs!r} to smartctl: a bridge may answer for the drive"
        for what, ours, theirs in pairs
        if ours and theirs and ours.casefold() != theirs.casefold()
    )


def _page_body(page: bytes, code: int) -> bytes:
    """What a vital product data page holds behind its header, or nothing where it is another page."""
    if len(page) < PAGE_HEADER_BYTES or page[1] != code:
        return b""
    size = int.from_bytes(page[2:4], "big")
    return page[PAGE_HEADER_BYTES : PAGE_HEADER_BYTES + size]


def _ata_text(words: bytes) -> str | None:
    """An ATA string: each 16-bit word holds its two characters in swapped order."""
    swapped = bytes(words[index ^ 1] for index in range(len(words) // 2 * 2))
    return clean_text(swapped)


def _sat_identity(designators: tuple[Designator, ...]) -> Identity:
    """Model and serial number of an ATA drive as SAT puts them into one designator: 8 + 40 + 20 characters."""
    for item in designators:
        if item.kind == DESIGNATOR_T10_VENDOR and len(item.value) == SAT_DESIGNATOR_BYTES:
            vendor, model, serial = item.value[:8], item.value[8:48], item.value[48:]
            if vendor == SAT_VENDOR:
                return Identity(model=clean_text(model), serial=clean_text(serial))
    return Identity()


def _wwn(disk: BlockNode, designators: tuple[Designator, ...]) -> str | None:
    """The world wide name: what the kernel chose, else the first registered name of page 83h.

    The kernel's `t10.` and `nvme.` names are made of model and serial number, so they are none.
    """
    wwid = _first_text(disk, "wwid", "device/wwid") or ""
    scheme, _, value = wwid.partition(".")
    if scheme == "naa" and value:
        return f"0x{value}"
    if scheme in ("eui", "uuid") and value:
        return wwid
    for item in designators:
        if item.kind == DESIGNATOR_NAA and item.association == ASSOCIATION_LOGICAL_UNIT:
            return f"0x{item.value.hex()}"
    euis = [item for item in designators if item.kind == DESIGNATOR_EUI64]
    return f"eui.{euis[0].value.hex()}" if euis else None


def _model_attribute(disk: BlockNode) -> str | None:
    """Vendor and model as the SCSI inquiry, NVMe or MMC gives them; a vendor that names none is left out."""
    model = _first_text(disk, "device/model", "device/name")
    vendor = disk.text("device/vendor")
    if model is None or vendor is None or vendor in MEANINGLESS_VENDORS or model.startswith(vendor):
        return model
    return f"{vendor} {model}"


def _serial_attribute(disk: BlockNode) -> str | None:
    """The serial number of an NVMe, virtio or MMC drive."""
    return _first_text(disk, "device/serial", "serial")


def _first_text(disk: BlockNode, *attributes: str) -> str | None:
    """The first of these attributes that says something."""
    return next((text for name in attributes if (text := disk.text(name)) is not None), None)
