#!/usr/bin/env python3
"""Check an exported ledger without any code of diskwitness.

    python3 verify_ledger.py BUNDLE [--checkpoint FILE ...] [--key HEX ...]

Needs Python 3.11 and the package `cryptography`, nothing else; one file, to be read before it is believed. BUNDLE
is the folder that `diskwitness ledger export` wrote. It is checked from the published rules alone:

1. entries: numbered from 1, canonical JSON (RFC 8785), of one ledger, each naming the SHA-256 of the one before;
2. payloads: SHA-256 over nonce and JSON is the one the entry names; one that is gone, a later `redacted` names;
3. tree: RFC 6962 over the entries; the root of every checkpoint is that of the tree at its size;
4. checkpoints: behind every entry that must have one; signed (C2SP signed-note, Ed25519) by a key of the ledger;
5. copies that were kept elsewhere (`--checkpoint`): a state that this ledger has been in;
6. whose keys: `--key` names those you believe, as `diskwitness ledger key show` prints them.

Prints MATCH, MISMATCH or INCOMPLETE. Exit code 0, 8 for a mismatch, 7 where a signer is unknown.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Facts = dict[str, Any]
ORIGIN = "diskwitness.local/ledger/"
FIELDS = frozenset(
    (
        *("actor", "clock", "exhibit", "host", "ledger", "mono_ms", "payload_sha256", "prev", "role", "seq"),
        *("tool", "ts_local_offset", "ts_utc", "type", "v"),
    )
)
WITHOUT_CHECKPOINT = frozenset({"ledger-opened", "person-added", "exhibit-added"})
FIRST_STEP = "0004-checkpoints"
LONGEST_NOTE = 64 * 1024


class MismatchError(Exception):
    """Something is not what was written; the text says what and where."""


def canonical(value: object) -> bytes:
    """Canonical JSON of what ledgers hold: text, whole numbers below 2**53, true, false, null, lists, objects."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(canonical, value)) + b"]"
    return json.dumps(value, ensure_ascii=False).encode()


