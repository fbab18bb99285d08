"""What the sections of an Ex01 set hold, gathered segment by segment."""

from dataclasses import dataclass, field

from image.ewf.range_sections import Session
from image.ewf2.descriptors import FileHeader
from image.ewf2.layout import CompressionMethod
from image.ewf2.media_facts import CaseData, DeviceInformation
from image.ewf2.table_index import TableIndex
from image.finding_list import FindingList
from image.sectors import SectorRange


@dataclass
class Ewf2Contents:
    """The set as far as it was read; `digests` are section, algorithm and hex of those it stores of its media."""

    findings: FindingList
    tables: TableIndex = field(default_factory=TableIndex)
    header: FileHeader | None = None
    """The first file header that could be read."""
    device: DeviceInformation | None = None
    case: CaseData | None = None
    digests: list[tuple[str, str, str]] = field(default_factory=list)
    unreadable: tuple[SectorRange, ...] = ()
    sessions: tuple[Session, ...] = ()
    broken_segments: list[int] = field(default_factory=list)
    """Segments of which a section is lost."""
    done_segment: int | None = None

    @property
    def compression_method(self) -> int:
        """How chunks and texts are compressed; deflate where no header could be read."""
        return self.header.compression_method if self.header is not None else CompressionMethod.DEFLATE
