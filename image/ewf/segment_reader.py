"""One segment file of an E01, from its file header to its last section; nothing in it is believed.

Every defect becomes a finding with its place, and reading goes on where that is possible. Sizes are bounded by
the file before anything is read (specification, "Section descriptor", "Corruption scenarios").
"""

from image.ewf.defects import DefectError
from image.ewf.section_reader import INCOMPLETE, EwfContents, Section, SectionReader
from image.ewf.sections import (
    DESCRIPTOR_BYTES,
    FILE_HEADER_BYTES,
    LAST_SECTIONS,
    SectionDescriptor,
    decode_descriptor,
    decode_file_header,
)
from image.finding_list import SegmentFindings
from image.segment_files import FILE_ENDS, SegmentFiles, SegmentReadError


class SegmentReader:
    """Reads the sections of one segment into the contents of its set; `number` is its place in the set, from 1."""

    def __init__(self, files: SegmentFiles, index: int, number: int, contents: EwfContents) -> None:
        self._files = files
        self._index = index
        self._number = number
        self._contents = contents
        self._size_bytes = files.sizes_bytes[index]
        self._findings = SegmentFindings(contents.findings, files.names[index])
        self._sections = SectionReader(files, index, contents, self._findings)

    def read(self) -> None:
        """Read the segment from its first byte to its last."""
        try:
            is_whole = self._read_file_header() and self._read_sections()
        except SegmentReadError as error:
            code = "segment-truncated" if error.reason == FILE_ENDS else "segment-unreadable"
            self._findings.add(code, error.reason, error.offset_bytes)
            is_whole = False
        if not is_whole:
            self._contents.broken_segments.append(self._index)

    def _read_file_header(self) -> bool:
        """Whether sections follow: a damaged header costs nothing but itself.

        Specification: "Corrupted segment file header".
        """
        size = min(FILE_HEADER_BYTES, self._size_bytes)
        try:
            header = decode_file_header(self._files.read(self._index, 0, size))
        except DefectError as defect:
            self._defect(defect, 0)
            return self._descriptor_at(FILE_HEADER_BYTES) is not None
        if header.segment_number != self._number:
            self._findings.add(
                "segment-number", "another segment number", 9, str(self._number), str(header.segment_number)
            )
        return True

    def _read_sections(self) -> bool:
        """Whether the chain of sections reaches its end."""
        offset = FILE_HEADER_BYTES
        while (section := self._next_section(offset)) is not None:
            if section.kind not in LAST_SECTIONS:
                self._read_section(section)
            if section.is_last:
                self._end_segment(section)
                return True
            offset = section.end_bytes
        return False

    def _read_section(self, section: Section) -> None:
        """Read the contents of a section; a defect of one does not end the chain."""
        try:
            self._sections.read(section)
        except DefectError as defect:
            self._defect(defect, section.offset_bytes)

    def _next_section(self, offset_bytes: int) -> Section | None:
        """The section that begins here, or None with a finding where there can be none."""
        if offset_bytes + DESCRIPTOR_BYTES > self._size_bytes:
            self._findings.add("segment-truncated", "the file ends where a section should begin", offset_bytes)
            return None
        try:
            descriptor = decode_descriptor(self._files.read(self._index, offset_bytes, DESCRIPTOR_BYTES))
        except DefectError as defect:
            self._defect(defect, offset_bytes)
            return None
        if descriptor.kind in LAST_SECTIONS:
            return self._last_section(descriptor, offset_bytes)
        if descriptor.kind == INCOMPLETE and descriptor.next_offset_bytes == offset_bytes:
            return self._incomplete_end(descriptor, offset_bytes)
        return self._bounded_section(descriptor, offset_bytes)

    def _bounded_section(self, descriptor: SectionDescriptor, offset_bytes: int) -> Section | None:
        """A section with both of its sizes looked at (specification, "Dual image")."""
        end = descriptor.next_offset_bytes
        if end < offset_bytes + DESCRIPTOR_BYTES:
            self._findings.add(
                "section-loop", f"{descriptor.kind} names byte {end} as the next section", offset_bytes
            )
            return None
        self._compare_sizes(descriptor, offset_bytes)
        if end > self._size_bytes:
            detail = f"{descriptor.kind} reaches to byte {end} of a file of {self._size_bytes}"
            self._findings.add("segment-truncated", detail, offset_bytes)
            return None
        return Section(descriptor.kind, offset_bytes, end)

    def _compare_sizes(self, descriptor: SectionDescriptor, offset_bytes: int) -> None:
        """Hold the size of a section against the place of the next one: two readers may go different ways."""
        stated, led = descriptor.size_bytes, descriptor.next_offset_bytes - offset_bytes
        self._contents.stated_sizes[bool(stated)] += 1
        if stated in (led, 0):
            return
        detail = f"size of {descriptor.kind} and next offset disagree"
        if self._descriptor_at(offset_bytes + stated) is not None:
            detail += "; sound sections stand at both places"
        self._findings.add("dual-image", detail, offset_bytes, str(led), str(stated))

    def _descriptor_at(self, offset_bytes: int) -> SectionDescriptor | None:
        """The sound descriptor that stands here, if one does."""
        if not FILE_HEADER_BYTES <= offset_bytes <= self._size_bytes - DESCRIPTOR_BYTES:
            return None
        try:
            return decode_descriptor(self._files.read(self._index, offset_bytes, DESCRIPTOR_BYTES))
        except DefectError:
            return None

    def _incomplete_end(self, descriptor: SectionDescriptor, offset_bytes: int) -> Section:
        """An `incomplete` section that ends the segment (specification, "Incomplete section")."""
        end = offset_bytes + max(descriptor.size_bytes, DESCRIPTOR_BYTES)
        return Section(descriptor.kind, offset_bytes, min(end, self._size_bytes), is_last=True)

    def _last_section(self, descriptor: SectionDescriptor, offset_bytes: int) -> Section:
        """`next` or `done`: it points to itself, SMART behind itself; its size is 0 or its own."""
        end = offset_bytes + DESCRIPTOR_BYTES
        if descriptor.next_offset_bytes not in (offset_bytes, end) or descriptor.size_bytes not in (
            0,
            end - offset_bytes,
        ):
            detail = f"{descriptor.kind} names byte {descriptor.next_offset_bytes} as the next section"
            self._findings.add("section-size", detail, offset_bytes)
        return Section(descriptor.kind, offset_bytes, end, is_last=True)

    def _end_segment(self, section: Section) -> None:
        """Note how the segment ends, and what stands behind."""
        self._sections.finish()
        rest = self._size_bytes - section.end_bytes
        if rest:
            self._findings.add("unowned-bytes", f"{rest} bytes stand behind the last section", section.end_bytes)
        if section.kind == "done":
            if self._contents.done_segment is not None:
                self._findings.add("section-order", "the set has ended before", section.offset_bytes)
            self._contents.done_segment = self._index

    def _defect(self, defect: DefectError, offset_bytes: int) -> None:
        """Make the finding of a defect."""
        self._findings.add(defect.code, defect.detail, offset_bytes, defect.expected, defect.found)
