"""Every block device of the machine: what it is, who uses it, and its partitions.

sysfs is asked first; lsblk and smartctl, where installed, fill what it does not know and are kept raw.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from acquire.device_tools import DriveAnswer, LsblkRow, ask_lsblk, ask_smartctl, has_smart, identity_from_lsblk
from acquire.identity import Identity, bus_of, identity_disagreements, identity_from_sysfs
from acquire.in_use import Usage, find_usage
from acquire.sysfs import (
    KERNEL_SECTOR_SIZE_BYTES,
    LIVE_SYSTEM,
    BlockNode,
    DeviceNumber,
    SystemPaths,
    disk_of,
    find_node,
    list_disks,
    partitions_of,
)
from image.job import ExternalReport

DRIVES_ASKED_AT_ONCE = 8


@dataclass(frozen=True)
class Device:
    """One block device. `start_sector`, of a partition, counts sectors of 512 bytes from the disk's beginning.

    Strings come from the device and are hostile until escaped; None is "Not recorded".
    """

    path: str
    name: str
    number: DeviceNumber
    size_bytes: int
    sector_size_bytes: int | None
    physical_sector_size_bytes: int | None
    identity: Identity
    read_only: bool | None
    removable: bool | None
    rotational: bool | None
    usage: Usage
    file_system: str | None = None
    partition_of: str | None = None
    start_sector: int | None = None
    sequence: int | None = None
    partitions: tuple["Device", ...] = ()
    reports: tuple[ExternalReport, ...] = ()
    disagreements: tuple[str, ...] = ()


def list_devices(paths: SystemPaths = LIVE_SYSTEM, *, ask_tools: bool = True) -> tuple[Device, ...]:
    """Every disk with its partitions, in the order of their names; `ask_tools` also asks lsblk and smartctl."""
    disks = list_disks(paths)
    if not ask_tools:
        return tuple(_described(node, {}, None, paths) for node in disks)
    with ThreadPoolExecutor(DRIVES_ASKED_AT_ONCE) as beside:
        answers = [beside.submit(_ask_drive, node, everything=False) for node in disks]
        rows, report = ask_lsblk()
        return tuple(
            _completed(_described(node, rows, report, paths), answer.result())
            for node, answer in zip(disks, answers, strict=True)
        )


def describe_device(
    number: DeviceNumber, paths: SystemPaths = LIVE_SYSTEM, *, ask_tools: bool = True
) -> Device | None:
    """All that is known of one disk or partition, or None where the kernel shows no such device."""
    node = find_node(number, paths)
    if node is None:
        return None
    if not ask_tools:
        return _described(node, {}, None, paths)
    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(_ask_drive, node, everything=True)
        rows, report = ask_lsblk(disk_of(node).device_path)
        return _completed(_described(node, rows, report, paths), answer.result())


def ask_again(
    number: DeviceNumber, timeout_seconds: float, paths: SystemPaths = LIVE_SYSTEM
) -> tuple[ExternalReport, ...]:
    """What the drive of a disk or partition tells smartctl now; nothing where it does not answer in time."""
    node = find_node(number, paths)
    if node is None or not has_smart(bus_of(disk_of(node))):
        return ()
    answer = ask_smartctl(disk_of(node).device_path, everything=True, timeout_seconds=timeout_seconds)
    return (answer.report,) if answer is not None else ()


def _described(
    node: BlockNode, rows: dict[str, LsblkRow], report: ExternalReport | None, paths: SystemPaths
) -> Device:
    """A device with its partitions, as sysfs and lsblk tell it."""
    disk = disk_of(node)
    row = rows.get(node.name)
    return Device(
        path=node.device_path,
        name=node.name,
        number=node.number,
        size_bytes=(node.integer("size") or 0) * KERNEL_SECTOR_SIZE_BYTES,
        sector_size_bytes=disk.integer("queue/logical_block_size"),
        physical_sector_size_bytes=disk.integer("queue/physical_block_size"),
        identity=_identity(node, rows.get(disk.name)),
        read_only=node.flag("ro"),
        removable=disk.flag("removable"),
        rotational=disk.flag("queue/rotational"),
        usage=find_usage(node, paths),
        file_system=row.fstype if row is not None else None,
        partition_of=disk.device_path if node.is_partition else None,
        start_sector=node.integer("start") if node.is_partition else None,
        sequence=disk.integer("diskseq"),
        partitions=tuple(_described(partition, rows, None, paths) for partition in partitions_of(node)),
        reports=(report,) if report is not None else (),
    )


def _identity(node: BlockNode, disk_row: LsblkRow | None) -> Identity:
    """Who the drive is to sysfs, then to lsblk, which alone tells sata from ata."""
    kernel, listed = identity_from_sysfs(node), identity_from_lsblk(disk_row)
    known = kernel.or_else(listed)
    return Identity(known.model, known.serial, known.wwn, known.firmware, listed.bus or kernel.bus)


def _ask_drive(node: BlockNode, *, everything: bool) -> DriveAnswer | None:
    """What a drive tells smartctl, or None where there is no medium or the bus cannot carry the question."""
    disk = disk_of(node)
    if not node.integer("size") or not has_smart(bus_of(disk)):
        return None
    return ask_smartctl(disk.device_path, everything=everything)


def _completed(device: Device, answer: DriveAnswer | None) -> Device:
    """The device with what its drive told smartctl."""
    if answer is None:
        return device
    return replace(
        device,
        identity=device.identity.or_else(answer.identity),
        reports=(*device.reports, answer.report),
        disagreements=identity_disagreements(device.identity, answer.identity),
    )
