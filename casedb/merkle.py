"""The Merkle tree over the entries of a ledger (RFC 6962, section 2.1): hashes, roots and proofs. Pure.

A node covers 2**level leaves from `position * 2**level` on; only nodes whose leaves are all there are kept, so that
nothing kept ever changes. Numbers of leaves count from 0, hashes are the 32 bytes of SHA-256.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

NodeAt = Callable[[int, int], bytes]
"""The hash of the node at a level and position."""


@dataclass(frozen=True, slots=True)
class Node:
    """One complete node of the tree."""

    level: int
    position: int
    sha256: bytes


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf: of one entry's exact bytes (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node above two others (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class GrowingTree:
    """A tree of `size` leaves; of its nodes it holds only those that the next ones need."""

    size: int = 0
    _edge: list[bytes] = field(default_factory=list)

    @classmethod
    def of_size(cls, size: int, node_at: NodeAt) -> "GrowingTree":
        """The tree of so many leaves, its nodes looked up."""
        return cls(size, [node_at(level, position) for level, position in _peaks(0, size)])

    def append(self, leaf: bytes) -> tuple[Node, ...]:
        """Take the hash of the next leaf; gives the nodes that it completes, the leaf first."""
        level, position, above = 0, self.size, leaf
        nodes = [Node(level, position, above)]
        while position & 1:
            above = node_hash(self._edge.pop(), above)
            level, position = level + 1, position >> 1
            nodes.append(Node(level, position, above))
        self._edge.append(above)
        self.size += 1
        return tuple(nodes)

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return _folded(self._edge)


def root_of(size: int, node_at: NodeAt) -> bytes:
    """The root of the tree of so many leaves."""
    return _subtree(0, size, node_at)


def inclusion_path(leaf: int, size: int, node_at: NodeAt) -> tuple[bytes, ...]:
    """The proof that a leaf is in the tree of so many, from the leaf upwards (RFC 6962, section 2.1.1).

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= leaf < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {leaf}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if leaf < middle:
            path.append(_subtree(middle, end, node_at))
            end = middle
        else:
            path.append(_subtree(start, middle, node_at))
            start = middle
    return tuple(reversed(path))


def consistency_path(old_size: int, size: int, node_at: NodeAt) -> tuple[bytes, ...]:
    """The proof that the tree of `size` leaves goes on from that of `old_size` (RFC 6962, section 2.1.2).

    Raises:
        ValueError: the old tree is empty or larger.
    """
    if not 0 < old_size <= size:
        raise ValueError(f"no tree of {size} leaves goes on from one of {old_size}")
    path: list[bytes] = []
    start, end = 0, size
    while old_size < end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(_subtree(middle, end, node_at))
            end = middle
        else:
            path.append(_subtree(start, middle, node_at))
            start = middle
    if start:
        path.append(_subtree(start, end, node_at))
    return tuple(reversed(path))


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that the leaf of this hash and index is in the tree (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, above = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            above = node_hash(step, above)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            above = node_hash(above, step)
        place, last = place >> 1, last >> 1
    return last == 0 and above == root


def is_consistent(old_size: int, size: int, path: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether a proof shows that a tree goes on from an older one (RFC 9162, section 2.1.4.2)."""
    if old_size == size:
        return not path and old_root == root
    if not 0 < old_size < size or not path:
        return False
    steps = list(path) if old_size & (old_size - 1) else [old_root, *path]
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_above = above = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_above, above = node_hash(step, old_above), node_hash(step, above)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            above = node_hash(above, step)
        place, last = place >> 1, last >> 1
    return last == 0 and (old_above, above) == (old_root, root)


def _split(size: int) -> int:
    """The largest power of two below this number."""
    return 1 << (size - 1).bit_length() - 1


def _subtree(start: int, end: int, node_at: NodeAt) -> bytes:
    """The hash over the leaves from `start` to before `end`; `start` is where such a subtree can begin."""
    return _folded([node_at(level, position) for level, position in _peaks(start, end)])


def _peaks(start: int, end: int) -> list[tuple[int, int]]:
    """Level and position of the largest complete nodes that cover these leaves, from the left."""
    peaks: list[tuple[int, int]] = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append((level, start >> level))
        start += 1 << level
    return peaks


def _folded(peaks: Sequence[bytes]) -> bytes:
    """The hash above nodes that shrink from left to right."""
    if not peaks:
        return EMPTY_ROOT
    *rest, above = peaks
    for peak in reversed(rest):
        above = node_hash(peak, above)
    return above
