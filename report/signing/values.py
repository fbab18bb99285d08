"""What is known of a signed PDF, as values; everything in them may come from a stranger's file."""

from dataclasses import dataclass
from enum import Enum

from casedb.records import Instant


class SigningRole(Enum):
    """In which part someone signs a report; the value is the word of the command line."""

    EXAMINER = "examiner"
    REVIEWER = "reviewer"
    AUTHORISER = "authoriser"

    @property
    def field_name(self) -> str:
        """The name of the signature field."""
        return self.value.capitalize()

    @property
    def certifies(self) -> bool:
        """Whether this signature says what may still change (ISO 32000-1, 12.8.2.2: certification)."""
        return self is SigningRole.EXAMINER


class SignatureLevel(Enum):
    """How long a signature can be checked: with a time, with certificates, with both (ETSI EN 319 142-1, 6)."""

    BASIC = "PAdES-B-B"
    TIMESTAMPED = "PAdES-B-T"
    LONG_TERM = "PAdES-B-LT"
    ARCHIVED = "PAdES-B-LTA"


class Trust(Enum):
    """Whether a certificate leads to one that is believed; what hinders it otherwise."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    """No way leads from it to a certificate that is believed."""
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    REVOKED = "revoked"
    UNFIT = "unfit"
    """It, or one above it, may not be used for this, or by an algorithm that is not believed any more."""


class Changes(Enum):
    """What was added behind a signature (ISO 32000-1, 12.8.2.2)."""

    NONE = "none"
    ALLOWED = "allowed"
    """Signatures, timestamps, and what later checks need."""
    FORBIDDEN = "forbidden"


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate: whose, by whom, its number and SHA-256 in hex, and from and until when."""

    subject: str
    issuer: str
    serial: str
    sha256: str
    not_before: Instant
    not_after: Instant


@dataclass(frozen=True)
class StampFacts:
    """An RFC 3161 timestamp: when, by whom, whether it holds, and whether its maker is known."""

    at: Instant
    certificate: CertificateFacts
    holds: bool
    trust: Trust


@dataclass(frozen=True)
class SignatureFacts:
    """One signature. `revision` counts the updates of the file before it; `covered_bytes` is how far it reaches.

    `holds` says that the covered bytes are those that were signed, by the certificate's key; `problem` why not.
    `claimed_at` is the signer's own word. `detail` tells what changed behind it where that is forbidden.
    """

    field: str
    revision: int
    covered_bytes: int
    certifies: bool
    certificate: CertificateFacts | None
    holds: bool
    problem: str | None
    trust: Trust
    changes: Changes
    detail: str | None = None
    claimed_at: Instant | None = None
    stamp: StampFacts | None = None
    revocation_checked: bool = False
    revocation_named: bool = False


@dataclass(frozen=True)
class DocumentStamp:
    """A timestamp over the whole file as it was (ISO 32000-2, 12.8.5)."""

    field: str
    revision: int
    covered_bytes: int
    stamp: StampFacts
    changes: Changes


@dataclass(frozen=True)
class AttachmentFacts:
    """A file inside the PDF; `problem` where it is not as the PDF says."""

    name: str
    media_type: str | None
    relationship: str | None
    size_bytes: int
    sha256: str
    problem: str | None = None


@dataclass(frozen=True)
class Examination:
    """All that a file says of itself. `problem` tells why it cannot be examined; then nothing else is told.

    `first_bytes` is the length of its first revision, `additions` what stands between that and the first signature
    and belongs to none; `tail` what stands behind its end. `visible` are fields added so that they cover a page.
    """

    problem: str | None = None
    first_bytes: int = 0
    revision_count: int = 0
    signatures: tuple[SignatureFacts, ...] = ()
    stamps: tuple[DocumentStamp, ...] = ()
    attachments: tuple[AttachmentFacts, ...] = ()
    attachments_problem: str | None = None
    checkpoint: str | None = None
    additions: str | None = None
    tail: str | None = None
    visible: tuple[str, ...] = ()
