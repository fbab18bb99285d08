"""Timestamps of checkpoints (RFC 3161) as facts, as rows, and as what the record can tell of them.

A token is over the SHA-256 of a checkpoint's exact text. A later checkpoint covers all that lies before it, so the
newest one that has a token is all that counts; what waits for one is the newest checkpoint without.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from casedb.rows import Row, Written, moment, row
from image.times import Instant

TABLE = "timestamps"
NONCE_BYTES = 8
MAXIMUM_TOKEN_BYTES = 256 * 1024


@dataclass(frozen=True)
class TimestampRecorded:
    """An authority's answer for the checkpoint of `checkpoint_size` entries.

    `token` is the whole answer (RFC 3161 TimeStampResp, DER) in Base 64, `nonce` what was asked with, in hex;
    `stamped` is the time in it and `stamping_authority` the subject of the certificate that signed it.
    """

    checkpoint_size: int
    token: str
    nonce: str
    stamped: Instant
    stamping_authority: str


def imprint_of(note: str) -> bytes:
    """What an authority signs of a checkpoint: the SHA-256 of its exact text."""
    return hashlib.sha256(note.encode("utf-8", "surrogateescape")).digest()


def token_bytes(facts: TimestampRecorded) -> bytes:
    """The authority's answer.

    Raises:
        ValueError: not Base 64, or too long.
    """
    try:
        data = base64.b64decode(facts.token, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"its token is not Base 64 ({error})") from error
    if len(data) > MAXIMUM_TOKEN_BYTES:
        raise ValueError("its token is too long")
    return data


def timestamp_rows(written: Written, facts: TimestampRecorded) -> Iterable[Row]:
    """The row of one timestamp; the token itself stays in the payload."""
    yield row(
        TABLE,
        sequence=written.entry.seq,
        checkpoint_size=facts.checkpoint_size,
        stamping_authority=facts.stamping_authority,
        **moment("stamped", facts.stamped),
    )
