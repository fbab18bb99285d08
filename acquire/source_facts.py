"""What is recorded of a source that is open: its facts, and what lies on it."""

import mmap
from collections.abc import Callable

from acquire.devices import Device
from acquire.media import ReadFailure, Source
from acquire.signatures import find_signatures
from acquire.sysfs import KERNEL_SECTOR_SIZE_BYTES
from image.job import SourceFacts

PROBE_BYTES = 256 * 1024


def file_facts(media: Source, path: str) -> SourceFacts:
    """The facts of an image file that is a source."""
    signatures = find_signatures(_prober(media, 0), media.size_bytes)
    return SourceFacts(path, "file", media.size_bytes, media.sector_size_bytes, signatures=signatures)


def device_facts(media: Source, path: str, device: Device | None, physical_sector_size_bytes: int) -> SourceFacts:
    """The facts of a drive or partition; of one that sysfs does not show, only what the device itself answers."""
    if device is None:
        signatures = find_signatures(_prober(media, 0), media.size_bytes)
        return SourceFacts(
            path,
            "disk",
            media.size_bytes,
            media.sector_size_bytes,
            physical_sector_size_bytes,
            signatures=signatures,
        )
    return SourceFacts(
        path=path,
        kind="partition" if device.partition_of else "disk",
        size_bytes=media.size_bytes,
        sector_size_bytes=media.sector_size_bytes,
        physical_sector_size_bytes=physical_sector_size_bytes,
        model=device.identity.model,
        serial=device.identity.serial,
        wwn=device.identity.wwn,
        firmware=device.identity.firmware,
        bus=device.identity.bus,
        removable=device.removable,
        rotational=device.rotational,
        partition_of=device.partition_of,
        signatures=_signatures(media, device),
        reports=device.reports,
    )


def _signatures(media: Source, device: Device) -> tuple[str, ...]:
    """What lies on the device and on each of its partitions, the latter with their names."""
    found = list(find_signatures(_prober(media, 0), media.size_bytes))
    for part in device.partitions:
        start_bytes = (part.start_sector or 0) * KERNEL_SECTOR_SIZE_BYTES
        names = find_signatures(_prober(media, start_bytes), part.size_bytes)
        found += [f"{part.name}: {name}" for name in names]
    return tuple(found)


def _prober(media: Source, start_bytes: int) -> Callable[[int, int], bytes]:
    """A function that reads a little media, counted from `start_bytes`, and gives nothing where it fails."""

    def read_at(offset_bytes: int, size_bytes: int) -> bytes:
        first, skipped = divmod(start_bytes + offset_bytes, media.sector_size_bytes)
        wanted = -(-(skipped + size_bytes) // media.sector_size_bytes) * media.sector_size_bytes
        whole = memoryview(mmap.mmap(-1, PROBE_BYTES))
        view = whole[: min(wanted, PROBE_BYTES, media.size_bytes - first * media.sector_size_bytes)]
        try:
            media.read_into(view, first)
        except ReadFailure:
            return b""
        return bytes(view[skipped : skipped + size_bytes])

    return read_at
