"""Ledger entries and their payloads as exact bytes, and back; no I/O, no clock, no chance.

1. An entry is canonical JSON (RFC 8785); its bytes are stored once and never written again.
2. An entry holds the SHA-256 of the entry before it (`prev`; the first holds 64 zeros) and that of its payload.
3. A payload is a nonce of 32 bytes followed by canonical JSON. Names of people stand in payloads alone, so that one
   can be taken away by order of a court: the entry still verifies, and the nonce keeps names from being guessed.

Byte layout: docs/reference/casedb.md.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import Enum

import msgspec
import rfc8785

from image.errors import CaseError
from image.manifest_file import plain_value
from image.times import Instant

ENTRY_VERSION = 1
NONCE_BYTES = 32
NO_PREVIOUS = "0" * 64
MAXIMUM_ENTRY_BYTES = 64 * 1024
MAXIMUM_PAYLOAD_BYTES = 256 * 1024 * 1024

_LARGEST_NUMBER = 2**53 - 1
"""Canonical JSON holds no larger one (RFC 8785, section 3.2.2.3)."""

_LAST_FIELD = b',"v":1}'
"""How an entry ends; of a field with a default msgspec does not tell whether it was there."""

_UTC_PATTERN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_DIGEST_PATTERN = re.compile(r"[0-9a-f]{64}")


class EntryKind(Enum):
    """What an entry records; the value is its `type`."""

    LEDGER_OPENED = "ledger-opened"
    CASE_CREATED = "case-created"
    PERSON_ADDED = "person-added"
    EXHIBIT_ADDED = "exhibit-added"
    CUSTODY_RECORDED = "custody-recorded"
    CORRECTED = "corrected"
    ACQUISITION_STARTED = "acquisition-started"
    ACQUISITION_FINISHED = "acquisition-finished"
    ACQUISITION_STOPPED = "acquisition-stopped"
    ACQUISITION_RESUMED = "acquisition-resumed"
    VERIFICATION_RECORDED = "verification-recorded"
    IMAGE_IMPORTED = "image-imported"
    IMAGE_RELOCATED = "image-relocated"
    FILE_ATTACHED = "file-attached"
    REPORT_ISSUED = "report-issued"
    REPORT_SIGNED = "report-signed"
    SCHEMA_MIGRATED = "schema-migrated"
    REDACTED = "redacted"
    KEY_ADDED = "key-added"
    KEY_ROTATED = "key-rotated"
    CASE_CLOSED = "case-closed"
    CASE_REOPENED = "case-reopened"
    TIMESTAMP_RECORDED = "timestamp-recorded"


@dataclass(frozen=True)
class EntryClock:
    """Where the entry's time comes from, and by how many milliseconds it is known to be ahead."""

    offset_ms: int | None
    source: str


@dataclass(frozen=True)
class EntryTool:
    """The program that wrote the entry: its version and the SHA-256 over its own files."""

    sha256: str
    version: str


@dataclass(frozen=True)
class Entry:
    """One entry; the names are those of the JSON, so that what is read is what is written.

    `seq` counts from 1. `mono_ms` is a clock of the machine that never goes back, good for durations alone.
    `actor` and `exhibit` are ids: of a person in the record, of an exhibit.
    """

    actor: str | None
    clock: EntryClock
    exhibit: str | None
    host: str
    ledger: str
    mono_ms: int
    payload_sha256: str
    prev: str
    role: str
    seq: int
    tool: EntryTool
    ts_local_offset: int
    ts_utc: str
    type: str
    v: int = ENTRY_VERSION

    @property
    def at(self) -> Instant:
        """When the entry was written."""
        return Instant(self.ts_utc, self.ts_local_offset)


def encode_entry(entry: Entry) -> bytes:
    """The exact bytes of an entry.

    Raises:
        CaseError: an entry above 64 KiB, or one that holds what JSON cannot.
    """
    data = canonical_bytes(entry)
    if len(data) > MAXIMUM_ENTRY_BYTES:
        raise CaseError(f"an entry of {len(data)} bytes is too long for the ledger", f"type {entry.type}")
    return data


def decode_entry(data: bytes) -> Entry:
    """The entry in these bytes.

    Raises:
        ValueError: not an entry, of another version, or not in canonical form; says which.
    """
    entry = _plainly_canonical(data) or _decoded_at_length(data)
    _require_well_formed(entry)
    return entry


