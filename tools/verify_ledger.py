#!/usr/bin/env python3
"""Check an exported ledger without any code of diskwitness.

    python3 verify_ledger.py BUNDLE [--checkpoint FILE ...] [--key HEX ...] [--authority FILE]

One file, to be read before it is believed; needs Python 3.11, the package `cryptography` and, for timestamps, the
program `openssl`. BUNDLE is what `diskwitness ledger export` wrote. The published rules are all it knows:

1. entries: numbered from 1, canonical JSON (RFC 8785), of one ledger, each naming the SHA-256 of the one before;
2. payloads: SHA-256 over nonce and JSON is the one the entry names; one that is gone, a later `redacted` names;
3. tree: RFC 6962 over the entries; the root of every checkpoint is that of the tree at its size;
4. checkpoints: behind every entry that must have one; signed (C2SP signed-note, Ed25519) by a key of the ledger;
5. timestamps (RFC 3161): over a checkpoint, of a time that fits, signed by an authority of `--authority` (PEM);
6. copies that were kept elsewhere (`--checkpoint`): a state that this ledger has been in;
7. whose keys: `--key` names those you believe, as `diskwitness ledger key show` prints them.

Prints MATCH, MISMATCH or INCOMPLETE. Exit code 0, 8 for a mismatch, 7 where a signer or an authority is unknown.
"""

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Facts = dict[str, Any]
ORIGIN = "diskwitness.local/ledger/"
FIELDS = "actor clock exhibit host ledger mono_ms payload_sha256 prev role seq tool ts_local_offset ts_utc type v"
STAMP, SKEW_SECONDS = "timestamp-recorded", 300
WITHOUT_CHECKPOINT = frozenset({"ledger-opened", "person-added", "exhibit-added"})
WHILE_CLOSED = frozenset({"case-reopened", "key-added", "key-rotated", "schema-migrated", STAMP})
NEVER_REDACTED = WHILE_CLOSED | {"ledger-opened", "redacted", "case-closed"}
NOTE = re.compile(r"((.+)\n(0|[1-9][0-9]*)\n(.+)\n(?:.+\n)*)\n((?:\u2014 [^ \n]+ [^ \n]+\n)+)")
TOKEN = re.compile(r"(?s)Granted\..+sha256\nMessage data:\n(.+?)Serial.+?Time stamp: (.+?) GMT\n.+?Nonce: (\S+)")
SIGNATURE = re.compile(r"\u2014 ([^ \n]+) ([^ \n]+)\n")
HAS_OPENSSL = shutil.which("openssl") is not None


class MismatchError(Exception):
    """Something is not what was written; the text says what and where."""


def require(good: object, what: str) -> None:
    if not good:
        raise MismatchError(what)


def canonical(value: object) -> bytes:
    """Canonical JSON of what ledgers hold: text, whole numbers below 2**53, true, false, null, lists, objects."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(canonical, value)) + b"]"
    return json.dumps(value, ensure_ascii=False).encode()


def joined(right: bytes, left: bytes) -> bytes:
    """The node above two nodes of the Merkle tree (RFC 6962)."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Note:
    """A checkpoint as it was signed: its place, text, origin, size, root, and who signed."""

    def __init__(self, where: str, data: bytes) -> None:
        found = NOTE.fullmatch(data.decode()) if len(data) <= 64 * 1024 else None
        if found is None:
            raise MismatchError(f"{where}: no checkpoint")
        self.where, self.data, self.text, self.origin = where, data, found[1], found[2]
        self.size, self.root = int(found[3]), base64_bytes(found[4])
        self.signatures = [(name, base64_bytes(made)) for name, made in SIGNATURE.findall(found[5])]


