"""A checkpoint: which ledger, how many entries, the root over them (C2SP tlog-checkpoint). Pure."""

import base64
import binascii
import re
from dataclasses import dataclass

from casedb.merkle import HASH_BYTES

SCHEME = "diskwitness.local/ledger/"
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of one ledger: its origin, its number of entries, and the root of the tree over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """The text that is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def origin_of(ledger_id: str) -> str:
    """The origin of a ledger: it names the log, and the key's name in signatures is the same."""
    return SCHEME + ledger_id


def decode_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in the text of a note; lines behind the third are passed over, as the standard wants it.

    Raises:
        ValueError: not a checkpoint; says why.
    """
    if not text.endswith("\n"):
        raise ValueError("not a checkpoint: its last line does not end")
    lines = text[:-1].split("\n")
    if len(lines) < len(("origin", "size", "root")) or not all(lines):
        raise ValueError("not a checkpoint: it has three lines and more, none of them empty")
    if not _SIZE.fullmatch(lines[1]):
        raise ValueError("not a checkpoint: its second line is no number of entries")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"not a checkpoint: its root is not Base 64 ({error})") from error
    if len(root) != HASH_BYTES or base64.b64encode(root).decode() != lines[2]:
        raise ValueError(f"not a checkpoint: its root is not {HASH_BYTES} bytes")
    return Checkpoint(lines[0], int(lines[1]), root)
