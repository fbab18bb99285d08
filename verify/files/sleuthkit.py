"""The Sleuth Kit through pytsk3, as plain values: the names of a file system, and where their attributes lie.

Runs in a child process only (see child.py): a file system that nobody trusts is parsed by C code here. Names are
bytes as they are stored. All places are bytes of the media.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytsk3

from image.media_access import MediaAccess
from image.segment_files import SegmentReadError

ERRORS = (OSError, RuntimeError, ValueError, OverflowError, SystemError)
"""What pytsk3 raises for a structure that it cannot read."""
_KINDS = {
    int(pytsk3.TSK_FS_META_TYPE_REG): "file",
    int(pytsk3.TSK_FS_META_TYPE_DIR): "folder",
    int(pytsk3.TSK_FS_META_TYPE_LNK): "link",
    int(pytsk3.TSK_FS_META_TYPE_VIRT): "structure",
    int(pytsk3.TSK_FS_META_TYPE_VIRT_DIR): "virtual folder",
}
_ALLOCATED_NAME = int(pytsk3.TSK_FS_NAME_FLAG_ALLOC)
_ALLOCATED = int(pytsk3.TSK_FS_META_FLAG_ALLOC)
_COMPRESSED = int(pytsk3.TSK_FS_META_FLAG_COMP)
_ELSEWHERE = int(pytsk3.TSK_FS_ATTR_RUN_FLAG_SPARSE) | int(pytsk3.TSK_FS_ATTR_RUN_FLAG_FILLER)
_METADATA_ATTRIBUTES = {
    int(pytsk3.TSK_FS_ATTR_TYPE_UNIX_INDIR): "indirect blocks",
    int(pytsk3.TSK_FS_ATTR_TYPE_UNIX_EXTENT): "extent tree",
    int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_ATTRLIST): "attribute list",
}
_NTFS = int(pytsk3.TSK_FS_TYPE_NTFS)
_NTFS_DATA = int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA)
_FORKS = {
    int(pytsk3.TSK_FS_ATTR_TYPE_HFS_RSRC): "resource fork",
    int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_BITMAP): "$BITMAP",
    int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_SEC): "$SECURITY_DESCRIPTOR",
    int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_EA): "$EA",
    int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_REPARSE): "$REPARSE_POINT",
    int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_LOG): "$LOGGED_UTILITY_STREAM",
}
_FAMILIES = {
    "NTFS": "NTFS",
    "EXFAT": "exFAT",
    "FAT12": "FAT12",
    "FAT16": "FAT16",
    "FAT32": "FAT32",
    "EXT2": "ext2",
    "EXT3": "ext3",
    "EXT4": "ext4",
    "HFS": "HFS+",
    "ISO9660": "ISO 9660",
    "YAFFS2": "YAFFS2",
    "FFS1": "UFS1",
    "FFS1B": "UFS1b",
    "FFS2": "UFS2",
    "APFS": "APFS",
    "SWAP": "swap",
    "RAW": "raw",
}
_FAMILY_OF = {int(getattr(pytsk3, f"TSK_FS_TYPE_{name}")): family for name, family in _FAMILIES.items()}


_NAME_KINDS = {
    int(pytsk3.TSK_FS_NAME_TYPE_REG): "file",
    int(pytsk3.TSK_FS_NAME_TYPE_DIR): "folder",
    int(pytsk3.TSK_FS_NAME_TYPE_LNK): "link",
    int(pytsk3.TSK_FS_NAME_TYPE_VIRT): "structure",
    int(pytsk3.TSK_FS_NAME_TYPE_VIRT_DIR): "virtual folder",
}
_PLACE = re.compile(
    r"^\w+: \(tsk3\.cpp:\d+\) |Unable to open the image as a filesystem at offset: \S+ with error: "
)


class MediaImage(pytsk3.Img_Info):  # type: ignore[misc]  # pytsk3 has no types
    """The media as an image of The Sleuth Kit; what the system cannot read counts as zeros."""

    def __init__(self, access: MediaAccess, count_read: Callable[[int], None] = lambda _size_bytes: None) -> None:
        self._access = access
        self._count_read = count_read
        super().__init__(url="", type=pytsk3.TSK_IMG_TYPE_EXTERNAL)

    def read(self, offset: int, size: int) -> bytes:
        """The media data from this byte on."""
        self._count_read(size)
        try:
            return self._access.read_at(offset, size)
        except SegmentReadError:
            wanted = min(size, max(0, self._access.size_bytes - offset))
            return bytes(wanted)

    def get_size(self) -> int:
        """Bytes of media."""
        return self._access.size_bytes

    def close(self) -> None:
        """Leave the media to whoever opened it."""


@dataclass(frozen=True, slots=True)
class Run:
    """Bytes of the media that hold an attribute from `offset_bytes` of it on; `size_bytes` is the attribute's.

    `metadata` names what the attribute is where it tells only where content lies.
    """

    first_bytes: int
    end_bytes: int
    offset_bytes: int
    size_bytes: int
    stream: str
    metadata: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a folder, or an inode without one (`name` empty). `size_bytes` None: its inode tells nothing."""

    name: bytes
    inode: int
    kind: str
    is_name_allocated: bool
    is_allocated: bool
    is_compressed: bool
    size_bytes: int | None
    link_count: int
    file: "pytsk3.File"