class Tree:
    """The Merkle tree of RFC 6962, growing leaf by leaf; of its nodes only the right edge is kept."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[bytes] = []

    def append(self, data: bytes) -> None:
        node, position = hashlib.sha256(b"\0" + data).digest(), self.size
        while position & 1:
            node = hashlib.sha256(b"\1" + self.edge.pop() + node).digest()
            position >>= 1
        self.edge.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.edge:
            return hashlib.sha256(b"").digest()
        node = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            node = hashlib.sha256(b"\1" + left + node).digest()
        return node


class Note:
    """A checkpoint as it was signed: its place, origin, size, root, and who signed."""

    def __init__(self, where: str, data: bytes) -> None:
        self.where = where
        try:
            head, blank, rest = data[: LONGEST_NOTE + 1].decode("utf-8").rpartition("\n\n")
            lines = head.split("\n")
            self.text = head + "\n"
            self.origin, self.size, self.root = lines[0], int(lines[1]), base64_bytes(lines[2])
            self.signatures = [self.signature(line) for line in rest.removesuffix("\n").split("\n")]
        except (ValueError, IndexError) as error:
            raise MismatchError(f"{where}: no checkpoint ({error})") from error
        if not blank or len(data) > LONGEST_NOTE or lines[1] != str(self.size):
            raise MismatchError(f"{where}: no checkpoint")

    @staticmethod
    def signature(line: str) -> tuple[str, bytes, bytes]:
        dash, name, encoded = line.split(" ")
        data = base64_bytes(encoded)
        if dash != "\u2014" or not name:
            raise ValueError("a line below the text is no signature")
        return name, data[:4], data[4:]


class Ledger:
    """What is known of the ledger while its entries go by."""

    def __init__(self, copies: list[Note], notes: dict[int, Note]) -> None:
        self.copies, self.notes = copies, notes
        self.tree = Tree()
        self.name, self.prev, self.day = "", "0" * 64, ""
        self.keys: dict[str, tuple[int, int | None]] = {}
        self.signers: dict[str, int] = {}
        self.has_checkpoints = False
        self.gone: set[int] = set()
        self.redacted: dict[int, int] = {}

    def take(self, line: Facts) -> None:
        """Check one entry with its payload and its checkpoint."""
        number, text = self.tree.size + 1, line.get("entry")
        where = f"entry {number}"
        if line.get("sequence") != number or not isinstance(text, str):
            raise MismatchError(f"{where} is missing")
        data = text.encode("utf-8", "surrogatepass")
        entry = self.entry(where, number, data)
        self.learn(where, number, entry, self.payload(where, number, line, entry))
        self.tree.append(data)
        self.checkpoint(where, number, entry)
        for copy in [copy for copy in self.copies if copy.size == number]:
            self.compare(copy)
        self.prev, self.day = hashlib.sha256(data).hexdigest(), entry["ts_utc"][:10]

    def entry(self, where: str, number: int, data: bytes) -> Facts:
        """The entry in these bytes, in its place."""
        try:
            entry = json.loads(data)
        except ValueError as error:
            raise MismatchError(f"{where} is no JSON") from error
        if not isinstance(entry, dict) or entry.keys() != FIELDS or canonical(entry) != data:
            raise MismatchError(f"{where} is no entry in canonical form")
        self.name = self.name or entry["ledger"]
        if (entry["v"], entry["seq"], entry["ledger"]) != (1, number, self.name):
            raise MismatchError(f"{where} is not in its place")
        if entry["prev"] != self.prev:
            raise MismatchError(f"entry {number - 1} is not the one that {where} was chained to")
        if (entry["type"] == "ledger-opened") != (number == 1):
            raise MismatchError(f"{where}: a ledger is opened by its first entry")
        return entry

    def payload(self, where: str, number: int, line: Facts, entry: Facts) -> Facts | None:
        """The facts of the entry, or None where they were taken away."""
        if line.get("payload") is None:
            self.gone.add(number)
            return None
        data = bytes.fromhex(line["nonce"]) + line["payload"].encode("utf-8", "surrogatepass")
        if (hashlib.sha256(data).hexdigest(), data[:32].hex()) != (entry["payload_sha256"], line["nonce"]):
            raise MismatchError(f"the payload of {where} ({entry['type']}) is not the one that was recorded")
        facts: Facts = json.loads(line["payload"])["facts"]
        return facts

    def learn(self, where: str, number: int, entry: Facts, facts: Facts | None) -> None:
        """Keys, redactions, and whether there are checkpoints from here on."""
        kind = entry["type"]
        if facts is None:
            return
        if kind in ("ledger-opened", "key-added"):
            self.keys[facts["key"]["public"]] = (number, None)
        elif kind == "key-rotated":
            self.rotate(where, number, facts)
        if kind == "redacted" and 1 < facts["sequence"] < number:
            self.redacted[facts["sequence"]] = number
        if kind in ("ledger-opened", "schema-migrated"):
            self.has_checkpoints |= any(step["name"] == FIRST_STEP for step in facts["migrations"])

    def rotate(self, where: str, number: int, facts: Facts) -> None:
        """One key instead of another, by the word of both."""
        old, new = facts["old"]["public"], facts["new"]["public"]
        statement = f"diskwitness key rotation v1\n{self.name}\n{old}\n{new}\n".encode()
        signed = ((old, facts["signed_by_old"]), (new, facts["signed_by_new"]))
        if old not in self.keys or not all(holds(key, bytes.fromhex(made), statement) for key, made in signed):
            raise MismatchError(f"{where} replaces a key without the word of both")
        self.keys[old] = (self.keys[old][0], number)
        self.keys[new] = (number, None)

    def checkpoint(self, where: str, number: int, entry: Facts) -> None:
        """The checkpoint behind an entry: there where it must be, and a good one."""
        note = self.notes.pop(number, None)
        new_day = self.day not in ("", entry["ts_utc"][:10])
        if note is None and self.has_checkpoints and (entry["type"] not in WITHOUT_CHECKPOINT or new_day):
            raise MismatchError(f"the checkpoint of {where} ({entry['type']}) is missing")
        if note is not None:
            self.compare(note)

    def compare(self, note: Note) -> None:
        """A checkpoint against the ledger as it is at that size."""
        if note.origin != ORIGIN + self.name:
            raise MismatchError(f"{note.where}: a checkpoint of another ledger")
        if note.root != self.tree.root():
            raise MismatchError(
                f"{note.where}: the first {note.size} entries are not those that it was signed over"
            )
        if not self.is_signed(note):
            raise MismatchError(f"{note.where}: no key that might sign for the ledger then has signed it")

    def is_signed(self, note: Note) -> bool:
        """Whether a key of the ledger signed it that might at that size."""
        found = False
        for key, (since, until) in self.keys.items():
            if not since <= note.size or (until is not None and note.size >= until):
                continue
            material = note.origin.encode() + b"\n\x01" + bytes.fromhex(key)
            identity = hashlib.sha256(material).digest()[:4]
            for name, key_id, signature in note.signatures:
                if (name, key_id) == (note.origin, identity):
                    if not holds(key, signature, note.text.encode()):
                        raise MismatchError(f"{note.where}: the signature in the name of {key} is not made by it")
                    self.signers[key] = self.signers.get(key, 0) + 1
                    found = True
        return found

    def finish(self) -> None:
        """What can only be said at the end."""
        for number in sorted(self.gone - self.redacted.keys()):
            raise MismatchError(f"the payload of entry {number} is gone and no later entry redacts it")
        for number in sorted(self.redacted.keys() - self.gone):
            raise MismatchError(
                f"entry {self.redacted[number]} redacts the payload of entry {number}, which is there"
            )
        for number in sorted(self.notes):
            raise MismatchError(f"the checkpoint of entry {number} belongs to no entry")
        for copy in self.copies:
            if not 0 < copy.size <= self.tree.size:
                what = f"{copy.size} entries, and the ledger has {self.tree.size}: its end was cut off"
                raise MismatchError(f"{copy.where}: a checkpoint of {what}")


def base64_bytes(text: str) -> bytes:
    """The bytes of Base 64 in its one right spelling."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the right spelling of Base 64")
    return data


