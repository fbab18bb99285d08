"""The files beside the segments: the checksum file and the bad-sector map, created new, durable, read-only."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from acquire.journal_file import write_whole
from image.badmap import BadSectorMap
from image.durability import set_mode, sync_folder
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

    Every folder that holds segments has a `.sha256` of its own ones. A failure leaves none of them: the segments
    may then be cut back to what the journal vouches for.

    Raises:
        OSError: the system could not.
    """
    made: list[Path] = []
    try:
        for stem, kept in _stems(output, segments).items():
            text = "".join(f"{segment.sha256}  {segment.file}\n" for segment in kept)
            write_new(Sidecar.CHECKSUMS.beside(stem), text.encode())
            made.append(Sidecar.CHECKSUMS.beside(stem))
            sync_folder(stem.parent)
        bad_map = encode_mapfile(bad_sector_map, sector_size_bytes)
        (replace_whole if replacing else write_new)(Sidecar.MAP.beside(output), bad_map.encode(), 0o444)
        sync_folder(output.parent)
    except OSError:
        for path in made:
            with contextlib.suppress(OSError):
                path.unlink()
        raise


def _stems(output: Path, segments: Sequence[SegmentRecord]) -> dict[Path, list[SegmentRecord]]:
    """The image's path without extension in each of its folders, with the segments there."""
    stems: dict[Path, list[SegmentRecord]] = {}
    for segment in segments:
        stem = output if segment.folder is None else Path(segment.folder) / output.name
        stems.setdefault(stem, []).append(segment)
    return stems


def write_new(path: Path, contents: bytes, mode: int = 0o444) -> None:
    """Create a file with these bytes, durable and of this mode; never over an existing one. A failure leaves none.

    Raises:
        OSError: the system could not.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        write_whole(descriptor, contents)
        set_mode(descriptor, mode)
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
    try:
        fresh.rename(path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
    sync_folder(path.parent)