class Ledger:
    """What is known of the ledger while its entries go by."""

    def __init__(self, copies: list[Note], notes: dict[int, Note], authority: Path | None) -> None:
        self.copies, self.notes, self.authority = copies, notes, authority
        self.size, self.edge = 0, list[bytes]()  # of the Merkle tree its right edge
        self.name, self.prev, self.day = "", "0" * 64, ""
        self.has_checkpoints, self.is_closed, self.believes_stamps = False, False, HAS_OPENSSL
        self.keys: dict[str, tuple[int, int | None]] = {}
        self.signers, self.redacted = dict[str, int](), dict[int, int]()
        self.gone, self.tokens = set[int](), dict[int, bytes]()
        self.past: dict[int, tuple[Note, datetime]] = {}
        self.stamps: list[tuple[int, int, datetime]] = []

    def take(self, line: Facts) -> None:
        """Check one entry with its payload and its checkpoint."""
        number, where = self.size + 1, f"entry {self.size + 1}"
        require(line["sequence"] == number, f"{where} is missing")
        data = line["entry"].encode("utf-8", "surrogatepass")
        entry = self.entry(where, number, data)
        facts = self.payload(where, number, line, entry)
        if facts is not None:
            self.learn(where, number, entry, facts)
        self.grow(data)
        self.checkpoint(where, number, entry)
        for copy in [copy for copy in self.copies if copy.size == number]:
            self.compare(copy)
        self.prev = hashlib.sha256(data).hexdigest()
        self.day = entry["ts_utc"][:10] if entry["type"] != STAMP else self.day

    def grow(self, data: bytes) -> None:
        node, full = hashlib.sha256(b"\0" + data).digest(), self.size
        while full & 1:
            node, full = joined(node, self.edge.pop()), full >> 1
        self.edge.append(node)
        self.size += 1

    def entry(self, where: str, number: int, data: bytes) -> Facts:
        """The entry in these bytes, in its place."""
        entry: Facts = json.loads(data)
        require(" ".join(entry) == FIELDS and canonical(entry) == data, f"{where} is no entry in canonical form")
        self.name = self.name or entry["ledger"]
        kind, place = entry["type"], (entry["v"], entry["seq"], entry["ledger"])
        require(place == (1, number, self.name), f"{where} is not in its place")
        require(entry["prev"] == self.prev, f"entry {number - 1} is not the one that {where} was chained to")
        require((kind == "ledger-opened") == (number == 1), f"{where}: a ledger is opened by its first entry")
        require(not self.is_closed or kind in WHILE_CLOSED, f"{where} was written while the case was closed")
        self.is_closed = kind == "case-closed" or (self.is_closed and kind != "case-reopened")
        return entry

    def payload(self, where: str, number: int, line: Facts, entry: Facts) -> Facts | None:
        """The facts of the entry, or None where they were taken away."""
        if line["payload"] is None:
            require(entry["type"] not in NEVER_REDACTED, f"the payload of {where} is gone and none may redact it")
            self.gone.add(number)
            return None
        data = bytes.fromhex(line["nonce"]) + line["payload"].encode("utf-8", "surrogatepass")
        found = (hashlib.sha256(data).hexdigest(), data[:32].hex())
        require(found == (entry["payload_sha256"], line["nonce"]), f"the payload of {where} is another one")
        return dict(json.loads(line["payload"])["facts"])

    def learn(self, where: str, number: int, entry: Facts, facts: Facts) -> None:
        """Keys, redactions, timestamps, and whether there are checkpoints from here on."""
        kind = entry["type"]
        if kind in ("ledger-opened", "key-added"):
            self.keys[facts["key"]["public"]] = (number, None)
        elif kind == "key-rotated":
            self.rotate(where, number, facts)
        elif kind == "redacted" and 1 < facts["sequence"] < number:
            self.redacted[facts["sequence"]] = number
        elif kind == STAMP:
            self.timestamp(number, datetime.fromisoformat(entry["ts_utc"]), facts)
        self.has_checkpoints |= any(step["name"] == "0004-checkpoints" for step in facts.get("migrations", ()))

    def rotate(self, where: str, number: int, facts: Facts) -> None:
        """One key instead of another, by the word of both."""
        old, new = facts["old"]["public"], facts["new"]["public"]
        statement = f"diskwitness key rotation v1\n{self.name}\n{old}\n{new}\n".encode()
        signed = ((old, facts["signed_by_old"]), (new, facts["signed_by_new"]))
        good = old in self.keys and all(holds(key, bytes.fromhex(made), statement) for key, made in signed)
        require(good, f"{where} replaces a key without the word of both")
        self.keys[old], self.keys[new] = (self.keys[old][0], number), (number, None)

    def checkpoint(self, where: str, number: int, entry: Facts) -> None:
        """The checkpoint behind an entry: there where it must be, and a good one."""
        note, kind, utc = self.notes.pop(number, None), entry["type"], entry["ts_utc"]
        is_due = kind != STAMP and (self.day not in ("", utc[:10]) or kind not in WITHOUT_CHECKPOINT)
        require(note or not (self.has_checkpoints and is_due), f"the checkpoint of {where} ({kind}) is missing")
        if note is not None:
            require(note.size == number, f"{note.where}: a checkpoint of {note.size} entries")
            self.compare(note)
            self.past[number] = (note, datetime.fromisoformat(utc))

    def compare(self, note: Note) -> None:
        """A checkpoint against the ledger as it is at that size."""
        require(note.origin == ORIGIN + self.name, f"{note.where}: a checkpoint of another ledger")
        require(note.root == reduce(joined, reversed(self.edge)), f"{note.where}: signed over other entries")
        require(self.is_signed(note), f"{note.where}: no key that might sign for the ledger then has signed it")

    def is_signed(self, note: Note) -> bool:
        """Whether a key of the ledger signed it that might at that size."""
        found = False
        for key, (since, until) in self.keys.items():
            identity = hashlib.sha256(note.origin.encode() + b"\n\x01" + bytes.fromhex(key)).digest()[:4]
            for name, made in note.signatures if since <= note.size < (until or note.size + 1) else ():
                if (name, made[:4]) == (note.origin, identity):
                    good = holds(key, made[4:], note.text.encode())
                    require(good, f"{note.where}: the signature in the name of {key} is not made by it")
                    self.signers[key] = self.signers.get(key, 0) + 1
                    found = True
        return found

    def timestamp(self, number: int, recorded: datetime, facts: Facts) -> None:
        """A token that an authority signed over a checkpoint; without `openssl` nothing can be said of it."""
        where, size, token = f"entry {number}", facts["checkpoint_size"], base64_bytes(facts["token"])
        require(size in self.past, f"{where}: a timestamp of no checkpoint")
        note, made = self.past[size]
        at = datetime.fromisoformat(facts["stamped"]["utc"])
        says = (hashlib.sha256(note.data).hexdigest(), int(facts["nonce"], 16), at)
        if HAS_OPENSSL:
            require(token_says(token) == says, f"{where}: its timestamp is not for the checkpoint of entry {size}")
            words = ("-verify", "-data", "data", "-CAfile", str(self.authority and self.authority.resolve()))
            told = openssl(note.data, token, *words) if self.authority else "self-signed certificate"
            self.believes_stamps &= "Verification: OK" in told
            good = re.search("Verification: OK|unable to get (local )?issuer|self-signed certificate", told)
            require(good, f"{where}: the signature of its timestamp is not good")
        fits = min((recorded - at).total_seconds(), (at - made).total_seconds()) >= -SKEW_SECONDS
        covered = [time for entry, _, time in self.stamps if entry <= size]
        require(fits and max([at, *covered]) == at, f"{where}: the time of its timestamp, {at}, cannot be")
        self.stamps.append((number, size, at))
        self.tokens.setdefault(size, token)

    def finish(self, files: dict[int, bytes]) -> None:
        wrong = min(self.gone ^ self.redacted.keys(), default=0)
        require(not wrong, f"the payload of entry {wrong} is gone and not redacted, or redacted and not gone")
        require(not self.notes, f"the checkpoint of entry {min(self.notes, default=0)} belongs to no entry")
        require(self.tokens == files, "the files of timestamps are not the tokens that the ledger holds")
        for copy in self.copies:
            require(0 < copy.size <= self.size, f"{copy.where}: {copy.size} entries: the end was cut off")


