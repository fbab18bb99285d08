"""Holes of sparse files: stretches that were never written, for which the file system gives zeros."""

import errno
import os
from pathlib import Path

from image.finding_list import FindingList
from image.segment_files import OPEN_FLAGS, SegmentFiles

MAXIMUM_STRETCHES = 100_000
STAT_BLOCK_BYTES = 512


def tell_holes(files: SegmentFiles, findings: FindingList) -> None:
    """Say how much of each file of a raw image was never written."""
    for path, name, size in zip(files.paths, files.names, files.sizes_bytes, strict=True):
        holes = hole_bytes(path)
        if holes:
            findings.add("sparse-file", f"{holes} bytes of {size} were never written", segment=name)


def hole_bytes(path: Path) -> int:
    """How many bytes of a file lie in holes; of one with very many, those in the first `MAXIMUM_STRETCHES`.

    0 where the file system does not tell (lseek(2), SEEK_HOLE), or the file cannot be opened.
    """
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError:
        return 0
    try:
        facts = os.fstat(descriptor)
        # A file with a block for every byte has no holes: most are known without a search.
        is_whole = facts.st_blocks * STAT_BLOCK_BYTES >= facts.st_size
        return 0 if is_whole else _hole_bytes(descriptor, facts.st_size)
    except OSError:
        return 0
    finally:
        os.close(descriptor)


def _hole_bytes(descriptor: int, size_bytes: int) -> int:
    """The sum of the holes, one after the other."""
    total = offset = 0
    for _ in range(MAXIMUM_STRETCHES):
        hole = os.lseek(descriptor, offset, os.SEEK_HOLE)
        if hole >= size_bytes:
            break
        offset = _next_data(descriptor, hole, size_bytes)
        total += offset - hole
        if offset >= size_bytes:
            break
    return total


def _next_data(descriptor: int, hole: int, size_bytes: int) -> int:
    """Where the data behind a hole begins; the end of the file where there is none."""
    try:
        return min(os.lseek(descriptor, hole, os.SEEK_DATA), size_bytes)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return size_bytes
        raise
