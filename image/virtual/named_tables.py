"""The second tables of a file that were looked at: each once, so that a small file cannot ask for endless work.

No program lets two parts of the media share a table. qemu reads the same blocks for both without a word, and
`qemu-img check` tells it by the counts of references, which only some formats have.
"""

from image.header_file import HeaderFile

MAXIMUM_TABLES = 4 * 1024 * 1024
"""As many as the first table of a QCOW2 can name."""


class NamedTables:
    """Where tables of one file begin that were named so far; none of them overlaps another of its size.

    What is looked at in all is therefore never more than the file holds.
    """

    def __init__(self) -> None:
        self._begins: dict[int, dict[int, int]] = {}
        self._empty: set[int] = set()
        self._count = 0

    def admit(self, file: HeaderFile, offset_bytes: int, size_bytes: int) -> bool:
        """Whether nothing of this table belongs to one that was named before; it is kept then.

        Raises:
            ImageNotReadError: there are too many tables.
        """
        slots = self._begins.setdefault(size_bytes, {})
        slot = offset_bytes // size_bytes
        for near in (slot - 1, slot, slot + 1):
            if near in slots and abs(slots[near] - offset_bytes) < size_bytes:
                return False
        self._count += 1
        if self._count > MAXIMUM_TABLES:
            raise file.refusal(f"it has more than {MAXIMUM_TABLES} tables of blocks")
        slots[slot] = offset_bytes
        return True

    def keep_as_empty(self, offset_bytes: int) -> None:
        """Remember that a table tells of no stored block: it does no harm to name it again."""
        self._empty.add(offset_bytes)

    def is_empty(self, offset_bytes: int) -> bool:
        """Whether the table that begins here tells of no stored block."""
        return offset_bytes in self._empty
