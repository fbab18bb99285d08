"""Texts signed by one or more keys (C2SP signed-note and tlog-cosignature). Pure; no private key is held here."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

MAXIMUM_NOTE_BYTES = 64 * 1024
KEY_ID_BYTES = 4
TIMESTAMP_BYTES = 8
MAXIMUM_TIME = 2**63 - 1
SIGNATURE_MARK = "\u2014 "
SEPARATOR = "\n\n" + SIGNATURE_MARK

_KEY_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")

Sign = Callable[[bytes], bytes]
"""Signs a message with Ed25519."""
Check = Callable[[bytes, bytes, bytes], bool]
"""Whether a public key (first) made this signature (second) over a message (third)."""


class SignatureKind(Enum):
    """What a signature is made over; the value is its byte in keys (signed-note, "Signature types")."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class NoteKey:
    """The public half of a key that signs notes, under its name."""

    name: str
    public_key: bytes
    kind: SignatureKind = SignatureKind.ED25519

    @property
    def key_id(self) -> bytes:
        """The 4 bytes by which signatures name the key (signed-note, "Signatures")."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._material).digest()[:KEY_ID_BYTES]

    @property
    def _material(self) -> bytes:
        return bytes([self.kind.value]) + self.public_key

    def __str__(self) -> str:
        """The key as text: name, id and key (signed-note, "Verifier keys")."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self._material).decode()}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who signed, and the bytes behind the key's id."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        """The line without its end."""
        return f"{SIGNATURE_MARK}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text that ends in a newline, and its signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        """The note as it is written."""
        return self.text + "\n" + "".join(f"{item}\n" for item in self.signatures)


@dataclass(frozen=True, slots=True)
class Signer:
    """A known key that signed a note; `at` is the time a cosigner gives, in seconds since 1970, or None."""

    key: NoteKey
    at: int | None = None


def decode_key(text: str) -> NoteKey:
    """The key in this text.

    Raises:
        ValueError: not a key, of an unknown kind, or its id is not its own.
    """
    parts = text.strip().split("+", 2)
    if len(parts) != len(("name", "id", "key")) or not _KEY_NAME.fullmatch(parts[0]):
        raise ValueError("not a key: it has the form name+id+key")
    material = _decoded(parts[2])
    if len(material) != 1 + 32:
        raise ValueError("not a key: an Ed25519 key has 32 bytes")
    key = NoteKey(parts[0], material[1:], SignatureKind(material[0]))
    if key.key_id.hex() != parts[1]:
        raise ValueError("not a key: its id is that of another one")
    return key


def decode_note(data: bytes) -> SignedNote:
    """The note in these bytes, its signatures not yet checked.

    Raises:
        ValueError: not a note; says why.
    """
    if len(data) > MAXIMUM_NOTE_BYTES:
        raise ValueError(f"not a signed note: {len(data)} bytes are too many")
    text = data.decode("utf-8")
    if _CONTROL.search(text) or not text.endswith("\n") or SEPARATOR not in text:
        raise ValueError("not a signed note: no text with signatures below it")
    head, _, rest = text.rpartition("\n\n")
    return SignedNote(head + "\n", tuple(map(_signature, rest.removesuffix("\n").split("\n"))))


def sign_note(text: str, key: NoteKey, sign: Sign) -> NoteSignature:
    """Sign a text that ends in a newline.

    Raises:
        ValueError: not such a text, or a name that no key can have.
    """
    if not text.endswith("\n") or _CONTROL.search(text) or not _KEY_NAME.fullmatch(key.name):
        raise ValueError("a note is text that ends in a newline, and a key's name has neither space nor plus")
    return NoteSignature(key.name, key.key_id, sign(text.encode()))


def cosign(text: str, key: NoteKey, sign: Sign, at: int) -> NoteSignature:
    """Cosign a checkpoint's text at a time in seconds since 1970 (tlog-cosignature, "Ed25519 signed message")."""
    signature = at.to_bytes(TIMESTAMP_BYTES, "big") + sign(cosigned_message(text, at))
    return NoteSignature(key.name, key.key_id, signature)


def cosigned_message(text: str, at: int) -> bytes:
    """What a cosigner signs."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def check_note(note: SignedNote, keys: tuple[NoteKey, ...], check: Check) -> tuple[Signer, ...]:
    """The known keys that signed the note; signatures of others are passed over.

    Raises:
        ValueError: a signature in the name of a known key is not its own.
    """
    known = {(key.name, key.key_id): key for key in keys}
    signers: list[Signer] = []
    for item in note.signatures:
        key = known.get((item.name, item.key_id))
        if key is not None:
            signers.append(_checked(note.text, item, key, check))
    return tuple(signers)


def _checked(text: str, item: NoteSignature, key: NoteKey, check: Check) -> Signer:
    """Who made this signature.

    Raises:
        ValueError: not this key.
    """
    message, signature, at = text.encode(), item.signature, None
    if key.kind is SignatureKind.COSIGNATURE:
        at = int.from_bytes(signature[:TIMESTAMP_BYTES], "big")
        message, signature = cosigned_message(text, at), signature[TIMESTAMP_BYTES:]
    if (at or 0) > MAXIMUM_TIME or not check(key.public_key, signature, message):
        raise ValueError(f"the signature in the name of {key.name} is not made by its key")
    return Signer(key, at)


def _signature(line: str) -> NoteSignature:
    """The signature in one line.

    Raises:
        ValueError: not a signature line.
    """
    name, space, encoded = line.removeprefix(SIGNATURE_MARK).partition(" ")
    if not line.startswith(SIGNATURE_MARK) or not space or not _KEY_NAME.fullmatch(name):
        raise ValueError("not a signed note: a line below the text is no signature")
    data = _decoded(encoded)
    if len(data) <= KEY_ID_BYTES:
        raise ValueError("not a signed note: a signature is too short")
    return NoteSignature(name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def _decoded(text: str) -> bytes:
    """The bytes of standard Base 64 in its one right spelling.

    Raises:
        ValueError: not such a text.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"not Base 64: {error}") from error
    if base64.b64encode(data).decode() != text:
        raise ValueError("not Base 64 in its one right spelling")
    return data
