"""The sections of a segment file, found from its last one backwards; where the chain is torn, looked for.

The last descriptor ends the file and each names the one before (specification, "The sections"). A descriptor that
is damaged loses only what it described: the next one in front of it is searched, and believed only where its own
chain is whole to the beginning of the file, since the media may hold an Ex01 too.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from image.ewf.defects import DefectError
from image.ewf2.descriptors import Section, decode_descriptor, placed_section
from image.ewf2.layout import DESCRIPTOR_BYTES, FILE_HEADER_BYTES, LAST_SECTIONS
from image.finding_list import SegmentFindings
from image.segment_files import SegmentFiles

MAXIMUM_SECTIONS = 1024 * 1024
"""More sections than these in one segment are malice: EnCase writes one pair for some 50 MiB."""
MAXIMUM_CANDIDATES = 1000
MAXIMUM_STEPS = 1024 * 1024
WINDOW_BYTES = 1024 * 1024

_SIZE_FIELD = re.compile(rb"\x40\0\0\0(?=.{20}\0{12}.{4})", re.DOTALL)
"""What can be searched fast in a descriptor: its own size, and 12 reserved bytes behind."""
_SIZE_FIELD_OFFSET = 24
_KIND_AND_FLAGS = re.compile(rb"[\x01-\x23]\0\0\0[\0-\x03]\0\0\0")


@dataclass(frozen=True, slots=True)
class SectionChain:
    """Where the descriptors of a segment are, in order; `torn` are those among them that are damaged."""

    offsets_bytes: "array[int]"
    torn: frozenset[int]
    is_whole: bool


class ChainReader:
    """Finds the sections of one segment."""

    def __init__(self, files: SegmentFiles, index: int, findings: SegmentFindings) -> None:
        self._files = files
        self._index = index
        self._size_bytes = files.sizes_bytes[index]
        self._findings = findings
        self._steps = 0

    def read(self) -> SectionChain:
        """The chain from the first section to the last.

        Raises:
            SegmentReadError: the system could not read the file.
        """
        offsets, torn_at = self._followed(self._size_bytes - DESCRIPTOR_BYTES)
        if torn_at is None:
            return SectionChain(_reversed(offsets), frozenset(), is_whole=True)
        rest = self._found_before(torn_at.offset_bytes)
        if self._ends_early(offsets, rest):
            end = rest[0] + DESCRIPTOR_BYTES
            detail = f"{self._size_bytes - end} bytes stand behind the last section"
            self._findings.add("unowned-bytes", detail, end)
            return SectionChain(_reversed(rest), frozenset(), is_whole=True)
        defect = torn_at.defect
        self._findings.add(defect.code, defect.detail, torn_at.offset_bytes, defect.expected, defect.found)
        torn = frozenset({torn_at.offset_bytes}) if rest and offsets else frozenset[int]()
        return SectionChain(_reversed(array("Q", [*offsets, *torn, *rest])), torn, is_whole=False)

    def section_at(self, offset_bytes: int) -> Section:
        """The section whose descriptor stands here.

        Raises:
            DefectError: there can be none.
            SegmentReadError: the system could not read it.
        """
        if offset_bytes < FILE_HEADER_BYTES:
            raise DefectError("section-descriptor", "the file is too short for a section")
        data = self._files.read(self._index, offset_bytes, DESCRIPTOR_BYTES)
        return placed_section(decode_descriptor(data), offset_bytes)

    def _followed(self, offset_bytes: int) -> "tuple[array[int], _Tear | None]":
        """The descriptors from this one back to the first, and the one where the chain is torn."""
        offsets = array("Q")
        while len(offsets) < MAXIMUM_SECTIONS:
            try:
                section = self.section_at(offset_bytes)
            except DefectError as defect:
                return offsets, _Tear(max(offset_bytes, 0), defect)
            offsets.append(offset_bytes)
            if section.start_bytes == FILE_HEADER_BYTES:
                return offsets, None
            offset_bytes = section.start_bytes - DESCRIPTOR_BYTES
        return offsets, _Tear(offset_bytes, DefectError("section-count", f"more than {MAXIMUM_SECTIONS} sections"))

    def _ends_early(self, offsets: "array[int]", rest: "array[int]") -> bool:
        """Whether a whole chain ends in front of the end of the file, with a section that may be the last."""
        return not offsets and bool(rest) and self.section_at(rest[0]).kind in LAST_SECTIONS

    def _found_before(self, end_bytes: int) -> "array[int]":
        """The nearest whole chain in front of this byte, backwards; empty without one."""
        for _, offset in zip(range(MAXIMUM_CANDIDATES), self._candidates(end_bytes), strict=False):
            if self._is_chained(offset):
                return self._followed(offset)[0]
        return array("Q")

    def _candidates(self, end_bytes: int) -> Iterator[int]:
        """Where something like a descriptor stands in front of this byte, backwards."""
        while end_bytes > FILE_HEADER_BYTES:
            start = max(FILE_HEADER_BYTES, end_bytes - WINDOW_BYTES)
            size = min(end_bytes + DESCRIPTOR_BYTES - 1, self._size_bytes) - start
            window = self._files.read(self._index, start, size)
            found = [match.start() - _SIZE_FIELD_OFFSET for match in _SIZE_FIELD.finditer(window)]
            found = [at for at in found if at >= 0 and _KIND_AND_FLAGS.match(window, at)]
            yield from (start + at for at in reversed(found) if start + at < end_bytes)
            end_bytes = start

    def _is_chained(self, offset_bytes: int) -> bool:
        """Whether a whole chain leads from this descriptor to the beginning."""
        while self._steps < MAXIMUM_STEPS:
            self._steps += 1
            try:
                section = self.section_at(offset_bytes)
            except DefectError:
                return False
            if section.start_bytes == FILE_HEADER_BYTES:
                return True
            offset_bytes = section.start_bytes - DESCRIPTOR_BYTES
        return False


@dataclass(frozen=True, slots=True)
class _Tear:
    """Where a chain breaks off, and why."""

    offset_bytes: int
    defect: DefectError


def _reversed(offsets: "array[int]") -> "array[int]":
    """The offsets in the order of the file."""
    offsets.reverse()
    return offsets
