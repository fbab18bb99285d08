"""A proof that one entry is in a ledger (C2SP tlog-proof), which is checked without the other entries."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from casedb.checkpoint import decode_checkpoint
from casedb.merkle import HASH_BYTES, is_included, leaf_hash
from casedb.signed_note import MAXIMUM_NOTE_BYTES, SignedNote, decode_note

HEAD = "c2sp.org/tlog-proof@v1"
MAXIMUM_PATH = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The place of an entry (counted from 0), the path to the root, and the signed checkpoint of that root."""

    index: int
    path: tuple[bytes, ...]
    note: SignedNote

    def __str__(self) -> str:
        """The proof as it is written."""
        lines = [HEAD, f"index {self.index}", *(base64.b64encode(step).decode() for step in self.path)]
        return "\n".join([*lines, "", str(self.note)])

    def shows(self, entry: bytes) -> bool:
        """Whether the entry of exactly these bytes stands at this place; the note's signatures are not looked at.

        Raises:
            ValueError: the note is no checkpoint.
        """
        checkpoint = decode_checkpoint(self.note.text)
        return is_included(leaf_hash(entry), self.index, checkpoint.size, self.path, checkpoint.root)


def decode_proof(data: bytes) -> InclusionProof:
    """The proof in these bytes, nothing of it checked.

    Raises:
        ValueError: not a proof; says why.
    """
    if len(data) > 2 * MAXIMUM_NOTE_BYTES:
        raise ValueError(f"not a proof: {len(data)} bytes are too many")
    head, blank, note = data.partition(b"\n\n")
    lines = head.decode("utf-8").split("\n")
    if lines[0] != HEAD or not blank:
        raise ValueError(f"not a proof: its first line is not {HEAD}")
    rest = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
    found = _INDEX.fullmatch(rest[0]) if rest else None
    if found is None:
        raise ValueError("not a proof: it names no index")
    return InclusionProof(int(found[1]), _path(rest[1:]), decode_note(note))


def _path(lines: Sequence[str]) -> tuple[bytes, ...]:
    """The hashes of these lines.

    Raises:
        ValueError: one is none, or they are too many.
    """
    try:
        path = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"not a proof: a step is not Base 64 ({error})") from error
    if len(path) > MAXIMUM_PATH or any(len(step) != HASH_BYTES for step in path):
        raise ValueError(f"not a proof: its steps are not {HASH_BYTES} bytes each")
    return path
