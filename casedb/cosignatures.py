"""Cosignatures of checkpoints (C2SP tlog-cosignature): another machine says what it has seen, and when. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from casedb.checkpointing import Signer
from casedb.signed_note import Check, NoteKey, SignatureKind, SignedNote, check_note, cosign

WITNESS_NAME = "diskwitness.local/witness"


@dataclass(frozen=True)
class Cosigner:
    """A machine that has seen this state of the ledger: its public key in hex, and when, in seconds since 1970."""

    public: str
    seen: int


def cosigned(note: SignedNote, witness: Signer, at: int) -> SignedNote:
    """The same checkpoint with the witness's line below the others, in the place of an earlier one of its own."""
    key = witness_key(witness.key.public)
    made = cosign(note.text, key, witness.sign, at)
    others = tuple(item for item in note.signatures if (item.name, item.key_id) != (key.name, key.key_id))
    return SignedNote(note.text, (*others, made))


def cosigners_of(note: SignedNote, known: Collection[str], check: Check) -> tuple[Cosigner, ...]:
    """The known keys (public halves in hex) that have cosigned a checkpoint.

    Raises:
        ValueError: a cosignature in the name of one of them is not its own.
    """
    keys = tuple(witness_key(public) for public in sorted(known))
    signers = check_note(note, keys, check)
    return tuple(Cosigner(item.key.public_key.hex(), item.at or 0) for item in signers)


def count_unknown(note: SignedNote, known: Collection[str]) -> int:
    """How many witnesses have signed whom nobody here knows."""
    ids = {witness_key(public).key_id for public in known}
    return sum(item.name == WITNESS_NAME and item.key_id not in ids for item in note.signatures)


def witness_key(public: str) -> NoteKey:
    """A workstation's key under the name that it cosigns with."""
    return NoteKey(WITNESS_NAME, bytes.fromhex(public), SignatureKind.COSIGNATURE)
