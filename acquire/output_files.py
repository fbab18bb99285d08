"""The files beside the segments: the checksum file and the bad-sector map, created new, durable, read-only."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from acquire.journal import write_whole
from image.badmap import map_of_bad_ranges
from image.errors import DestinationError
from image.manifest import SegmentRecord
from image.mapfile import encode_mapfile
from image.sectors import SectorRange
from image.segments import sync_folder

CHECKSUM_SUFFIX = ".sha256"
MAP_SUFFIX = ".map"
_IMAGE_FILE = re.compile(
    r"\.(E\d\d|[E-Z][A-Z]{2}|\d{3,}|raw|sha256|map|txt|checkpoint|manifest\.json|verification\.json)$"
)


def check_output(output: Path) -> None:
    """Refuse an output whose folder cannot be used or where an image stands already.

    Raises:
        DestinationError: no such folder, not writable, or a file of this image exists.
    """
    folder = output.parent
    if not folder.is_dir():
        raise DestinationError("the destination folder does not exist", str(folder), "Create it first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DestinationError("the destination folder cannot be written", str(folder), "Choose another --output")
    for path in sorted(folder.iterdir()):
        if path.name.startswith(output.name) and _IMAGE_FILE.fullmatch(path.name[len(output.name) :]):
            raise DestinationError(
                "an image of this name stands there",
                str(path),
                "Choose another --output; nothing is overwritten",
            )


def write_sidecars(
    output: Path, segments: Sequence[SegmentRecord], unreadable: Sequence[SectorRange], media: tuple[int, int]
) -> None:
    """Write `.sha256` and `.map`; `media` is the sector count and the sector size in bytes.

    Raises:
        OSError: the system could not.
    """
    checksums = "".join(f"{segment.sha256}  {segment.file}\n" for segment in segments)
    write_new(output.with_name(output.name + CHECKSUM_SUFFIX), checksums.encode())
    sector_count, sector_size_bytes = media
    text = encode_mapfile(map_of_bad_ranges(sector_count, unreadable), sector_size_bytes)
    write_new(output.with_name(output.name + MAP_SUFFIX), text.encode())
    sync_folder(output.parent)


def write_new(path: Path, contents: bytes) -> None:
    """Create a file with these bytes, durable and read-only; never over an existing one.

    Raises:
        OSError: the system could not.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        write_whole(descriptor, contents)
        os.fchmod(descriptor, 0o444)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
