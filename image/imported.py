"""What an image made elsewhere and its logs state of themselves: facts, each with who says so.

Part of the record, whose rules hold here: a field may be added with a default, none renamed.
"""

from dataclasses import dataclass
from datetime import datetime

IMAGE_HEADER = "image header"
MANIFEST = "manifest"
COMPUTED = "computed now"
A_PERSON = "entered by a person"
ZONE_NOT_STATED = "zone not stated"

FACT_LABELS: dict[str, str] = {
    "program": "Program",
    "system": "Operating system",
    "host": "Host name",
    "case_number": "Case number",
    "exhibit_reference": "Exhibit reference",
    "examiner": "Examiner",
    "description": "Description",
    "notes": "Notes",
    "source": "Source",
    "model": "Model",
    "serial": "Serial number",
    "interface": "Interface",
    "device_label": "Device label",
    "media_type": "Kind of medium",
    "size_bytes": "Size in bytes",
    "sector_size_bytes": "Sector size in bytes",
    "sector_count": "Sectors",
    "started": "Acquisition started",
    "finished": "Acquisition finished",
    "bad_sectors": "Unreadable sectors",
    "state": "How it ended",
    "command_line": "Command line",
    "self_verification": "Verified by its own program",
    "hidden_areas": "Hidden areas",
    "write_blocker": "Hardware write blocker",
}
"""Name of a fact in the record -> its label on screens and in reports."""
TIMES = frozenset({"started", "finished"})
NUMBERS = frozenset({"size_bytes", "sector_size_bytes", "sector_count", "bad_sectors"})


@dataclass(frozen=True, slots=True)
class StatedFact:
    """One fact, its value as text, and where it comes from; `name` is one of FACT_LABELS.

    Numbers are decimal digits. Times are ISO 8601, without an offset where none was stated; what is no time stands
    as it was written.
    """

    name: str
    value: str
    origin: str

    @property
    def label(self) -> str:
        """What a reader calls it."""
        return FACT_LABELS.get(self.name, self.name)

    @property
    def text(self) -> str:
        """The value as a person reads it: of a time, whether its zone is known."""
        return (
            f"{self.value} ({ZONE_NOT_STATED})" if self.name in TIMES and not has_zone(self.value) else self.value
        )


@dataclass(frozen=True, slots=True)
class ImportedLog:
    """A log or map that came with an image: its name, SHA-256, size, and the program that wrote it, if known."""

    file: str
    sha256: str
    size_bytes: int
    program: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two who say different things of one fact."""

    name: str
    one: StatedFact
    other: StatedFact

    def __str__(self) -> str:
        """The disagreement as a warning."""
        label = FACT_LABELS.get(self.name, self.name)
        return f"{label}: {self.one.origin} says {self.one.value!r}, {self.other.origin} says {self.other.value!r}"


def has_zone(value: str) -> bool:
    """Whether a time says how far from UTC it is."""
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
