"""What is attached to a report: files that bear it out, as values."""

from dataclasses import dataclass
from enum import Enum


class Relationship(Enum):
    """What a file is to the report (ISO 19005-3, annex E); the value is the name a PDF knows."""

    SOURCE = "Source"
    DATA = "Data"
    SUPPLEMENT = "Supplement"


@dataclass(frozen=True)
class Attachment:
    """One file: its plain name without folders, its media type, what it is to the report, and its bytes."""

    name: str
    media_type: str
    relationship: Relationship
    description: str
    content: bytes
