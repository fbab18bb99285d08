"""One segment file of an Ex01, from its file header to its last section; nothing in it is believed.

Every defect becomes a finding with its place, and reading goes on where that is possible.
"""

from collections.abc import Iterator
from dataclasses import replace

from image.errors import ImageNotReadError
from image.ewf.defects import DefectError
from image.ewf2.contents import Ewf2Contents
from image.ewf2.descriptors import FileHeader, Section, decode_file_header, kind_name, method_name
from image.ewf2.layout import (
    FILE_HEADER_BYTES,
    LAST_SECTIONS,
    VERSION,
    CompressionMethod,
    SectionKind,
)
from image.ewf2.section_chain import ChainReader, SectionChain
from image.ewf2.section_reader import SectionReader
from image.finding_list import SegmentFindings
from image.segment_files import FILE_ENDS, SegmentFiles, SegmentReadError

CONVERT = "Convert it to E01 or raw with a tool that reads it, or check the file itself with sha256sum"


class SegmentReader:
    """Reads the sections of one segment into the contents of its set; `number` is its place in the set, from 1."""

    def __init__(self, files: SegmentFiles, index: int, number: int, contents: Ewf2Contents) -> None:
        self._files = files
        self._index = index
        self._number = number
        self._contents = contents
        self._findings = SegmentFindings(contents.findings, files.names[index])
        self._sections = SectionReader(files, index, contents, self._findings)
        self._chain = ChainReader(files, index, self._findings)

    def read(self) -> None:
        """Read the segment from its first byte to its last.

        Raises:
            ImageNotReadError: encrypted, of another version, or compressed in another way.
        """
        try:
            self._read_file_header()
            is_whole = self._read_sections(self._chain.read())
        except SegmentReadError as error:
            code = "section-size" if error.reason == FILE_ENDS else "segment-unreadable"
            self._findings.add(code, error.reason, error.offset_bytes)
            is_whole = False
        if not is_whole:
            self._contents.broken_segments.append(self._index)

    def _read_file_header(self) -> None:
        """Look at the file header; the sections are found without it."""
        size = min(FILE_HEADER_BYTES, self._files.sizes_bytes[self._index])
        try:
            header = decode_file_header(self._files.read(self._index, 0, size))
        except DefectError as defect:
            self._defect(defect, 0)
            return
        known = self._contents.header
        if known is None:
            self._refuse_unknown(header)
            self._contents.header = header
        else:
            self._compare_headers(known, header)
        if header.segment_number != self._number:
            want, have = str(self._number), str(header.segment_number)
            self._findings.add("segment-number", "another segment number", 12, want, have)

    def _refuse_unknown(self, header: FileHeader) -> None:
        """Refuse what is not described: another version, or another compression.

        Raises:
            ImageNotReadError: it is one.
        """
        version = (header.major_version, header.minor_version)
        if version != VERSION:
            raise self._refusal(f"EWF2-Ex01 of version {version[0]}.{version[1]}")
        if header.compression_method not in (CompressionMethod.DEFLATE, CompressionMethod.BZIP2):
            raise self._refusal(f"EWF2-Ex01 with compression {method_name(header.compression_method)}")

    def _compare_headers(self, known: FileHeader, header: FileHeader) -> None:
        """Hold the header of a further segment to that of the first."""
        if header.set_identifier != known.set_identifier:
            want, have = known.set_identifier.hex(), header.set_identifier.hex()
            self._findings.add("set-identifier", "the segment belongs to another set", 16, want, have)
        same = replace(header, segment_number=known.segment_number, set_identifier=known.set_identifier)
        if same != known:
            self._findings.add("file-header", "version or compression is not that of the first segment", 8)

    def _read_sections(self, chain: SectionChain) -> bool:
        """Whether every section could be read."""
        last: Section | None = None
        end = chain.offsets_bytes[-1] if chain.offsets_bytes else 0
        for last in self._placed(chain):
            self._refuse_encrypted(last)
            self._look_at_order(last, end)
            try:
                self._sections.read(last)
            except DefectError as defect:
                self._defect(defect, last.start_bytes)
        self._sections.finish()
        return self._ends(last) and chain.is_whole

    def _placed(self, chain: SectionChain) -> Iterator[Section]:
        """The sections in order; what a damaged descriptor stood for is told from its neighbours."""
        before, start = None, FILE_HEADER_BYTES
        for number, offset in enumerate(chain.offsets_bytes):
            if offset in chain.torn:
                behind = self._chain.section_at(chain.offsets_bytes[number + 1]).kind
                section = Section(_guessed(before, behind), start, offset, offset - start)
            else:
                section = self._chain.section_at(offset)
            yield section
            before, start = section.kind, section.end_bytes

    def _refuse_encrypted(self, section: Section) -> None:
        """Refuse a set whose contents are encrypted.

        Raises:
            ImageNotReadError: it is one.
        """
        if section.is_encrypted:
            raise self._refusal("EWF2-Ex01 with encryption")

    def _look_at_order(self, section: Section, last_offset_bytes: int) -> None:
        """Find sections that stand where they cannot."""
        is_first, is_last = section.start_bytes == FILE_HEADER_BYTES, section.offset_bytes == last_offset_bytes
        if section.kind in LAST_SECTIONS and not is_last:
            detail = f"{kind_name(section.kind)} is not the last section"
            self._findings.add("section-order", detail, section.offset_bytes)
        if is_first and section.kind not in (SectionKind.DEVICE_INFORMATION, None):
            detail = f"{kind_name(section.kind)} is the first section"
            self._findings.add("section-order", detail, section.offset_bytes)

    def _ends(self, last: Section | None) -> bool:
        """Whether the segment ends as one ends, noting whether the set does."""
        if last is None or last.kind not in LAST_SECTIONS:
            self._findings.add("section-order", "the segment does not end with `next` or `done`", 0)
            return False
        if last.kind == SectionKind.DONE:
            if self._contents.done_segment is not None:
                self._findings.add("section-order", "the set has ended before", last.offset_bytes)
            self._contents.done_segment = self._index
        return True

    def _refusal(self, what: str) -> ImageNotReadError:
        """The error for a set that is recognised and not read."""
        return ImageNotReadError(f"{what} is recognised but not read yet", str(self._files.paths[0]), CONVERT)

    def _defect(self, defect: DefectError, offset_bytes: int) -> None:
        """Make the finding of a defect."""
        self._findings.add(defect.code, defect.detail, offset_bytes, defect.expected, defect.found)


def _guessed(before: int | None, behind: int | None) -> int | None:
    """The kind of a section between two others: sector data and sector tables take turns."""
    if before == SectionKind.SECTOR_DATA:
        return SectionKind.SECTOR_TABLE
    return SectionKind.SECTOR_DATA if behind == SectionKind.SECTOR_TABLE else None
