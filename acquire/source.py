"""The source: a drive or file opened strictly for reading, by sectors.

The only module that opens a source; it has no way to write. Block devices are read past the page cache
(O_DIRECT), which loses exactly the bad sectors and no neighbours, and opened exclusively (O_EXCL), which the
kernel refuses while a device is mounted or held.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from acquire.attached_loops import loops_over
from acquire.devices import Device, describe_device
from acquire.in_use import Usage, find_usage
from acquire.ioctls import device_size_bytes, logical_sector_size_bytes, physical_sector_size_bytes
from acquire.media import DescriptorSource, Source
from acquire.presence import device_absence, file_absence
from acquire.source_facts import device_facts, file_facts, virtual_facts
from acquire.source_options import PLAIN_OPENING, SourceOptions
from acquire.sysfs import LIVE_SYSTEM, DeviceNumber, SystemPaths, shown_path
from acquire.virtual_format import virtual_format
from image.errors import SourceError
from image.formats import ImageFormat
from image.job import SourceFacts

if TYPE_CHECKING:
    from acquire.virtual_source import VirtualSource

DEFAULT_SECTOR_SIZE_BYTES = 512
USABLE_SECTOR_SIZES_BYTES = (512, 1024, 2048, 4096)

OPEN_ERRORS = {
    errno.ENOENT: ("there is no such source", "`diskwitness devices` lists the drives"),
    errno.ENOTDIR: ("there is no such source", "`diskwitness devices` lists the drives"),
    errno.EACCES: ("no permission to read the source", "Run as root, or as a member of the group that owns it"),
    errno.EPERM: ("no permission to read the source", "Run as root, or as a member of the group that owns it"),
    errno.EBUSY: ("another program holds the source", "Unmount or release it, or give --force-mounted"),
    errno.ENOMEDIUM: ("there is no medium in the drive", "Insert it and try again"),
    errno.ENXIO: ("no drive answers behind this device", "Attach it again and try once more"),
    errno.ENODEV: ("no drive answers behind this device", "Attach it again and try once more"),
}
OTHER_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a character device",
    stat.S_IFSOCK: "a socket",
}


@dataclass(frozen=True)
class OpenedSource:
    """A source that is open: its media, what is known of it, and how many zero bytes complete its last sector.

    `is_decoded`: the media is what a virtual disk holds, and not what its file does.
    """

    media: Source
    facts: SourceFacts
    device: Device | None = None
    padded_bytes: int = 0
    is_decoded: bool = False

    @property
    def usage(self) -> Usage:
        """What uses the source; only a forced one is in use."""
        return self.device.usage if self.device is not None else Usage()


@contextmanager
def open_source(
    path: str, options: SourceOptions = PLAIN_OPENING, paths: SystemPaths = LIVE_SYSTEM
) -> Iterator[OpenedSource]:
    """Open a block device or regular file for reading; it is closed at the end of the block.

    Raises:
        SourceError: absent, no permission, in use, empty, another kind of file, or its size is no multiple of
            the sector size.
    """
    resolved, facts = _look_at(path)
    if stat.S_ISBLK(facts.st_mode):
        with _open_device(resolved, facts, options, paths) as opened:
            yield opened
    elif stat.S_ISREG(facts.st_mode):
        with _open_file(resolved, facts, options) as opened:
            yield opened
    else:
        kind = OTHER_KINDS.get(stat.S_IFMT(facts.st_mode), "no file")
        raise SourceError(f"the source is {kind}", shown_path(resolved), "Give a block device or an image file")


@contextmanager
def open_node(path: str, flags: int = 0) -> Iterator[int]:
    """A device or file opened for reading (O_RDONLY and these flags), as a descriptor.

    Raises:
        SourceError: it cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | flags)
    except (OSError, ValueError) as error:
        raise _open_error(path, error) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def release(opened: OpenedSource) -> None:
    """Let go of a source before the block that opened it ends, so that it can be opened anew.

    Its descriptor then leads nowhere, but stays taken until that block closes it.

    Raises:
        SourceError: there is no place that leads nowhere.
    """
    if isinstance(opened.media, DescriptorSource):
        with open_node(os.devnull) as nowhere:
            os.dup2(nowhere, opened.media.descriptor, inheritable=False)


@contextmanager
def _open_device(
    path: str, seen: os.stat_result, options: SourceOptions, paths: SystemPaths
) -> Iterator[OpenedSource]:
    """A block device, past the page cache and exclusively."""
    number = DeviceNumber(os.major(seen.st_rdev), os.minor(seen.st_rdev))
    device = describe_device(number, paths, ask_tools=options.ask_tools)
    if device is not None and device.usage.is_used and not options.forced:
        uses = ", ".join(device.usage.all)
        raise SourceError(f"the source is in use ({uses})", path, "Unmount or release it, or give --force-mounted")
    exclusive = 0 if options.forced else os.O_EXCL
    with open_node(path, os.O_DIRECT | exclusive) as descriptor:
        _require_same(path, descriptor, seen)
        size_bytes, sector_size_bytes = _device_sizes(path, descriptor)
        _require_no_other_size(options, "device", path, sector_size_bytes)
        absence = device_absence(descriptor, number, size_bytes, paths)
        media = DescriptorSource(descriptor, shown_path(path), size_bytes, sector_size_bytes, absence)
        # Linux reads no part of a sector at the end of a device, not even through its page cache.
        _require_usable(media, can_pad=False, pad=False)
        physical_size = physical_sector_size_bytes(descriptor)
        facts = device_facts(media, media.path, device, physical_size, look=options.look)
        yield OpenedSource(media, facts, device)