def program() -> str:
    """The name and version of what walks file systems."""
    return f"The Sleuth Kit {pytsk3.TSK_VERSION_STR}"


class FileSystem:
    """One file system on the media, which begins at `start_bytes`.

    Raises:
        OSError: none that is known; the message says what else was seen there.
    """

    def __init__(self, image: MediaImage, start_bytes: int) -> None:
        self._fs = pytsk3.FS_Info(image, offset=start_bytes)
        self.start_bytes = start_bytes
        info = self._fs.info
        self._kind = int(info.ftype)
        self.family = _FAMILY_OF.get(self._kind, "unknown")
        self.block_bytes = int(info.block_size) + int(info.block_pre_size) + int(info.block_post_size)
        self.size_bytes = int(info.block_count) * self.block_bytes
        self.root_inode = int(info.root_inum)
        self.last_inode = int(info.last_inum)

    def entries(self, inode: int) -> Iterator[Entry]:
        """The names in a folder.

        Raises:
            OSError: it cannot be opened, or one of its entries cannot be read.
        """
        for found in self._fs.open_dir(inode=inode):
            yield _entry(found, found.info.name, found.info.meta)

    def inode(self, number: int) -> Entry | None:
        """An inode by its number; None where it cannot be read."""
        try:
            found = self._fs.open_meta(inode=number)
        except ERRORS:
            return None
        return _entry(found, None, found.info.meta) if found.info.meta is not None else None

    def deleted(self, entry: Entry) -> Entry | None:
        """A deleted name with the inode that it had; None where another file has it now, or nothing tells of it."""
        if entry.is_allocated or not entry.inode:
            return None
        if entry.size_bytes is not None:
            return entry
        found = self.inode(entry.inode)
        if found is None or found.is_allocated or not self._is_same(entry, found):
            return None
        return replace(found, name=entry.name, is_name_allocated=False)

    def _is_same(self, entry: Entry, found: Entry) -> bool:
        """Whether a name means this MFT entry, whose sequence number its deletion may have raised."""
        if self._kind != _NTFS or entry.file.info.name is None:
            return True
        return int(found.file.info.meta.seq) - int(entry.file.info.name.meta_seq) in (0, 1)

    def runs(self, entry: Entry) -> Iterator[Run]:
        """Where the attributes of an entry lie; sparse and resident ones lie nowhere of their own."""
        try:
            for attribute in entry.file:
                yield from self._runs_of(attribute)
        except ERRORS:
            return

    def _runs_of(self, attribute: "pytsk3.Attribute") -> Iterator[Run]:
        """The runs of one attribute."""
        info, stream, metadata = attribute.info, None, ""
        for run in attribute:
            if int(run.flags) & _ELSEWHERE:
                continue
            if stream is None:
                stream, metadata = self._names_of(info)
            first = self.start_bytes + int(run.addr) * self.block_bytes
            end = first + int(run.len) * self.block_bytes
            yield Run(first, end, int(run.offset) * self.block_bytes, int(info.size), stream, metadata)

    def _names_of(self, info: "pytsk3.TSK_FS_ATTR") -> tuple[str, str]:
        """The stream that an attribute is, and what it is where it holds no content."""
        kind, name = int(info.type), info.name or b""
        metadata = _METADATA_ATTRIBUTES.get(kind, "")
        if self._kind == _NTFS:
            stream = readable(name) if kind == _NTFS_DATA else _FORKS.get(kind, "")
            return stream, metadata
        return _FORKS.get(kind, ""), metadata

    def read(self, inode: int, offset_bytes: int, size_bytes: int) -> bytes:
        """Content of an inode.

        Raises:
            OSError: it cannot be read.
        """
        return bytes(self._fs.open_meta(inode=inode).read_random(offset_bytes, size_bytes))


def _entry(found: "pytsk3.File", name: "pytsk3.TSK_FS_NAME | None", meta: "pytsk3.TSK_FS_META | None") -> Entry:
    """A name and its inode as one value."""
    text = (name.name or b"") if name is not None else b""
    is_name_allocated = name is None or bool(int(name.flags) & _ALLOCATED_NAME)
    named_kind = _NAME_KINDS.get(int(name.type), "") if name is not None else ""
    if meta is None:
        inode = int(name.meta_addr) if name is not None else 0
        return Entry(text, inode, named_kind, is_name_allocated, False, False, None, 0, found)
    flags = int(meta.flags)
    return Entry(
        text,
        int(meta.addr),
        _KINDS.get(int(meta.type)) or named_kind or "other",
        is_name_allocated,
        bool(flags & _ALLOCATED),
        bool(flags & _COMPRESSED),
        int(meta.size),
        int(meta.nlink),
        found,
    )


def readable(name: bytes) -> str:
    """A name as text: what is not UTF-8, backslashes and slashes inside it are escaped."""
    text = name.replace(b"\\", b"\\\\").replace(b"/", b"\\x2f")
    return text.decode("utf-8", "backslashreplace")


def reason_of(error: BaseException) -> str:
    """What The Sleuth Kit says of an error, on one line and without its own places."""
    text = " ".join(str(error).split())
    return _PLACE.sub("", text) or type(error).__name__