def holds(key: str, signature: bytes, message: bytes) -> bool:
    """Whether the key made this signature over this message."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def check(bundle: Path, copies: list[Path]) -> Ledger:
    """The ledger in a bundle, every rule checked."""
    notes = {
        int(path.stem): Note(f"checkpoints/{path.name}", path.read_bytes())
        for path in bundle.glob("checkpoints/*.txt")
    }
    for number, note in notes.items():
        if note.size != number:
            raise MismatchError(f"{note.where}: a checkpoint of {note.size} entries")
    ledger = Ledger([Note(str(path), path.read_bytes()) for path in copies], notes)
    with (bundle / "entries.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            ledger.take(json.loads(line))
    facts = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    if (facts["ledger"], facts["entries"]) != (ledger.name, ledger.tree.size):
        raise MismatchError(f"bundle.json speaks of ledger {facts['ledger']} with {facts['entries']} entries")
    ledger.finish()
    return ledger


def main() -> int:
    """Check and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--key", action="append", default=[], metavar="HEX")
    given = parser.parse_args()
    try:
        ledger = check(given.bundle, given.checkpoint)
    except (MismatchError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        print(f"MISMATCH: {ascii(str(error))[1:-1]}")
        return 8
    unknown = [key for key in ledger.signers if key not in given.key]
    print("INCOMPLETE: a signer is not among the keys given" if unknown else "MATCH")
    print(f"  Ledger {ascii(ledger.name)[1:-1]}, {ledger.tree.size} entries, root {ledger.tree.root().hex()}")
    for key, count in ledger.signers.items():
        print(f"  Signed by {key} ({'unknown' if key in unknown else 'believed'}), {count} checkpoints")
    for copy in ledger.copies:
        print(f"  Answers to {copy.where}")
    for number, by in sorted(ledger.redacted.items()):
        print(f"  Entry {number}: payload redacted by entry {by}")
    return 7 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