@contextmanager
def _open_file(path: str, seen: os.stat_result, options: SourceOptions) -> Iterator[OpenedSource]:
    """A regular file, read ahead and without touching its access time where that is allowed; or what it holds."""
    _require_not_mounted(path, options)
    with open_node(path, _access_time_flag(seen)) as descriptor:
        _require_same(path, descriptor, seen)
        virtual = None if options.as_stored else virtual_format(descriptor, path)
        if virtual is not None:
            with _open_virtual(path, virtual, options) as opened:
                yield opened
            return
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        sector_size_bytes = options.sector_size_bytes or DEFAULT_SECTOR_SIZE_BYTES
        absence = file_absence(descriptor, seen.st_size)
        media = DescriptorSource(descriptor, shown_path(path), seen.st_size, sector_size_bytes, absence)
        _require_usable(media, can_pad=True, pad=options.pad)
        yield OpenedSource(
            media, file_facts(media, media.path, look=options.look), None, media.size_bytes - seen.st_size
        )


@contextmanager
def _open_virtual(path: str, image_format: ImageFormat, options: SourceOptions) -> Iterator[OpenedSource]:
    """What a virtual disk holds."""
    from acquire.virtual_source import open_virtual_source

    with open_virtual_source(path, image_format, options.watch) as media:
        _require_no_other_size(options, "virtual disk", media.path, media.sector_size_bytes)
        _require_usable(media, can_pad=False, pad=False)
        facts = virtual_facts(media, media.path, media.media.kind, media.media.version)
        yield OpenedSource(media, facts, is_decoded=True)


def _require_no_other_size(options: SourceOptions, what: str, path: str, sector_size_bytes: int) -> None:
    """See that nobody asked for sectors of another size than the source has.

    Raises:
        SourceError: somebody did.
    """
    if options.sector_size_bytes not in (None, sector_size_bytes):
        told = f"the {what} has sectors of {sector_size_bytes} bytes"
        raise SourceError(told, shown_path(path), "Leave --sector-size out")


def _require_not_mounted(path: str, options: SourceOptions) -> None:
    """See that no loop device over a file is mounted or otherwise in use.

    Raises:
        SourceError: one is, and nobody forces it.
    """
    uses = [use for node in loops_over(path) for use in find_usage(node).all]
    if uses and not options.forced:
        what = f"the source is in use ({', '.join(uses)})"
        raise SourceError(what, shown_path(path), "Unmount or release it, or give --force-mounted")


def _look_at(path: str) -> tuple[str, os.stat_result]:
    """The real path and the status of a source that is not open yet.

    Raises:
        SourceError: it is absent or out of reach.
    """
    try:
        resolved = os.path.realpath(path)
        return resolved, Path(resolved).stat()
    except (OSError, ValueError) as error:
        raise _open_error(path, error) from error


def _open_error(path: str, error: OSError | ValueError) -> SourceError:
    """Why a source cannot be opened, with what to do."""
    number = error.errno if isinstance(error, OSError) else None
    what, advice = OPEN_ERRORS.get(number or 0, (f"cannot open the source ({error})", ""))
    return SourceError(what, shown_path(path), advice)


def _require_same(path: str, descriptor: int, seen: os.stat_result) -> None:
    """See that what was opened is what was looked at.

    Raises:
        SourceError: another file or device took its place.
    """
    now = os.fstat(descriptor)
    if (now.st_mode, now.st_rdev, now.st_ino, now.st_dev) != (
        seen.st_mode,
        seen.st_rdev,
        seen.st_ino,
        seen.st_dev,
    ):
        raise SourceError("the source was exchanged while it was opened", shown_path(path), "Try again")


def _device_sizes(path: str, descriptor: int) -> tuple[int, int]:
    """Size and logical sector size of an open device, in bytes."""
    try:
        return device_size_bytes(descriptor), logical_sector_size_bytes(descriptor)
    except OSError as error:
        raise _open_error(path, error) from error


def _require_usable(media: "DescriptorSource | VirtualSource", *, can_pad: bool, pad: bool) -> None:
    """See that there is something to read, in whole sectors.

    Raises:
        SourceError: empty, an odd sector size, or an odd end that was not asked to be padded.
    """
    if media.stored_bytes == 0:
        raise SourceError("the source is empty", media.path, "Check that a medium is there")
    if media.sector_size_bytes not in USABLE_SECTOR_SIZES_BYTES:
        sizes = ", ".join(map(str, USABLE_SECTOR_SIZES_BYTES))
        raise SourceError(f"a sector size of {media.sector_size_bytes} bytes", media.path, f"It may be {sizes}")
    if media.size_bytes != media.stored_bytes and not pad:
        what = f"{media.stored_bytes} bytes are no multiple of the sector size of {media.sector_size_bytes}"
        advice = "Give --pad-last-sector, or another --sector-size" if can_pad else "Image what lies below it"
        raise SourceError(what, media.path, advice)


def _access_time_flag(seen: os.stat_result) -> int:
    """O_NOATIME where the kernel grants it: to the owner of the file and to root."""
    return os.O_NOATIME if os.geteuid() in (0, seen.st_uid) else 0
