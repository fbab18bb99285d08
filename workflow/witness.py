"""Another machine's memory of a ledger: every head it was shown, and no other history taken after it.

    FOLDER/<ledger id>/000014.txt   a checkpoint that was seen, named by its number of entries

A bundle is taken in only when it is sound and has been in every state that was seen. So a ledger that was cut off,
exchanged for an older one, rewritten with whatever key, or forked is refused, and the state it misses is named.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casedb.bundle_check import check_bundle
from casedb.checkpoint import decode_checkpoint, origin_of
from casedb.checkpoint_check import Copy, read_copy
from casedb.checkpointing import Signer
from casedb.cosignatures import cosigned
from casedb.ledger_check import LedgerCheck
from casedb.locking import locked
from casedb.signed_note import MAXIMUM_NOTE_BYTES
from image.bounded_files import read_bounded
from image.durability import sync_folder
from image.errors import CaseError, DestinationError, ImageNotReadError, UsageError
from image.times import Clock

LOCK_FILE = "witness.lock"
_LEDGER_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Ingested:
    """What was found in a bundle; `seen` the sizes that were seen before, `head` the file of what is seen now."""

    check: LedgerCheck
    seen: tuple[int, ...]
    head: Path | None


def ingest_bundle(bundle: Path, folder: Path, authorities: Sequence[bytes] = ()) -> Ingested:
    """Check a bundle against every head of its ledger that was seen; keep its head where it agrees.

    Raises:
        CaseError: no bundle, or a head that was kept cannot be read.
        DestinationError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / LOCK_FILE):
            ledger_id = check_bundle(bundle).ledger_id
            copies = _seen(folder, ledger_id)
            check = check_bundle(bundle, copies, authorities)
            sizes = tuple(copy.checkpoint.size for copy in copies)
            return Ingested(check, sizes, _kept(folder, check) if check.is_sound else None)
    except OSError as error:
        raise DestinationError(f"the head cannot be kept ({error.strerror or error})", str(folder)) from error


def _seen(folder: Path, ledger_id: str | None) -> tuple[Copy, ...]:
    """The heads of a ledger that were seen, oldest first.

    Raises:
        CaseError: one cannot be read: the memory itself was touched.
    """
    if ledger_id is None or not _LEDGER_ID.fullmatch(ledger_id):
        return ()
    return tuple(map(_read, sorted((folder / ledger_id).glob("*.txt"))))


def _read(path: Path) -> Copy:
    try:
        return read_copy(str(path), read_bounded(path, MAXIMUM_NOTE_BYTES, "checkpoint"))
    except (ValueError, ImageNotReadError) as error:
        raise CaseError(f"a head that was seen cannot be read ({error})", str(path)) from error


def _kept(folder: Path, check: LedgerCheck) -> Path | None:
    """Keep the last checkpoint of a sound ledger as seen.

    Raises:
        CaseError: the ledger has no usable id.
    """
    if check.ledger_id is None or not _LEDGER_ID.fullmatch(check.ledger_id):
        raise CaseError("a ledger without an id", str(folder))
    if check.last_checkpoint is None:
        return None
    size = decode_checkpoint(check.last_checkpoint.text).size
    path = folder / check.ledger_id / f"{size:06d}.txt"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.write_text(str(check.last_checkpoint), encoding="utf-8")
        draft.replace(path)
        sync_folder(path.parent)
    return path


def cosign_seen(note: Copy, folder: Path, witness: Signer, clock: Clock) -> str:
    """A checkpoint with this machine's cosignature, where it is exactly one that was seen.

    Raises:
        UsageError: it was not seen here, so nothing can be said of it.
    """
    ledger_id = note.checkpoint.origin.removeprefix(origin_of(""))
    seen = {copy.checkpoint: copy for copy in _seen(folder, ledger_id)}
    if note.checkpoint not in seen:
        advice = "Take its bundle in first: diskwitness ledger ingest BUNDLE --into FOLDER"
        raise UsageError("this checkpoint was not seen here", note.where, advice)
    return str(cosigned(seen[note.checkpoint].note, witness, int(clock.now().as_datetime().timestamp())))
