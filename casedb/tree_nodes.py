"""The nodes of the Merkle tree as rows: each stands with the number of the entry that completed it."""

import sqlite3
from collections.abc import Iterable

from casedb.merkle import GrowingTree, Node, NodeAt
from casedb.rows import Row, row

TABLE = "tree_nodes"


def node_rows(sequence: int, nodes: Iterable[Node]) -> tuple[Row, ...]:
    """The rows of the nodes that an entry completes."""
    return tuple(
        row(TABLE, sequence=sequence, level=node.level, position=node.position, sha256=node.sha256.hex())
        for node in nodes
    )


def nodes_in(connection: sqlite3.Connection) -> NodeAt:
    """Looks up nodes in a database; one that is not there is an sqlite3.DatabaseError."""

    def node_at(level: int, position: int) -> bytes:
        sql = "SELECT sha256 FROM tree_nodes WHERE sequence = ? AND level = ?"
        found = connection.execute(sql, ((position + 1) << level, level)).fetchone()
        if found is None:
            raise sqlite3.DatabaseError(f"node {position} of level {level} of the ledger's tree is missing")
        return bytes.fromhex(found[0])

    return node_at


def tree_in(connection: sqlite3.Connection, size: int) -> GrowingTree:
    """The tree over the first `size` entries, ready for the next one."""
    return GrowingTree.of_size(size, nodes_in(connection))
