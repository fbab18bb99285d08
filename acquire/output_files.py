"""The files beside the segments: the checksum file and the bad-sector map, created new, durable, read-only."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from acquire.journal import write_whole
from image.badmap import map_of_bad_ranges
from image.manifest import SegmentRecord
from image.mapfile import encode_mapfile
from image.sectors import SectorRange
from image.segments import sync_folder
from image.sidecars import Sidecar


def write_sidecars(
    output: Path, segments: Sequence[SegmentRecord], unreadable: Sequence[SectorRange], media: tuple[int, int]
) -> None:
    """Write `.sha256` and `.map`; `media` is the sector count and the sector size in bytes.

    Raises:
        OSError: the system could not.
    """
    checksums = "".join(f"{segment.sha256}  {segment.file}\n" for segment in segments)
    write_new(Sidecar.CHECKSUMS.beside(output), checksums.encode())
    sector_count, sector_size_bytes = media
    text = encode_mapfile(map_of_bad_ranges(sector_count, unreadable), sector_size_bytes)
    write_new(Sidecar.MAP.beside(output), text.encode())
    sync_folder(output.parent)


def write_new(path: Path, contents: bytes) -> None:
    """Create a file with these bytes, durable and read-only; never over an existing one. A failure leaves none.

    Raises:
        OSError: the system could not.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        write_whole(descriptor, contents)
        os.fchmod(descriptor, 0o444)
        os.fsync(descriptor)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(descriptor)
