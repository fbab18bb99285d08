"""The contents of each section of an E01, read into what is known of the set."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from image.ewf.defects import DefectError
from image.ewf.digest_sections import (
    DIGEST_BYTES,
    HASH_BYTES,
    StoredDigests,
    decode_digest,
    decode_hash,
    decode_xhash,
)
from image.ewf.header import CaseHeader, decode_header, decode_header2
from image.ewf.header_xml import decode_xheader
from image.ewf.layout import CHECKSUM_BYTES, seal
from image.ewf.range_sections import (
    MAXIMUM_ERROR2_BYTES,
    MAXIMUM_ERROR2_ENTRIES,
    Session,
    decode_error2,
    decode_session,
)
from image.ewf.sections import (
    DESCRIPTOR_BYTES,
    SHORT_VOLUME_BYTES,
    VOLUME_BYTES,
    Volume,
    decode_volume,
    differing_fields,
)
from image.ewf.table_index import TableIndex
from image.ewf.table_reader import TableReader
from image.finding_list import FindingList, SegmentFindings
from image.sectors import SectorRanges, compact_ranges
from image.segment_files import SegmentFiles

MAXIMUM_SECTION_BYTES = 4 * 1024 * 1024
MAXIMUM_TEXT_BYTES = 16 * 1024 * 1024
MAXIMUM_DIGEST_SECTIONS = 1000
MAXIMUM_HEADERS = 20
"""That differ: each may inflate to 16 MiB of text, which takes a tenth of a second to read."""
MAXIMUM_ERROR2_SECTIONS = 100
INCOMPLETE = "incomplete"
_HEADER_DECODERS = {"header": decode_header, "header2": decode_header2, "xheader": decode_xheader}
NO_CHECKSUM = bytes(CHECKSUM_BYTES)


@dataclass
class EwfContents:
    """What the sections of a set hold, gathered segment by segment."""

    findings: FindingList
    tables: TableIndex = field(default_factory=TableIndex)
    volume: Volume | None = None
    volume_data: bytes = b""
    """The section that `volume` was read from, as it is stored."""
    headers: dict[str, tuple[bytes, CaseHeader]] = field(default_factory=dict)
    """The first header of each type, as it is stored and what it says."""
    text_bytes: int = 0
    """The bytes of all header and session sections read so far."""
    stated_sizes: Counter[bool] = field(default_factory=Counter)
    """How many sections state their own size, and how many do not."""
    digests: list[tuple[str, StoredDigests]] = field(default_factory=list)
    unreadable: SectorRanges = field(default_factory=lambda: compact_ranges(()))
    error2_count: int = 0
    header_count: int = 0
    sessions: tuple[Session, ...] = ()
    broken_segments: list[int] = field(default_factory=list)
    """Segments whose chain of sections breaks off: what follows there is lost."""
    done_segment: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One section being read: its descriptor and where it and its contents lie, in bytes of the segment file."""

    kind: str
    offset_bytes: int
    end_bytes: int
    is_last: bool = False

    @property
    def contents_offset_bytes(self) -> int:
        """Where its contents begin."""
        return self.offset_bytes + DESCRIPTOR_BYTES

    @property
    def contents_bytes(self) -> int:
        """How many bytes of contents it has."""
        return self.end_bytes - self.contents_offset_bytes


