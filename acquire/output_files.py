"""The files beside the segments: the checksum file and the bad-sector map, created new, durable, read-only."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from acquire.journal import write_whole
from image.badmap import BadSectorMap
from image.durability import sync_folder
from image.manifest import SegmentRecord
from image.mapfile import encode_mapfile
from image.sidecars import Sidecar


def write_sidecars(
    output: Path,
    segments: Sequence[SegmentRecord],
    bad_sector_map: BadSectorMap,
    sector_size_bytes: int,
    *,
    replacing: bool = False,
) -> None:
    """Write `.sha256` and `.map`; `replacing` puts the map in the place of the one that a rescue kept.

    Raises:
        OSError: the system could not.
    """
    checksums = "".join(f"{segment.sha256}  {segment.file}\n" for segment in segments)
    write_new(Sidecar.CHECKSUMS.beside(output), checksums.encode())
    text = encode_mapfile(bad_sector_map, sector_size_bytes)
    (replace_whole if replacing else write_new)(Sidecar.MAP.beside(output), text.encode(), 0o444)
    sync_folder(output.parent)


def write_new(path: Path, contents: bytes, mode: int = 0o444) -> None:
    """Create a file with these bytes, durable and of this mode; never over an existing one. A failure leaves none.

    Raises:
        OSError: the system could not.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        write_whole(descriptor, contents)
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(descriptor)


def replace_whole(path: Path, contents: bytes, mode: int = 0o644) -> None:
    """Put a file with these bytes in the place of what stands there, durable before that is gone.

    Raises:
        OSError: the system could not; what stood there still does.
    """
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    write_new(fresh, contents, mode)
    fresh.rename(path)
    sync_folder(path.parent)
