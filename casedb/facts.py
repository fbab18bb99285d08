"""What each kind of entry holds as facts; acquisitions and verifications stand in intake.py.

The fields are part of the ledger's bytes: one may be added with a default, none renamed or taken away.
"""

import re
from dataclasses import dataclass

from image.times import Instant

_PUBLIC = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class PublicKey:
    """The public half of a workstation's key: algorithm and the raw bytes in hex.

    Raises:
        ValueError: not the hex of 32 bytes (RFC 8032, 5.1.5).
    """

    algorithm: str
    public: str

    def __post_init__(self) -> None:
        if _PUBLIC.fullmatch(self.public) is None:
            raise ValueError("a public key is 32 bytes in hex")


@dataclass(frozen=True)
class AppliedMigration:
    """One row of the table that says how far the database's structure is."""

    id: int
    migration_set: str
    name: str
    applied_at: str


@dataclass(frozen=True)
class LedgerOpened:
    """The first entry: the key of the workstation that opened the ledger, the structure the database began with.

    It names nobody, so that nobody can ever ask for its redaction: the key must stay.
    """

    key: PublicKey
    migrations: tuple[AppliedMigration, ...]


@dataclass(frozen=True)
class CaseCreated:
    """The case; `examiner` is the id of a person named before."""

    number: str
    examiner: str
    agency: str | None
    title: str | None
    description: str | None
    legal_authority: str | None


@dataclass(frozen=True)
class CaseClosed:
    """The matter is done: nothing more is told of it."""

    reason: str | None = None


@dataclass(frozen=True)
class CaseReopened:
    """A closed case goes on, and why."""

    reason: str


@dataclass(frozen=True)
class SchemaMigrated:
    """The database's structure was brought up to date; no byte of an earlier entry changed."""

    migrations: tuple[AppliedMigration, ...]


@dataclass(frozen=True)
class Redacted:
    """The payload of entry `sequence` was taken away, by whose order and why.

    `concerns` is the entry that the payload was about: the start of an acquisition, the facts a correction amended.
    """

    sequence: int
    authority: str
    reason: str
    concerns: int | None = None


@dataclass(frozen=True)
class Corrected:
    """Entry `amends` should have said something else: `changes` by field, None for "not recorded"; `at` its time.

    Of a custody event the field `withdrawn` with any text says that it did not happen.
    """

    amends: int
    reason: str
    changes: dict[str, str | None]
    at: Instant | None = None


@dataclass(frozen=True)
class KeyAdded:
    """Another workstation's key, which signs checkpoints from now on.

    Before, it saw that the last checkpoint (its number of entries, 0 without one) was that of the ledger it found.
    """

    key: PublicKey
    checked_size: int


@dataclass(frozen=True)
class KeyRotated:
    """A key that takes the place of another, which signs nothing any more; both signed the same statement (hex)."""

    old: PublicKey
    new: PublicKey
    signed_by_old: str
    signed_by_new: str


def rotation_statement(ledger_id: str, old: PublicKey, new: PublicKey) -> bytes:
    """What both keys of a rotation sign."""
    return f"diskwitness key rotation v1\n{ledger_id}\n{old.public}\n{new.public}\n".encode()


def person_id(sequence: int) -> str:
    """The id of the person whom the entry of this number names."""
    return f"P{sequence}"
