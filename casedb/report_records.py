"""The nouns of the record that are about reports; records.py names them with the others."""

from dataclasses import dataclass

from image.times import Instant


@dataclass(frozen=True)
class IssuedReport:
    """A report that was issued: its kind, file and SHA-256. `exhibit` is None where it is about the whole case.

    `about` is the entry or the template that it is made for, of kinds of which an exhibit can have several.
    """

    sequence: int
    report_id: str
    kind: str
    exhibit: str | None
    issued: Instant
    file: str
    sha256: str
    version: int = 1
    supersedes: str | None = None
    amendment: str | None = None
    about: str | None = None


@dataclass(frozen=True)
class ReportSignature:
    """A signature under a report, as it was recorded; `sha256` is that of the whole signed file."""

    sequence: int
    report_id: str
    role: str
    signer: str
    certificate_sha256: str
    level: str
    file: str
    sha256: str
