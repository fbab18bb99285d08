"""What is recorded of a source that is open: its facts, and what lies on it."""

import mmap
from collections.abc import Iterable

from acquire.devices import Device
from acquire.media import ReadFailure, Source
from acquire.signatures import ReadAt, find_signatures
from acquire.sysfs import KERNEL_SECTOR_SIZE_BYTES
from image.job import ExternalReport, SourceFacts

PROBE_BYTES = 256 * 1024
FILE_KIND = "file"
"""A file of which the bytes are the source."""


def file_facts(media: Source, path: str, *, look: bool = True) -> SourceFacts:
    """The facts of an image file that is a source."""
    signatures = signatures_on(_prober(media), media.size_bytes) if look else ()
    return SourceFacts(path, FILE_KIND, media.size_bytes, media.sector_size_bytes, signatures=signatures)


def virtual_facts(media: Source, path: str, kind: str, version: str) -> SourceFacts:
    """The facts of a virtual disk whose media is the source: its sub-format, and which program decodes it."""
    program, _, number = version.partition(" ")
    told = ExternalReport(program, number, (), f"decodes the media of {path}: {kind}")
    signatures = signatures_on(_prober(media), media.size_bytes)
    size, sector_size = media.size_bytes, media.sector_size_bytes
    return SourceFacts(path, f"virtual disk ({kind})", size, sector_size, signatures=signatures, reports=(told,))


def device_facts(
    media: Source, path: str, device: Device | None, physical_sector_size_bytes: int, *, look: bool = True
) -> SourceFacts:
    """The facts of a drive or partition; of one that sysfs does not show, only what the device itself answers."""
    parts = device.partitions if device is not None else ()
    signatures = signatures_on(_prober(media), media.size_bytes, parts) if look else ()
    if device is None:
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
        signatures=signatures,
        reports=device.reports,
    )


def signatures_on(read_at: ReadAt, size_bytes: int, partitions: Iterable[Device] = ()) -> tuple[str, ...]:
    """What lies on a medium and on each of its partitions, the latter with their names."""
    found = list(find_signatures(read_at, size_bytes))
    for part in partitions:
        start_bytes = (part.start_sector or 0) * KERNEL_SECTOR_SIZE_BYTES
        names = find_signatures(_behind(start_bytes, read_at), part.size_bytes)
        found += [f"{part.name}: {name}" for name in names]
    return tuple(found)


def _behind(start_bytes: int, read_at: ReadAt) -> ReadAt:
    """The same medium, counted from there."""
    return lambda offset_bytes, size_bytes: read_at(start_bytes + offset_bytes, size_bytes)


def _prober(media: Source) -> ReadAt:
    """A function that reads a little media and gives nothing where it fails."""

    def read_at(offset_bytes: int, size_bytes: int) -> bytes:
        first, skipped = divmod(offset_bytes, media.sector_size_bytes)
        wanted = -(-(skipped + size_bytes) // media.sector_size_bytes) * media.sector_size_bytes
        whole = memoryview(mmap.mmap(-1, PROBE_BYTES))
        view = whole[: min(wanted, PROBE_BYTES, media.size_bytes - first * media.sector_size_bytes)]
        try:
            media.read_into(view, first)
        except ReadFailure:
            return b""
        return bytes(view[skipped : skipped + size_bytes])

    return read_at
