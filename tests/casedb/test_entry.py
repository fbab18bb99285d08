"""Entries and payloads as bytes: exact, canonical, and back."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from casedb.entry import (
    NO_PREVIOUS,
    Entry,
    EntryClock,
    EntryTool,
    canonical_bytes,
    decode_entry,
    decode_payload,
    encode_entry,
    encode_payload,
    entry_digest,
    payload_digest,
)
from image.errors import CaseError

ENTRY = Entry(
    actor="P2",
    clock=EntryClock(None, "system"),
    exhibit="JB1",
    host="bench-2",
    ledger="b7c1f0de-0000-4000-8000-000000000001",
    mono_ms=1500,
    payload_sha256="ab" * 32,
    prev=NO_PREVIOUS,
    role="examiner",
    seq=1,
    tool=EntryTool("cd" * 32, "0.1.0"),
    ts_local_offset=60,
    ts_utc="2026-11-22T12:00:00.000000Z",
    type="exhibit-added",
)
ENTRY_BYTES = (
    b'{"actor":"P2","clock":{"offset_ms":null,"source":"system"},"exhibit":"JB1","host":"bench-2",'
    b'"ledger":"b7c1f0de-0000-4000-8000-000000000001","mono_ms":1500,"payload_sha256":"' + b"ab" * 32 + b'",'
    b'"prev":"' + b"0" * 64 + b'","role":"examiner","seq":1,"tool":{"sha256":"' + b"cd" * 32 + b'",'
    b'"version":"0.1.0"},"ts_local_offset":60,"ts_utc":"2026-11-22T12:00:00.000000Z","type":"exhibit-added","v":1}'
)


def utc_text(seconds: int) -> str:
    """A moment as entries write it, seconds from 1970 on."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
entries = st.builds(
    Entry,
    actor=st.none() | texts,
    clock=st.builds(EntryClock, offset_ms=st.none() | st.integers(-(2**53) + 1, 2**53 - 1), source=texts),
    exhibit=st.none() | texts,
    host=texts,
    ledger=texts,
    mono_ms=st.integers(0, 2**53 - 1),
    payload_sha256=digests,
    prev=digests,
    role=texts,
    seq=st.integers(1, 2**53 - 1),
    tool=st.builds(EntryTool, sha256=digests, version=texts),
    ts_local_offset=st.integers(-1439, 1439),
    ts_utc=st.integers(-60_000_000_000, 250_000_000_000).map(utc_text),
    type=texts,
)


def test_the_bytes_of_an_entry_are_final() -> None:
    assert encode_entry(ENTRY) == ENTRY_BYTES
    assert entry_digest(ENTRY_BYTES) == hashlib.sha256(ENTRY_BYTES).hexdigest()


def test_the_bytes_of_a_payload_are_final() -> None:
    payload = encode_payload(bytes(range(32)), {"b": 1, "a": "\u00e9\n"}, "dreyes")
    assert payload == bytes(range(32)) + '{"facts":{"a":"\u00e9\\n","b":1},"operator":"dreyes"}'.encode()
    assert payload_digest(payload) == hashlib.sha256(payload).hexdigest()


@given(entries)
def test_an_entry_comes_back_as_it_was(entry: Entry) -> None:
    assert decode_entry(encode_entry(entry)) == entry


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        ENTRY_BYTES + b" ",
        ENTRY_BYTES.replace(b'"v":1', b'"v":1,"w":1'),
        ENTRY_BYTES.replace(b'"v":1', b'"v": 1'),
        ENTRY_BYTES.replace(b'"v":1', b'"v":1.0'),
        ENTRY_BYTES.replace(b'"v":1', b'"v":2'),
        ENTRY_BYTES.replace(b',"v":1', b""),
        ENTRY_BYTES.replace(b'"seq":1', b'"seq":0'),
        ENTRY_BYTES.replace(b'"seq":1', b'"seq":1,"seq":1'),
        ENTRY_BYTES.replace(b'"source":', b'"extra":1,"source":'),
        ENTRY_BYTES.replace(b"T12:00:00.000000Z", b" 12:00"),
        ENTRY_BYTES.replace(b"T12:00", b"T32:00"),
        ENTRY_BYTES.replace(b'offset":60', b'offset":1440'),
        ENTRY_BYTES.replace(b"ab" * 32, b"AB" * 32),
        ENTRY_BYTES.replace(b'"host"', b'"hosT"'),
        b"[" * 100_000,
    ],
)
def test_bytes_that_are_not_exactly_an_entry_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not an entry"):
        decode_entry(data)


@given(st.binary(max_size=60), st.integers(0, len(ENTRY_BYTES)))
def test_no_bytes_can_do_more_than_be_refused(noise: bytes, place: int) -> None:
    data = ENTRY_BYTES[:place] + noise + ENTRY_BYTES[place + len(noise) :]
    try:
        entry = decode_entry(data)
    except ValueError:
        return
    assert encode_entry(entry) == data


def test_two_payloads_of_the_same_facts_differ_by_their_nonce() -> None:
    one, other = (encode_payload(bytes([number]) * 32, {"name": "Dana Reyes"}, "dreyes") for number in (1, 2))
    assert payload_digest(one) != payload_digest(other)
    assert decode_payload(one) == decode_payload(other)


def test_a_lone_surrogate_is_spelled_out() -> None:
    assert json.loads(canonical_bytes({"path": "a\udcffb"})) == {"path": "a\\udcffb"}


@dataclass(frozen=True)
class Sample:
    """Something with a number in it."""

    number: float


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2**53])
def test_a_number_that_json_cannot_hold_exactly_is_refused(number: float) -> None:
    with pytest.raises(CaseError, match="cannot be recorded exactly"):
        canonical_bytes(Sample(number))


def test_an_entry_that_is_too_long_is_refused() -> None:
    with pytest.raises(CaseError, match="too long"):
        encode_entry(replace(ENTRY, host="x" * 70_000))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e15, 1e15) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_canonical_bytes_are_the_canonical_json_of_any_value(value: object) -> None:
    data = canonical_bytes(value)
    assert json.loads(data) == value
    assert rfc8785.dumps(json.loads(data)) == data
