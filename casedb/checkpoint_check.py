"""The tree over the ledger built anew, and every checkpoint against it: those in the file and copies. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from casedb.chain_check import StoredEntry
from casedb.checkpoint import Checkpoint, decode_checkpoint, origin_of
from casedb.checkpointing import BETWEEN_DAYS, is_due, note_key
from casedb.entry import Entry, EntryKind, decode_payload
from casedb.facts import KeyAdded, KeyRotated, LedgerOpened, PublicKey, SchemaMigrated, rotation_statement
from casedb.merkle import GrowingTree, leaf_hash
from casedb.projections import decode_facts
from casedb.rows import Row
from casedb.signed_note import Check, NoteKey, SignedNote, check_note, decode_note
from casedb.tree_nodes import node_rows

FIRST_STEP = "0004-checkpoints"
"""The step of the structure from which on there are checkpoints."""

Report = Callable[..., None]
"""Keeps a finding: code, detail, number of the entry, expected, found."""


class Origin(Enum):
    """How a key came into the ledger."""

    OPENED = "opened the ledger"
    ADDED = "was added by another workstation"
    ROTATED = "took the place of another"


@dataclass
class KnownKey:
    """A key of the ledger: from which entry on it signs, and from which on it does not any more."""

    key: PublicKey
    origin: Origin
    since: int
    until: int | None = None
    checkpoint_count: int = 0

    def signs_at(self, size: int) -> bool:
        """Whether it may sign a checkpoint of so many entries."""
        return self.since <= size and (self.until is None or size < self.until)


@dataclass(frozen=True)
class Copy:
    """A checkpoint that was kept somewhere: where, what it says, and its bytes."""

    where: str
    note: SignedNote
    checkpoint: Checkpoint
    data: bytes


def read_copy(where: str, data: bytes) -> Copy:
    """The copy in these bytes.

    Raises:
        ValueError: no checkpoint.
    """
    note = decode_note(data)
    return Copy(where, note, decode_checkpoint(note.text), data)


@dataclass
class CheckpointWalk:
    """Takes every entry in order, with the checkpoint that stands beside it, and compares `copies` on the way."""

    report: Report
    check: Check
    copies: Iterable[Copy] = ()
    keys: dict[str, KnownKey] = field(default_factory=dict)
    confirmed: list[Copy] = field(default_factory=list)
    last_checkpoint: SignedNote | None = None
    is_broken: bool = False

    def __post_init__(self) -> None:
        self._tree = GrowingTree()
        self._ledger_id = ""
        self._utc: str | None = None
        self._has_begun = False
        self._by_id: dict[bytes, dict[NoteKey, KnownKey]] = {}
        self._waiting: dict[int, list[Copy]] = {}
        for copy in self.copies:
            self._waiting.setdefault(copy.checkpoint.size, []).append(copy)

    def take(self, stored: StoredEntry, entry: Entry | None, note: str | None) -> tuple[Row, ...]:
        """Check what stands beside one entry (None: it is none); gives the rows of the nodes that it completes."""
        if stored.sequence != self._tree.size + 1:
            self.is_broken = True
        if self.is_broken:
            return ()
        nodes = node_rows(stored.sequence, self._tree.append(leaf_hash(stored.entry)))
        self._ledger_id = self._ledger_id or (entry.ledger if entry is not None else "")
        self._learn(stored, entry)
        copies = self._waiting.pop(stored.sequence, ())
        good = self._take_note(stored.sequence, entry, note, copies)
        for copy in copies:
            self._compare(copy, good)
        if entry is not None and entry.type not in _BETWEEN_DAYS:
            self._utc = entry.ts_utc
        return nodes

    def finish(self) -> None:
        """Tell the copies that no state of this ledger answers to."""
        for copy in (copy for copies in self._waiting.values() for copy in copies):
            have, want = str(self._tree.size), str(copy.checkpoint.size)
            what = f"{copy.where}: a checkpoint of more entries than the ledger has: its end was cut off"
            self.report("ledger-shortened", what, None, want, have)
        self._waiting = {}

    def _learn(self, stored: StoredEntry, entry: Entry | None) -> None:
        """Take the keys that an entry brings, and whether there are checkpoints from here on."""
        if entry is None or stored.payload is None or entry.type not in _LEARNED:
            return
        try:
            facts = decode_facts(decode_payload(stored.payload), _LEARNED[entry.type])
        except ValueError:
            return
        if isinstance(facts, LedgerOpened):
            self._add(facts.key, Origin.OPENED, stored.sequence)
        elif isinstance(facts, KeyAdded):
            self._add(facts.key, Origin.ADDED, stored.sequence)
        elif isinstance(facts, KeyRotated):
            self._rotate(facts, stored.sequence)
        if isinstance(facts, LedgerOpened | SchemaMigrated):
            self._has_begun = self._has_begun or any(step.name == FIRST_STEP for step in facts.migrations)

    def _add(self, key: PublicKey, origin: Origin, sequence: int) -> None:
        known = self.keys[key.public] = KnownKey(key, origin, sequence)
        signs_as = note_key(self._ledger_id, key)
        self._by_id.setdefault(signs_as.key_id, {})[signs_as] = known

    def _rotate(self, facts: KeyRotated, sequence: int) -> None:
        """One key instead of another, as both have signed."""
        old = self.keys.get(facts.old.public)
        statement = rotation_statement(self._ledger_id, facts.old, facts.new)
        signed = ((facts.old, facts.signed_by_old), (facts.new, facts.signed_by_new))
        if old is None or not all(self._holds(key, made, statement) for key, made in signed):
            what = f"entry {sequence} replaces a key without the word of both"
            self.report("ledger-key-unproven", what, sequence)
            return
        old.until = sequence
        self._add(facts.new, Origin.ROTATED, sequence)

    def _holds(self, key: PublicKey, signature_hex: str, message: bytes) -> bool:
        try:
            return self.check(bytes.fromhex(key.public), bytes.fromhex(signature_hex), message)
        except ValueError:
            return False

    def _take_note(
        self, sequence: int, entry: Entry | None, note: str | None, copies: Sequence[Copy]
    ) -> SignedNote | None:
        """The checkpoint beside an entry: there where it must be, of this ledger, and signed by one of its keys.

        Gives it where it is all that. What has the bytes of one of the copies is read already.
        """
        if note is None:
            if entry is not None and self._has_begun and self._is_due(entry):
                what = f"the checkpoint of entry {sequence} ({entry.type}) is missing"
                self.report("ledger-checkpoint-missing", what, sequence)
            return None
        try:
            data, where = note.encode(), f"the checkpoint of entry {sequence}"
            same = next((item for item in copies if item.data == data), None)
            copy = Copy(where, same.note, same.checkpoint, data) if same is not None else read_copy(where, data)
        except ValueError as error:
            self.report("ledger-checkpoint-altered", f"the checkpoint of entry {sequence}: {error}", sequence)
            return None
        if copy.checkpoint.size != sequence:
            what = f"the checkpoint of entry {sequence} is that of another"
            self.report("ledger-checkpoint-altered", what, sequence, str(sequence), str(copy.checkpoint.size))
        elif self._is_of_this_ledger(copy, sequence) and self._is_signed(copy, sequence):
            self.last_checkpoint = copy.note
            return copy.note
        return None

    def _is_due(self, entry: Entry) -> bool:
        try:
            return is_due(EntryKind(entry.type), entry.ts_utc, self._utc)
        except ValueError:
            return False

    def _compare(self, copy: Copy, good: SignedNote | None) -> None:
        """A copy against the ledger as it was at that size, and the good checkpoint that stands there, if any."""
        if copy.note == good or (self._is_of_this_ledger(copy, None) and self._is_signed(copy, None)):
            self.confirmed.append(copy)

    def _is_of_this_ledger(self, copy: Copy, sequence: int | None) -> bool:
        """Whether origin and root are those of the ledger at that size."""
        origin, root = origin_of(self._ledger_id), self._tree.root()
        if copy.checkpoint.origin != origin:
            self.report(
                "ledger-foreign-checkpoint",
                f"{copy.where}: a checkpoint of another ledger",
                sequence,
                origin,
                copy.checkpoint.origin,
            )
            return False
        if copy.checkpoint.root != root:
            code = "ledger-checkpoint-altered" if sequence is not None else "ledger-rewritten"
            what = f"{copy.where}: the first {copy.checkpoint.size} entries are not those that it was signed over"
            self.report(code, what, sequence, copy.checkpoint.root.hex(), root.hex())
            return False
        return True

    def _is_signed(self, copy: Copy, sequence: int | None) -> bool:
        """Whether a key of the ledger signed it that might at that size."""
        size = copy.checkpoint.size
        named = [self._by_id.get(item.key_id, {}) for item in copy.note.signatures]
        known = {key: item for keys in named for key, item in keys.items() if item.signs_at(size)}
        try:
            signers = check_note(copy.note, tuple(known), self.check)
        except ValueError as error:
            self.report("ledger-checkpoint-altered", f"{copy.where}: {error}", sequence)
            return False
        for signer in signers if sequence is not None else ():
            known[signer.key].checkpoint_count += 1
        if not signers:
            what = f"{copy.where}: no key that might sign for the ledger at {size} entries has signed it"
            self.report("ledger-checkpoint-altered", what, sequence)
        return bool(signers)


_BETWEEN_DAYS = frozenset(kind.value for kind in BETWEEN_DAYS)

_LEARNED: Mapping[str, type[LedgerOpened] | type[KeyAdded] | type[KeyRotated] | type[SchemaMigrated]] = {
    EntryKind.LEDGER_OPENED.value: LedgerOpened,
    EntryKind.KEY_ADDED.value: KeyAdded,
    EntryKind.KEY_ROTATED.value: KeyRotated,
    EntryKind.SCHEMA_MIGRATED.value: SchemaMigrated,
}
