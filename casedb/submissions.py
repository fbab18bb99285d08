"""What people and programs hand in to the record: the facts as they go into payloads.

The fields are part of the ledger's bytes: one may be added with a default, none renamed or taken away. The nouns of
records.py, which name the same things as they are read, may change, and so are classes of their own.
"""

from dataclasses import dataclass, field

from casedb.records import CustodyKind, Rehash, Role
from image.job import ClockFacts
from image.times import Instant


@dataclass(frozen=True)
class Actor:
    """Who writes entries: the person, the machine, the program, and the clock it goes by.

    `name` is who sat at the keyboard and stays in payloads; `person_id` names a person of the record.
    """

    person_id: str | None
    name: str
    role: Role
    host: str
    tool_version: str
    program_sha256: str
    clock_source: str = "system"
    clock_offset_ms: int | None = None


@dataclass(frozen=True)
class NewPerson:
    """Someone to be named in the record."""

    name: str
    role: Role
    identifier: str | None = None
    organisation: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class NewCase:
    """The matter, as it is opened."""

    number: str
    examiner: NewPerson
    agency: str | None = None
    title: str | None = None
    description: str | None = None
    legal_authority: str | None = None


@dataclass(frozen=True)
class NewExhibit:
    """A physical thing seized; `parent` is the reference of the exhibit it was found in."""

    reference: str
    description: str
    kind: str | None = None
    make: str | None = None
    model: str | None = None
    serial: str | None = None
    capacity: str | None = None
    condition: str | None = None
    seal_number: str | None = None
    location: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class NewCustodyEvent:
    """Something that happened to an exhibit at `at`; people by their id, or by a name the record knows once.

    `seal_out` is the number of the seal taken off, `seal_in` of the one put on. `performed_by` did it;
    `verification` is the entry of the verification that `rehash` speaks of. `clock` is what the clocks
    showed when it was recorded.
    """

    exhibit: str
    kind: CustodyKind
    at: Instant
    released_by: str | None = None
    received_by: str | None = None
    witness: str | None = None
    reason: str | None = None
    from_place: str | None = None
    to_place: str | None = None
    seal_out: str | None = None
    seal_in: str | None = None
    condition: str | None = None
    authority: str | None = None
    method: str | None = None
    note: str | None = None
    performed_by: str | None = None
    rehash: Rehash | None = None
    verification: int | None = None
    clock: ClockFacts | None = None


@dataclass(frozen=True)
class NewReport:
    """A report about to be handed out; `exhibit` is None where it is about the whole case.

    `ledger_size` says up to which entry it tells; `settings` whatever else it was made from (language, paper,
    letterhead, version, digests of content and fonts), so that it can be built again. `file` is its path as the
    record keeps paths (image_paths.recorded_path), `sha256` the digest of its bytes.
    """

    report_id: str
    kind: str
    exhibit: str | None
    issued: Instant
    file: str
    sha256: str
    ledger_size: int
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NewSignature:
    """A signature that was put under a report: in which role, whose, and the file that came of it.

    `sha256` is the digest of the whole signed file, `certificate_sha256` of the signer's certificate; `signer` is
    whom it names, `level` how long the signature can be checked, `file` a path as the record keeps it.
    """

    report_id: str
    role: str
    signer: str
    certificate_sha256: str
    level: str
    file: str
    sha256: str