def _plainly_canonical(data: bytes) -> Entry | None:
    """The entry in these bytes, where it is seen at a glance that they are canonical: ASCII, no number too large.

    Written again with its names in order it must be the same bytes; then it has every field and no other.
    """
    try:
        entry = msgspec.json.decode(data, type=Entry)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    numbers = (entry.seq, entry.mono_ms, entry.ts_local_offset, entry.v, entry.clock.offset_ms or 0)
    is_plain = data.isascii() and data.endswith(_LAST_FIELD) and b"\\u" not in data
    is_plain = is_plain and max(map(abs, numbers)) <= _LARGEST_NUMBER
    return entry if is_plain and msgspec.json.encode(entry, order="sorted") == data else None


def _decoded_at_length(data: bytes) -> Entry:
    """The entry in these bytes, whatever its names and texts hold.

    Raises:
        ValueError: not an entry in canonical form.
    """
    try:
        fields = msgspec.json.decode(data)
        entry = msgspec.convert(fields, Entry)
        canonical = rfc8785.dumps(fields)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ValueError(f"not an entry: {error}") from error
    if canonical != data or len(fields) != len(Entry.__dataclass_fields__):
        raise ValueError("not an entry in canonical form")
    return entry


def _is_moment(entry: Entry) -> bool:
    """Whether a calendar has the entry's time."""
    try:
        return bool(entry.at)
    except ValueError:
        return False


def _require_well_formed(entry: Entry) -> None:
    """Refuse what has the shape of an entry and cannot be one.

    Raises:
        ValueError: names the field.
    """
    well_formed = {
        "v": entry.v == ENTRY_VERSION,
        "seq": entry.seq > 0,
        "ts_utc": _UTC_PATTERN.fullmatch(entry.ts_utc) is not None and _is_moment(entry),
        "payload_sha256": _DIGEST_PATTERN.fullmatch(entry.payload_sha256) is not None,
        "prev": _DIGEST_PATTERN.fullmatch(entry.prev) is not None,
    }
    wrong = [name for name, good in well_formed.items() if not good]
    if wrong:
        raise ValueError(f"not an entry: {', '.join(wrong)} cannot be what it says")


def entry_digest(entry_bytes: bytes) -> str:
    """The SHA-256 of an entry's exact bytes, in hex: what the next entry holds as `prev`."""
    return hashlib.sha256(entry_bytes).hexdigest()


@dataclass(frozen=True)
class PayloadText:
    """The JSON of a payload: what is recorded, and who sat at the keyboard (nobody, in the first)."""

    facts: msgspec.Raw
    operator: str | None


def encode_payload(nonce: bytes, facts: object, operator: str | None) -> bytes:
    """Nonce and canonical JSON of the facts: the bytes whose SHA-256 the entry holds.

    Raises:
        CaseError: facts that JSON cannot hold, or above 256 MiB.
        ValueError: a nonce that is not 32 bytes, which is a bug of ours.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    data = nonce + canonical_bytes({"facts": facts, "operator": operator})
    if len(data) > MAXIMUM_PAYLOAD_BYTES:
        raise CaseError(f"{len(data)} bytes of facts are too many for one entry of the ledger")
    return data


def decode_payload(payload: bytes) -> PayloadText:
    """The JSON behind the nonce, its facts still undecoded.

    Raises:
        ValueError: not a payload.
    """
    try:
        return msgspec.json.decode(payload[NONCE_BYTES:], type=PayloadText)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ValueError(f"not a payload: {error}") from error


def payload_digest(payload: bytes) -> str:
    """The SHA-256 of nonce and JSON together, in hex."""
    return hashlib.sha256(payload).hexdigest()


def canonical_bytes(value: object) -> bytes:
    """Canonical JSON (RFC 8785) of a value; half a surrogate pair, which JSON cannot hold, is spelled out.

    Raises:
        CaseError: a number that canonical JSON cannot hold exactly.
    """
    plain = msgspec.to_builtins(value, enc_hook=plain_value)
    try:
        return rfc8785.dumps(plain)
    except (rfc8785.CanonicalizationError, RecursionError):
        return _canonical_at_second_try(_spelled_out(plain))


def _canonical_at_second_try(plain: object) -> bytes:
    """Canonical JSON of plain values without lone surrogates."""
    try:
        return rfc8785.dumps(plain)  # type: ignore[arg-type]  # its own alias for JSON is not ours
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise CaseError(f"this cannot be recorded exactly ({error})") from error


def _spelled_out(value: object) -> object:
    """The same value with each lone surrogate as `\\udcXX`: file names and drive strings can hold them."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_spelled_out(key): _spelled_out(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled_out(item) for item in value]
    return value
