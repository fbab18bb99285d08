"""What damage is that belongs to no file and no structure: free clusters, or those of files that are not named."""

from collections.abc import Iterable, Iterator

from verify.files.allocation import ClusterMap, bitmap_bits, exfat_map, ext_map, fat_map
from verify.files.layouts import BITMAP_INODES, BITMAPS, layout_of
from verify.files.regions import ReadAt
from verify.files.sleuthkit import ERRORS, FileSystem

UNALLOCATED = "unallocated space"
OF_NO_FILE = "allocated to no file that was found"
UNKNOWN_USE = "in no file that was found"
BEHIND = "space behind the last cluster"


def unowned_places(
    file_system: FileSystem, read_at: ReadAt, ranges: Iterable[tuple[int, int]], damaged: frozenset[str]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each range of media bytes cut up by what it is; `damaged` are the structures that cannot be believed."""
    clusters = None if damaged & BITMAPS else _cluster_map(file_system, read_at)
    start = file_system.start_bytes
    fs_end = start + file_system.size_bytes
    if clusters is not None and clusters.end_bytes is not None:
        fs_end = start + clusters.end_bytes
    for first, end in ranges:
        inside = min(end, fs_end)
        if first < inside:
            for span_first, span_end, is_used in _spans(clusters, first - start, inside - start):
                yield _name(is_used), (start + span_first, start + span_end)
        if end > fs_end:
            yield BEHIND, (max(first, fs_end), end)


def _name(is_used: bool | None) -> str:
    """What a stretch is called."""
    if is_used is None:
        return UNKNOWN_USE
    return OF_NO_FILE if is_used else UNALLOCATED


def _spans(clusters: ClusterMap | None, first_bytes: int, end_bytes: int) -> Iterator[tuple[int, int, bool | None]]:
    """Stretches of these bytes; all of it unknown where nothing tells."""
    if clusters is None:
        yield first_bytes, end_bytes, None
        return
    try:
        yield from clusters.spans(first_bytes, end_bytes)
    except ERRORS:
        yield first_bytes, end_bytes, None


def _cluster_map(file_system: FileSystem, read_at: ReadAt) -> ClusterMap | None:
    """What tells which clusters are in use; None where nothing does."""
    layout = layout_of(file_system.family)
    try:
        if layout == "ext":
            return ext_map(read_at)
        if layout == "FAT":
            return fat_map(read_at)
        if layout == "exFAT":
            return _exfat_map(file_system, read_at)
        if layout in BITMAP_INODES:
            inode = BITMAP_INODES[layout]
            bits = bitmap_bits(
                lambda offset, size: file_system.read(inode, offset, size), most_significant_first=layout == "HFS+"
            )
            return ClusterMap(0, file_system.block_bytes, bits)
    except (ValueError, *ERRORS):
        return None
    return None


def _exfat_map(file_system: FileSystem, read_at: ReadAt) -> ClusterMap | None:
    """The bitmap that the root folder of exFAT names."""
    names = {entry.name: entry.inode for entry in file_system.entries(file_system.root_inode)}
    inode = names.get(b"$ALLOC_BITMAP")
    if inode is None:
        return None
    return exfat_map(read_at, lambda offset, size: file_system.read(inode, offset, size))
