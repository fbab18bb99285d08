"""The nouns of custody: people, what can happen to an exhibit, and how things stand with it in between."""

from dataclasses import dataclass
from enum import Enum

from casedb.amendments import Correction
from image.job import ClockFacts
from image.times import Instant


class Role(Enum):
    """What a person is to the case."""

    EXAMINER = "examiner"
    CUSTODIAN = "custodian"
    OFFICER = "officer"
    WITNESS = "witness"


class CustodyKind(Enum):
    """What can happen to an exhibit; acquisitions, copies of images and verifications enter by themselves.

    REDACTED stands for an event whose facts were taken away by order.
    """

    SEIZE = "seize"
    RECEIVE = "receive"
    SEAL = "seal"
    UNSEAL = "unseal"
    TRANSFER = "transfer"
    ACQUIRE = "acquire"
    COPY = "copy"
    VERIFY = "verify"
    RETURN = "return"
    DISPOSE = "dispose"
    REDACTED = "redacted"


class Rehash(Enum):
    """Whether the hash value was computed again when an exhibit changed hands, and what came out."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_DONE = "not-done"


@dataclass(frozen=True)
class Person:
    """Someone named in the record; entries carry `person_id`, the name lives in a payload.

    The name of someone redacted says so, and the role is None.
    """

    person_id: str
    name: str
    role: Role | None
    identifier: str | None = None
    organisation: str | None = None
    phone: str | None = None
    email: str | None = None
    corrections: tuple[Correction, ...] = ()
    redacted_by: int | None = None


@dataclass(frozen=True)
class CustodyEvent:
    """One thing that happened to an exhibit: `at` is when, as told; `recorded` when it was written down.

    `recorded_by` wrote it down: the operator of the program, who need not be any of the people named.
    `performed_by` did it; `verification` is the entry of the verification that `rehash` speaks of. What was
    `withdrawn` by a correction did not happen.
    """

    sequence: int
    exhibit: str
    kind: CustodyKind
    at: Instant
    recorded: Instant
    released_by: Person | None = None
    received_by: Person | None = None
    witness: Person | None = None
    reason: str | None = None
    from_place: str | None = None
    to_place: str | None = None
    seal_out: str | None = None
    seal_in: str | None = None
    condition: str | None = None
    authority: str | None = None
    method: str | None = None
    note: str | None = None
    recorded_by: str | None = None
    performed_by: Person | None = None
    rehash: Rehash | None = None
    verification: int | None = None
    withdrawn: bool = False
    corrections: tuple[Correction, ...] = ()
    redacted_by: int | None = None
    clock: ClockFacts | None = None


@dataclass(frozen=True)
class Standing:
    """How things stand with an exhibit between two events: who holds it, where it is, which seal is on it.

    `is_certain` is False where a redacted event may have changed any of it; `ended_by` is the event with which the
    exhibit left custody.
    """

    begun: bool = False
    keeper: Person | None = None
    ended_by: CustodyEvent | None = None
    place: str | None = None
    seal: str | None = None
    is_certain: bool = True


NOT_BEGUN = Standing()
"""How things stand with an exhibit of which nothing is told yet."""
