"""Whether an image that is converted is what it should be: looked at before, while and after it is read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from acquire.event_kinds import EventKind
from acquire.image_source import ImageReader
from acquire.request import Conclusion
from acquire.rescue_image import not_tried_findings
from image.badmap import BadSectorMap, SectorState
from image.errors import DiskwitnessError, ImageNotReadError, StoppedError
from image.finding_list import FindingList
from image.findings import Finding, Severity, finding
from image.read_record import JobEvent
from image.sectors import SectorRange
from image.times import Clock
from verify.comparisons import compare_files, compare_manifest, compare_map, compare_media_digests
from verify.walk import WalkResult
from workflow.recorded_manifest import recorded_findings
from workflow.source_image import SourceToConvert

if TYPE_CHECKING:
    from casedb.case_store import CaseStore

TOLERATED = frozenset({"nothing-to-compare", "sectors-not-tried", "source-damaged"})
"""What leaves the verdict on an image open without making its media doubtful."""
CARRIED = frozenset({"sectors-not-tried", "source-damaged", "rescue-taken-over"})
"""Findings of an acquisition that are true of every copy of what it read."""
DECODED_BY_OTHERS = frozenset({"virtual-disk", "virtual-size", "virtual-state"})
"""Notes on the source itself that say where its media comes from."""
COMPARISONS_TOLD = 20


class DamagedImageError(DiskwitnessError):
    """An image disagrees with itself or with what is recorded of it; `findings` say in what way."""

    exit_code: ClassVar[int] = 6

    def __init__(self, what: str, where: str, do: str, findings: tuple[Finding, ...]) -> None:
        super().__init__(what, where, do)
        self.findings = findings


class DoubtfulImageError(DamagedImageError):
    """Of an image something is missing or could not be checked; `findings` say what."""

    exit_code: ClassVar[int] = 7


@dataclass(frozen=True)
class SourceCheck:
    """The check of one image while it is converted; with `accepts_damage` nothing is refused, and all is told."""

    source: SourceToConvert
    accepts_damage: bool
    clock: Clock

    def begin(self, path: str, store: "CaseStore | None") -> None:
        """Compare all that can be compared before the media is read.

        Raises:
            DamagedImageError: the image is damaged or something of it is missing.
            ImageNotReadError: damage is accepted, but it is not known where what is left belongs.
        """
        image, manifest = self.source.image, self.source.manifest
        unread = WalkResult(False, {}, {}, (None,) * len(image.files))
        if manifest is not None:
            compare_manifest(image, manifest, self.source.promises, unread)
        if self.source.bad_map is not None:
            compare_map(image, self.source.bad_map, manifest)
        acquisition = store.find_acquisition(self.source.image.files.paths[0]) if store is not None else None
        if acquisition is not None:
            known = self.source.found.sha256 if self.source.found is not None else None
            image.findings.extend(recorded_findings(known, acquisition))
        if refusal := self.refusal(path):
            raise refusal
        if not image.media_size_bytes or (image.segments.missing and not any(image.segment_ranges())):
            raise ImageNotReadError("it is not known where the media that is left belongs", path)

    def look(self) -> None:
        """Look at what was found so far.

        Raises:
            StoppedError: the image is damaged and must not be.
        """
        if self.accepts_damage or not self.source.image.findings.has_doubts():
            return
        for item in self.doubts():
            raise StoppedError(f"the source image is damaged: {_told(item)}")

    def doubts(self) -> tuple[Finding, ...]:
        """What was found that makes the media of the image doubtful."""
        return tuple(
            item
            for item in self.source.image.findings.as_tuple()
            if item.severity is not Severity.NOTE and item.code not in TOLERATED
        )

    def refusal(self, path: str) -> DamagedImageError | None:
        """The error that says why the image is not converted; None where it is."""
        doubts = self.doubts()
        if not doubts or self.accepts_damage:
            return None
        failures = [item for item in doubts if item.severity is Severity.FAILURE]
        kind, first = (DamagedImageError, failures[0]) if failures else (DoubtfulImageError, doubts[0])
        what = f"the image is {'damaged' if failures else 'not whole'} and not converted: {_told(first)}"
        do = "`diskwitness verify` tells all of it; --accept-damage converts it all the same, to another OUTPUT"
        return kind(what, path, do, self.source.image.findings.as_tuple())

    def conclude(self, reader: ImageReader, digests: dict[str, str]) -> Conclusion:
        """Compare the digests of what was read with every promise; what the image made of it is to say of it.

        Raises:
            StoppedError: they are not as promised, and damage is not accepted.
        """
        image, promises = self.source.image, self.source.promises
        stored = reader.stored_digests() or digests
        of_file = {(0, name): value for name, value in stored.items()} if self.source.is_one_raw_file else {}
        walk = WalkResult(True, stored, of_file, (None,) * len(image.files))
        compare_media_digests(image, walk, promises)
        compare_files(image, of_file, promises)
        if reader.damaged and not self.doubts():
            image.findings.add("media-missing", "not all of the media could be read", sectors=reader.damaged[0])
        self.look()
        event = JobEvent(self.clock.now(), EventKind.SOURCE_COMPARED, self._compared(stored))
        return Conclusion((*self._lasting(), *_with_data(reader.with_data)), (event,), self._map(reader))

    def _compared(self, digests: dict[str, str]) -> str:
        """What was compared, and how it came out."""
        promised = [(item.algorithm, item.origin, item.hex_digest) for item in self.source.promises.media]
        if self.source.is_one_raw_file:
            promised += [(item.algorithm, item.origin, item.hex_digest) for item in self.source.promises.files]
        told = [
            f"{name} of {origin}: {'same' if digests[name] == value else 'DIFFERENT'}"
            for name, origin, value in dict.fromkeys(promised)
            if name in digests
        ]
        if not told:
            return "no digest of the source image is stored or recorded that could be compared"
        more = len(told) - COMPARISONS_TOLD
        return "; ".join([*told[:COMPARISONS_TOLD], *([f"and {more} more"] if more > 0 else [])])

    def _lasting(self) -> tuple[Finding, ...]:
        """What is true of the image that is made too: what the source's record says, and its damage."""
        manifest, bad_map, lasting = self.source.manifest, self.source.bad_map, FindingList()
        if manifest is not None:
            lasting.extend(item for item in manifest.findings if item.code in CARRIED)
        elif bad_map is not None:
            lasting.extend(not_tried_findings(bad_map))
        found = self.source.image.findings.as_tuple()
        lasting.extend(item for item in found if item.code in DECODED_BY_OTHERS)
        lasting.extend(_of_source(item) for item in self.doubts())
        return lasting.as_tuple()

    def _map(self, reader: ImageReader) -> BadSectorMap | None:
        """The states of the source's map, where it says more than which sectors are bad."""
        bad_map = self.source.bad_map
        sector_count = reader.size_bytes // reader.sector_size_bytes
        if bad_map is None or bad_map.is_finished() or bad_map.sector_count != sector_count:
            return None
        for sectors in reader.damaged:
            bad_map.mark(sectors, SectorState.BAD_SECTOR)
        return bad_map


def _told(item: Finding) -> str:
    """A finding in a sentence."""
    place = [item.segment] if item.segment else []
    if item.sectors is not None:
        place.append(f"sectors {item.sectors.first_sector} to {item.sectors.last_sector}")
    return f"{item.code}, {', '.join([*place, item.detail])}"


def _of_source(item: Finding) -> Finding:
    """Damage of the source, as a finding of the image that is made of it."""
    place = f"{item.segment}: " if item.segment else ""
    detail = f"the source image had {item.code} ({place}{item.detail}): not to be relied on"
    return finding("source-damaged", detail, sectors=item.sectors, expected=item.expected, found=item.found)


def _with_data(ranges: list[SectorRange]) -> tuple[Finding, ...]:
    """A note where sectors that are called unreadable hold data."""
    if not ranges:
        return ()
    detail = f"{sum(item.sector_count for item in ranges)} sectors in {len(ranges)} ranges"
    return (finding("unreadable-with-data", detail, sectors=ranges[0]),)
