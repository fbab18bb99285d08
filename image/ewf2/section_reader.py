"""The contents of each section of an Ex01, read into what is known of the set."""

from collections.abc import Callable, Mapping

from image.ewf.defects import DefectError
from image.ewf2.contents import Ewf2Contents
from image.ewf2.descriptors import Section, kind_name
from image.ewf2.integrity import require_hash, section_md5
from image.ewf2.layout import MAXIMUM_PADDING_BYTES, SectionKind
from image.ewf2.media_facts import CaseData, DeviceInformation, case_data, device_information
from image.ewf2.object_text import decode_object, decode_text
from image.ewf2.range_tables import decode_error_table, decode_md5, decode_session_table, decode_sha1
from image.ewf2.table_reader import TableReader
from image.finding_list import SegmentFindings
from image.segment_files import SegmentFiles

MAXIMUM_SECTION_BYTES = 4 * 1024 * 1024
WALKED = frozenset({SectionKind.SECTOR_DATA, SectionKind.SECTOR_TABLE})
"""The kinds whose data are looked at when the media is walked."""
_DEVICE_NOTES = frozenset({"drive_type", "is_physical", "model", "serial", "label"})
_CASE_FACTS = frozenset({"sectors_per_chunk", "chunk_count", "compression_method"})


class SectionReader:
    """Reads sections of one segment."""

    def __init__(self, files: SegmentFiles, index: int, contents: Ewf2Contents, findings: SegmentFindings) -> None:
        self._files = files
        self._index = index
        self._contents = contents
        self._findings = findings
        self._tables = TableReader(files, index, contents.tables, findings)
        self._seen: set[int] = set()
        self._readers: Mapping[int, Callable[[Section], None]] = {
            SectionKind.DEVICE_INFORMATION: self._read_device,
            SectionKind.CASE_DATA: self._read_case,
            SectionKind.SECTOR_DATA: self._tables.read_sectors,
            SectionKind.SECTOR_TABLE: self._tables.read_table,
            SectionKind.ERROR_TABLE: self._read_error_table,
            SectionKind.SESSION_TABLE: self._read_session_table,
            SectionKind.INCREMENT_DATA: self._read_text,
            SectionKind.MD5_HASH: self._read_md5,
            SectionKind.SHA1_HASH: self._read_sha1,
            SectionKind.RESTART_DATA: self._read_text,
            SectionKind.MEMORY_EXTENTS_TABLE: self._read_memory_extents,
            SectionKind.ANALYTICAL_DATA: self._read_text,
            SectionKind.NEXT: self._read_empty,
            SectionKind.DONE: self._read_empty,
        }

    def read(self, section: Section) -> None:
        """Read one section.

        Raises:
            DefectError: its contents are not what the format says.
            SegmentReadError: the system could not read it.
        """
        kind = section.kind if section.kind is not None else 0
        if section.unknown_flags:
            detail = f"{kind_name(section.kind)} with unknown flags {section.unknown_flags:#x}"
            self._findings.add("section-unknown", detail, section.offset_bytes)
        if kind not in WALKED:
            self._tables.finish()
            self._check_hash(section)
            self._look_behind(section)
            self._look_twice(section)
        self._readers.get(kind, self._read_unknown)(section)

    def finish(self) -> None:
        """Say that the segment ends here."""
        self._tables.finish()
        for kind in (SectionKind.DEVICE_INFORMATION, SectionKind.CASE_DATA):
            if kind not in self._seen:
                self._findings.add("volume-section", f"the segment has no {kind_name(kind)}", 0)

    def _check_hash(self, section: Section) -> None:
        """Compare the data of a section with the MD5 that its descriptor stores."""
        if section.integrity_hash is not None:
            computed = section_md5(self._files, self._index, section.start_bytes, section.data_bytes)
            try:
                require_hash(section.integrity_hash, computed, kind_name(section.kind))
            except DefectError as defect:
                self._findings.add(defect.code, defect.detail, section.start_bytes, defect.expected, defect.found)

    def _look_behind(self, section: Section) -> None:
        """Find bytes between the data of a section and its descriptor."""
        rest = section.offset_bytes - section.start_bytes - section.data_bytes
        if rest:
            where = section.start_bytes + section.data_bytes
            self._findings.add("unowned-bytes", f"{rest} bytes stand behind the data of a section", where)

    def _look_twice(self, section: Section) -> None:
        """Find a second section of a kind that a segment has once."""
        kind = section.kind
        if kind is not None:
            if kind in self._seen:
                self._findings.add("section-order", f"a second {kind_name(kind)}", section.offset_bytes)
            self._seen.add(kind)

    def _data_of(self, section: Section) -> bytes:
        """The data of a small section, padding included.

        Raises:
            DefectError: `section-large`: larger than is ever read at once.
        """
        if section.data_bytes > MAXIMUM_SECTION_BYTES:
            raise DefectError("section-large", f"{kind_name(section.kind)} has {section.data_bytes} bytes")
        return self._files.read(self._index, section.start_bytes, section.data_bytes)

    def _text(self, section: Section, code: str) -> str:
        """The text of a section; bytes behind it must be padding.

        Raises:
            DefectError: carries `code`: it does not decompress.
        """
        method = self._contents.compression_method
        found = decode_text(self._data_of(section), section.padding_bytes, method, code)
        where = section.start_bytes + section.data_bytes - len(found.padding)
        if any(found.padding) or len(found.padding) > MAXIMUM_PADDING_BYTES:
            detail = f"{len(found.padding)} bytes behind the text are no padding"
            self._findings.add("unowned-bytes", detail, where)
        elif len(found.padding) != section.padding_bytes:
            want, have = str(section.padding_bytes), str(len(found.padding))
            self._findings.add("padding-size", f"padding of {kind_name(section.kind)}", where, want, have)
        return found.text

    def _read_device(self, section: Section) -> None:
        """The drive; the first description counts, every other must be the same."""
        device = device_information(decode_object(self._text(section, "volume-section"), "volume-section"))
        known = self._contents.device
        if known is None:
            self._contents.device = device
        elif known != device:
            self._differs(section, _differing(known, device) <= _DEVICE_NOTES)

    def _read_case(self, section: Section) -> None:
        """The case data; the first counts, every other must be the same."""
        case = case_data(decode_object(self._text(section, "header-section"), "header-section"))
        known = self._contents.case
        if known is None:
            self._contents.case = case
        elif known != case:
            self._differs(section, not _differing(known, case) & _CASE_FACTS)

    def _differs(self, section: Section, only_texts: bool) -> None:
        """Make the finding of a section that is not that of the segments before."""
        code = "header-disagreement" if only_texts else "volume-disagreement"
        detail = f"{kind_name(section.kind)} is not that of the segments before"
        self._findings.add(code, detail, section.start_bytes)

    def _read_md5(self, section: Section) -> None:
        """The MD5 that the image stores of its media."""
        self._keep_digest("md5", decode_md5(self._data_of(section)))

    def _read_sha1(self, section: Section) -> None:
        """The SHA-1 that the image stores of its media."""
        self._keep_digest("sha1", decode_sha1(self._data_of(section)))

    def _keep_digest(self, algorithm: str, digest: bytes) -> None:
        """Keep a digest; all zero means that none is stored."""
        if any(digest):
            self._contents.digests.append((f"{algorithm} hash", algorithm, digest.hex()))

    def _read_error_table(self, section: Section) -> None:
        """The sectors that could not be read at the acquisition."""
        self._contents.unreadable += decode_error_table(self._data_of(section))

    def _read_session_table(self, section: Section) -> None:
        """The sessions of an optical disc."""
        self._contents.sessions += decode_session_table(self._data_of(section))

    def _read_text(self, section: Section) -> None:
        """A text that says nothing of the media: only its checksum is looked at, which its compression has."""
        if section.data_bytes:
            self._text(section, "header-section")

    def _read_memory_extents(self, section: Section) -> None:
        """Where memory was read from: nothing but the MD5 of the section protects it."""
        if not section.is_guarded:
            self._read_unknown(section)

    def _read_empty(self, section: Section) -> None:
        """A section that marks an end; data in it belong to nobody."""
        if section.data_bytes:
            detail = f"{section.data_bytes} bytes in {kind_name(section.kind)}"
            self._findings.add("unowned-bytes", detail, section.start_bytes)

    def _read_unknown(self, section: Section) -> None:
        """A kind whose contents no specification describes."""
        self._findings.add("section-unknown", kind_name(section.kind), section.offset_bytes)


def _differing(known: DeviceInformation | CaseData, other: DeviceInformation | CaseData) -> frozenset[str]:
    """The names of the values that are not the same."""
    names = type(known).__dataclass_fields__
    return frozenset(name for name in names if getattr(known, name) != getattr(other, name))
