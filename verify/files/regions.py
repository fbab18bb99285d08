"""A part of a file system that is no file: where it lies and what its entries are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

ReadAt = Callable[[int, int], bytes]
"""Bytes of the file system from an offset in it, fewer at its end."""


@dataclass(frozen=True, slots=True)
class Region:
    """Bytes of a file system, from its own first byte, that are a structure by this name.

    Where it is a table of inodes, the first of them is `first_inode` and each takes `inode_bytes`.
    """

    name: str
    first_bytes: int
    end_bytes: int
    first_inode: int = 0
    inode_bytes: int = 0


RegionsOf = Callable[[ReadAt, int], Iterator[Region]]
"""Reads the regions of a file system of this many bytes."""
