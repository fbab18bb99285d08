"""After which entries a checkpoint must be, and the making of one. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from casedb.checkpoint import Checkpoint, origin_of
from casedb.entry import EntryKind
from casedb.facts import PublicKey
from casedb.signed_note import NoteKey, Sign, SignedNote, sign_note

WITHOUT_CHECKPOINT = frozenset({EntryKind.LEDGER_OPENED, EntryKind.PERSON_ADDED, EntryKind.EXHIBIT_ADDED})
"""Entries that wait for the next one's checkpoint: they describe, nothing happens to an exhibit by them."""

BETWEEN_DAYS = frozenset({EntryKind.TIMESTAMP_RECORDED})
"""Entries that never have a checkpoint and begin no day: each would wait for a timestamp of its own."""

DAY_CHARACTERS = len("2026-11-22")


@dataclass(frozen=True)
class Signer:
    """A key that signs checkpoints: its public half, and what signs with it."""

    key: PublicKey
    sign: Sign


GetSigner = Callable[[], Signer]
"""Gives the workstation's key when the first checkpoint needs it; may raise CaseError."""


def is_due(kind: EntryKind, utc: str, utc_before: str | None) -> bool:
    """Whether a checkpoint follows an entry of this kind and time: by its kind, or as the first of a UTC day.

    `utc_before` is the time of the entry before, those that begin no day left out.
    """
    if kind in BETWEEN_DAYS:
        return False
    if kind not in WITHOUT_CHECKPOINT:
        return True
    return utc_before is not None and utc[:DAY_CHARACTERS] != utc_before[:DAY_CHARACTERS]


def note_key(ledger_id: str, key: PublicKey) -> NoteKey:
    """A key of a ledger under the name that it signs its checkpoints with."""
    return NoteKey(origin_of(ledger_id), bytes.fromhex(key.public))


def make_checkpoint(ledger_id: str, size: int, root: bytes, signer: Signer) -> SignedNote:
    """The signed checkpoint of a ledger of this size and root."""
    text = str(Checkpoint(origin_of(ledger_id), size, root))
    return SignedNote(text, (sign_note(text, note_key(ledger_id, signer.key), signer.sign),))