class SectionReader:
    """Reads sections of one segment."""

    def __init__(self, files: SegmentFiles, index: int, contents: EwfContents, findings: SegmentFindings) -> None:
        self._files = files
        self._index = index
        self._contents = contents
        self._findings = findings
        self._tables = TableReader(files, index, contents.tables, findings)
        self._readers: dict[str, Callable[[Section], None]] = {
            "header": self._read_header,
            "header2": self._read_header,
            "xheader": self._read_header,
            "volume": self._read_volume,
            "disk": self._read_volume,
            "data": self._read_volume,
            "sectors": self._tables.read_sectors,
            "table": self._tables.read_table,
            "table2": self._tables.read_copy,
            "digest": self._read_digests,
            "hash": self._read_digests,
            "xhash": self._read_digests,
            "error2": self._read_error2,
            "session": self._read_session,
            INCOMPLETE: self._read_incomplete,
        }

    def read(self, section: Section) -> None:
        """Read one section.

        Raises:
            DefectError: its contents are not what the format says.
            SegmentReadError: the system could not read it.
        """
        self._readers.get(section.kind, self._read_unknown)(section)

    def finish(self) -> None:
        """Say that the segment ends here."""
        self._tables.finish()

    def _contents_of(
        self, section: Section, exact_bytes: int | None = None, maximum_bytes: int = MAXIMUM_SECTION_BYTES
    ) -> bytes:
        """The contents of a small section; what reaches behind `exact_bytes` belongs to nobody.

        Raises:
            DefectError: `section-large`: larger than is ever read at once.
        """
        if section.contents_bytes > maximum_bytes:
            raise DefectError("section-large", f"{section.kind} has {section.contents_bytes} bytes")
        size = section.contents_bytes
        if exact_bytes is not None and size > exact_bytes:
            offset = section.contents_offset_bytes + exact_bytes
            self._findings.add("unowned-bytes", f"{size - exact_bytes} bytes stand behind the contents", offset)
            size = exact_bytes
        return self._files.read(self._index, section.contents_offset_bytes, size)

    def _text_of(self, section: Section) -> bytes:
        """The contents of a section of which a set has few.

        Raises:
            DefectError: `section-large`: this one, or all of them together.
        """
        self._contents.text_bytes += section.contents_bytes
        if self._contents.text_bytes > MAXIMUM_TEXT_BYTES:
            raise DefectError(
                "section-large", f"{self._contents.text_bytes} bytes of headers and sessions in the set"
            )
        return self._contents_of(section)

    def _read_header(self, section: Section) -> None:
        """Case data; a copy must be the same to the byte, another form must tell the same."""
        data, known = self._text_of(section), self._contents.headers.get(section.kind)
        if known is not None and known[0] == data:
            return
        self._contents.header_count += 1
        if self._contents.header_count > MAXIMUM_HEADERS:
            raise DefectError("section-large", f"more than {MAXIMUM_HEADERS} different headers")
        header = _HEADER_DECODERS[section.kind](data)
        if known is None:
            self._contents.headers[section.kind] = (data, header)
        else:
            self._findings.add("header-section", f"two {section.kind} sections differ", section.offset_bytes)

    def _read_volume(self, section: Section) -> None:
        """A description of the media; the first one counts, every other must be the same."""
        short = section.contents_bytes < VOLUME_BYTES
        data = self._contents_of(section, SHORT_VOLUME_BYTES if short else VOLUME_BYTES)
        if section.kind == "data" and data[-CHECKSUM_BYTES:] == NO_CHECKSUM and len(data) == VOLUME_BYTES:
            data = self._without_checksum(data, section)
        volume, known = decode_volume(data), self._contents.volume
        if known is not None and volume != known:
            names = differing_fields(volume, known)
            code = "set-identifier" if "set_identifier" in names else "volume-disagreement"
            detail = f"{section.kind} and the first description of the media disagree: {', '.join(names)}"
            self._findings.add(code, detail, section.offset_bytes)
        # libewf of 2015 to 2018 left the volume of large sets without its numbers (libyal/libewf, issue 104).
        if known is None or (known != volume and known.sector_count == known.chunk_count == 0):
            self._contents.volume, self._contents.volume_data = volume, data

    def _without_checksum(self, data: bytes, section: Section) -> bytes:
        """The data section of old Logicube devices with the checksum it lacks (specification, "Data section").

        Raises:
            DefectError: `volume-section`: there is no volume section that says the same.
        """
        sealed = seal(data[:-CHECKSUM_BYTES])
        if sealed == data:
            return data
        if self._contents.volume is None:
            raise DefectError("volume-section", "a data section without checksum, and nothing that says the same")
        self._findings.add("checksum-absent", "the data section stores no checksum", section.offset_bytes)
        odd = [
            index
            for index, pair in enumerate(zip(sealed, self._contents.volume_data, strict=False))
            if len({*pair}) > 1
        ]
        if odd and odd[0] < len(data) - CHECKSUM_BYTES:
            offset = section.contents_offset_bytes + odd[0]
            self._findings.add("unowned-bytes", "without checksum, and not as in the volume section", offset)
        return sealed

    def _read_digests(self, section: Section) -> None:
        """A digest that the image stores of its media."""
        if section.kind == "hash":
            digests = StoredDigests(md5=decode_hash(self._contents_of(section, HASH_BYTES)).md5)
        elif section.kind == "digest":
            digests = decode_digest(self._contents_of(section, DIGEST_BYTES))
        else:
            digests = decode_xhash(self._contents_of(section))
        if len(self._contents.digests) == MAXIMUM_DIGEST_SECTIONS:
            raise DefectError("section-large", f"more than {MAXIMUM_DIGEST_SECTIONS} sections store digests")
        self._contents.digests.append((section.kind, digests))

    def _read_error2(self, section: Section) -> None:
        """The sectors that could not be read at the acquisition."""
        contents = self._contents
        ranges = decode_error2(self._contents_of(section, maximum_bytes=MAXIMUM_ERROR2_BYTES))
        contents.error2_count += 1
        if contents.error2_count > MAXIMUM_ERROR2_SECTIONS:
            raise DefectError("section-large", f"more than {MAXIMUM_ERROR2_SECTIONS} sections of type error2")
        if len(contents.unreadable) + len(ranges) > MAXIMUM_ERROR2_ENTRIES:
            raise DefectError("section-large", f"more than {MAXIMUM_ERROR2_ENTRIES} entries of error2")
        contents.unreadable = contents.unreadable.and_then(ranges)

    def _read_session(self, section: Section) -> None:
        """The sessions of an optical disc."""
        self._contents.sessions += decode_session(self._text_of(section))

    def _read_incomplete(self, section: Section) -> None:
        """The sign of an acquisition that broke off (specification, "Incomplete section")."""
        self._findings.add("section-incomplete", "an `incomplete` section", section.offset_bytes)

    def _read_unknown(self, section: Section) -> None:
        """A type that no known dialect has."""
        self._findings.add("section-unknown", f"a section of type {section.kind!r}", section.offset_bytes)
