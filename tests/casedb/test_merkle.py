"""The Merkle tree: the public vectors of Certificate Transparency, and every proof of every small tree."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from casedb.merkle import (
    EMPTY_ROOT,
    GrowingTree,
    consistency_path,
    inclusion_path,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root_of,
)

REFERENCE_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The tree of Certificate Transparency's own tests, with its roots for 1 to 8 leaves."""
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
REFERENCE_PATH = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
"""The proof for leaf 0 of 8."""
LARGEST = 39


class KeptNodes:
    """A tree whose complete nodes are all kept."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.tree = GrowingTree()

    def add(self, leaf: bytes) -> None:
        for node in self.tree.append(leaf):
            assert (node.level, node.position) not in self.nodes, "nothing that is kept ever changes"
            self.nodes[node.level, node.position] = node.sha256

    def at(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]


def grown(size: int) -> KeptNodes:
    kept = KeptNodes()
    for number in range(size):
        kept.add(leaf_hash(b"leaf %d" % number))
    return kept


def by_definition(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962 defines it, leaf hashes given."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(by_definition(leaves[:half]), by_definition(leaves[half:]))


def test_the_tree_of_certificate_transparency_has_its_published_roots() -> None:
    kept = KeptNodes()
    assert kept.tree.root() == EMPTY_ROOT == hashlib.sha256(b"").digest()
    for leaf, root in zip(REFERENCE_LEAVES, REFERENCE_ROOTS, strict=True):
        kept.add(leaf_hash(leaf))
        assert kept.tree.root().hex() == root
    assert tuple(step.hex() for step in inclusion_path(0, 8, kept.at)) == REFERENCE_PATH


def test_every_root_is_that_of_the_definition() -> None:
    kept = grown(LARGEST)
    leaves = [leaf_hash(b"leaf %d" % number) for number in range(LARGEST)]
    for size in range(1, LARGEST + 1):
        assert root_of(size, kept.at) == by_definition(leaves[:size])
        again = GrowingTree.of_size(size, kept.at)
        assert again.root() == root_of(size, kept.at)
        again.append(b"x" * 32)
        assert again.root() == by_definition([*leaves[:size], b"x" * 32])


def test_every_proof_of_every_small_tree_holds_and_no_other_leaf_root_or_place_does() -> None:
    kept = grown(LARGEST)
    for size in range(1, LARGEST + 1):
        root = root_of(size, kept.at)
        for index in range(size):
            path, leaf = inclusion_path(index, size, kept.at), kept.at(0, index)
            assert is_included(leaf, index, size, path, root)
            assert not is_included(leaf, index, size, (*path, root), root)
            assert not is_included(root, index, size, path, root) or size == 1
            assert not any(is_included(leaf, other, size, path, root) for other in range(size) if other != index)
            assert not is_included(leaf, index, size, path, bytes(32))
            assert not path or not is_included(leaf, index, size, path[:-1], root)


def test_every_older_tree_is_shown_to_go_on_into_every_later_one() -> None:
    kept = grown(LARGEST)
    for size in range(1, LARGEST + 1):
        for old_size in range(1, size + 1):
            roots = root_of(old_size, kept.at), root_of(size, kept.at)
            path = consistency_path(old_size, size, kept.at)
            assert is_consistent(old_size, size, path, *roots)
            assert not is_consistent(old_size, size, path, bytes(32), roots[1])
            assert not is_consistent(old_size, size, path, roots[0], bytes(32))
            assert old_size == size or not is_consistent(old_size, size, (*path, roots[1]), *roots)
            assert not path or not is_consistent(old_size, size, path[:-1], *roots)


@given(st.integers(2, 200), st.data())
def test_a_changed_leaf_has_no_consistent_history(size: int, data: st.DataObject) -> None:
    old_size = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old_size - 1))
    honest, forged = grown(size), KeptNodes()
    for number in range(size):
        forged.add(leaf_hash(b"leaf %d" % (number if number != changed else size)))
    path = consistency_path(old_size, size, forged.at)
    assert not is_consistent(old_size, size, path, root_of(old_size, honest.at), root_of(size, forged.at))


@given(st.integers(1, 2**40), st.data())
def test_proofs_of_large_trees_are_logarithmic(size: int, data: st.DataObject) -> None:
    """Nodes are made up: the length of a proof does not depend on what is in them."""
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, lambda level, position: bytes(32))
    assert len(path) <= size.bit_length()
    assert len(consistency_path(index + 1, size, lambda level, position: bytes(32))) <= size.bit_length() + 1
