"""Where an image is to be written: what its file system can hold, and whether it may be used at all."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from acquire.attached_loops import loops_over
from acquire.in_use import is_file_of_output, list_mounts, shared_disks
from acquire.journal_file import occupied
from acquire.sysfs import LIVE_SYSTEM, BlockNode, SystemPaths, find_node, shown_path
from image.errors import DestinationError
from image.mounts import NETWORK_FILE_SYSTEMS, mount_above
from image.sidecars import Sidecar, is_file_of_image

MAXIMUM_FILE_BYTES = {"vfat": 2**32 - 1, "msdos": 2**32 - 1}
"""The largest file of file systems whose limit a segment may reach (Microsoft FAT specification, "Directory")."""
MEMORY_FILE_SYSTEMS = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True, slots=True)
class DestinationLimits:
    """What the file system of a destination can hold; None is unknown."""

    folder: str
    file_system: str | None
    free_bytes: int
    maximum_file_bytes: int | None = None
    is_network: bool = False
    is_memory: bool = False


def destination_limits(folder: Path, paths: SystemPaths = LIVE_SYSTEM) -> DestinationLimits:
    """The limits of a folder that is there.

    Raises:
        DestinationError: no such folder, or the system cannot tell its free space.
    """
    try:
        space = os.statvfs(folder)
    except OSError as error:
        raise _no_folder(folder, error) from error
    mount = mount_above(folder, list_mounts(paths))
    kind = mount.file_system if mount is not None else None
    return DestinationLimits(
        folder=shown_path(str(folder)),
        file_system=kind,
        free_bytes=space.f_bavail * space.f_frsize,
        maximum_file_bytes=MAXIMUM_FILE_BYTES.get(kind or ""),
        is_network=kind in NETWORK_FILE_SYSTEMS,
        is_memory=kind in MEMORY_FILE_SYSTEMS,
    )


def existing_files(output: Path) -> tuple[Path, ...]:
    """The files that an image of this path, given without extension, already has."""
    try:
        names = sorted(entry.name for entry in output.parent.iterdir())
    except OSError:
        return ()
    return tuple(output.with_name(name) for name in names if is_file_of_image(name, output.name))


def require_free(output: Path) -> None:
    """See that no image of this path, given without extension, is there, whole or in part.

    Raises:
        DestinationError: one is; says whether another process is writing it.
    """
    there = existing_files(output)
    journal = Sidecar.JOURNAL.beside(output)
    if journal in there:
        with suppress(OSError):
            raise occupied(journal)
    if there:
        what, advice = "files of an image are already there", "Choose another name; nothing is overwritten"
        raise DestinationError(what, shown_path(str(there[0])), advice)


def require_writable(folder: Path) -> None:
    """See that files can be made in a folder.

    Raises:
        DestinationError: it is absent, no folder, read-only, or not ours to write in.
    """
    try:
        read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError as error:
        raise _no_folder(folder, error) from error
    where = shown_path(str(folder))
    if not folder.is_dir():
        raise DestinationError("the destination is no folder", where, "Give a path in a folder")
    if read_only:
        raise DestinationError("the file system of the destination is read-only", where, "Choose another folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DestinationError("no permission to write there", where, "Choose another folder")


def require_apart(
    output: Path, source_path: str, source: BlockNode | None, paths: SystemPaths = LIVE_SYSTEM
) -> None:
    """See that an image is not written to the disk that is imaged, nor over the file that is read.

    Raises:
        DestinationError: it would be.
    """
    where = shown_path(str(output))
    if source is None:
        if is_file_of_output(Path(source_path), output):
            raise DestinationError("the source is a file of the image to be written", where, "Choose another name")
        inside = [node for node in loops_over(source_path, paths) if shared_disks(output.parent, node, paths)]
        if inside:
            what = f"the destination lies inside the source ({inside[0].device_path} shows it)"
            raise DestinationError(what, where, "Choose another disk")
        return
    shared = sorted(shared_disks(output.parent, source, paths))
    if shared:
        names = ", ".join(node.device_path for number in shared if (node := find_node(number, paths)) is not None)
        raise DestinationError(f"the destination is on the source disk ({names})", where, "Choose another disk")


def nearest_folder(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    return next((folder for folder in (path, *path.absolute().parents) if folder.exists()), Path("/"))


def _no_folder(folder: Path, error: OSError) -> DestinationError:
    """The error of a folder that cannot be looked at."""
    where = shown_path(str(folder))
    return DestinationError(f"the folder cannot be used ({error.strerror})", where, "Create it, or choose another")