def base64_bytes(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data).decode() == text, "not the right spelling of Base 64")
    return data


def holds(key: str, signature: bytes, message: bytes) -> bool:
    with suppress(InvalidSignature, ValueError):
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
        return True
    return False


def openssl(data: bytes, token: bytes, *words: str) -> str:
    """What `openssl ts` says of a token and its data, which lie in its folder under these names."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data").write_bytes(data)
        (Path(folder) / "token").write_bytes(token)
        command = ["openssl", "ts", *words, "-in", "token"]
        run = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=60)
        return (run.stdout + run.stderr).decode(errors="replace")


def token_says(token: bytes) -> tuple[str, int, datetime]:
    """The SHA-256, the nonce and the time in a token."""
    found = TOKEN.search(openssl(b"", token, "-reply", "-text"))
    if not found:
        raise MismatchError("a timestamp over no SHA-256")
    digest = "".join(re.findall(r" - ((?:[0-9a-f]{2}[ -]){16})", found[1]))
    form = "%b %d %H:%M:%S.%f %Y" if "." in found[2] else "%b %d %H:%M:%S %Y"
    return re.sub("[ -]", "", digest), int(found[3], 16), datetime.strptime(found[2], form).replace(tzinfo=UTC)


def check(bundle: Path, copies: list[Path], authority: Path | None = None) -> Ledger:
    notes = {int(path.stem): Note(path.name, path.read_bytes()) for path in bundle.glob("checkpoints/*.txt")}
    ledger = Ledger([Note(str(path), path.read_bytes()) for path in copies], notes, authority)
    with (bundle / "entries.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            ledger.take(json.loads(line))
    facts = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    require((facts["ledger"], facts["entries"]) == (ledger.name, ledger.size), "bundle.json is another's")
    ledger.finish({int(path.stem): path.read_bytes() for path in bundle.glob("timestamps/*.tsr")})
    return ledger


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--key", action="append", default=[], metavar="HEX")
    parser.add_argument("--authority", type=Path, metavar="FILE")
    given = parser.parse_args()
    try:
        ledger = check(given.bundle, given.checkpoint, given.authority)
    except (MismatchError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        print(f"MISMATCH: {ascii(str(error))[1:-1]}")
        return 8
    unknown = [key for key in ledger.signers if key not in given.key]
    missing = "a signer is not among the keys given" if unknown else ""
    if ledger.stamps and not ledger.believes_stamps:
        missing = missing or "no authority was given for a timestamp, or there is no program openssl"
    print(f"INCOMPLETE: {missing}" if missing else "MATCH")
    told = [f"Ledger {ascii(ledger.name)[1:-1]}, {ledger.size} entries, last {ledger.prev}"]
    told += [f"Signed by {key} ({'unknown' if key in unknown else 'believed'})" for key in ledger.signers]
    told += [f"Entry {number}: entries 1 to {size} time-stamped {at}" for number, size, at in ledger.stamps]
    told += [f"Answers to {copy.where}" for copy in ledger.copies]
    told += [f"Entry {number}: payload redacted by entry {by}" for number, by in sorted(ledger.redacted.items())]
    print(*(f"  {line}" for line in told), sep="\n")
    return 7 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
