"""Damaged places of one file, or of one kind of structure, added up."""

from array import array
from bisect import bisect_left

from image.sectors import SectorRange
from verify.files.damage import DamageIndex, Place
from verify.files.located import (
    MAXIMUM_RANGES,
    AffectedFile,
    AffectedStructure,
    DamagedPart,
    Holding,
)
from verify.files.regions import Region
from verify.files.sleuthkit import Entry, Run

MAXIMUM_DETAILS = 20


class FileHits:
    """What of one file is damaged."""

    def __init__(self, damage: DamageIndex) -> None:
        self._damage = damage
        self._counts = [0, 0]
        self._parts: list[DamagedPart] = []
        self._is_inode_damaged = False

    def add_run(self, run: Run, place: Place, *, is_compressed: bool) -> None:
        """Add a damaged place in a run of the file."""
        if run.metadata:
            self._add(Holding.METADATA, place, run.metadata, None)
            return
        offset = run.offset_bytes + place.first_bytes - run.first_bytes
        if is_compressed:
            self._add(Holding.CONTENT, place, run.stream, None)
            return
        content_end = place.first_bytes + max(0, min(place.size_bytes, run.size_bytes - offset))
        if content_end > place.first_bytes:
            self._add(Holding.CONTENT, Place(place.first_bytes, content_end, place.is_unread), run.stream, offset)
        whole = -(-content_end // self._damage.sector_size_bytes) * self._damage.sector_size_bytes
        rest = max(content_end, whole) if content_end > place.first_bytes else place.first_bytes
        if rest < place.end_bytes:
            slack = Place(rest, place.end_bytes, place.is_unread)
            self._add(Holding.SLACK, slack, run.stream, offset + rest - place.first_bytes)

    def add_inode(self, place: Place) -> None:
        """Add the damaged place in which its inode lies: nothing that the inode tells is believed."""
        self._is_inode_damaged = True
        self._add(Holding.METADATA, place, "inode", None)

    def _add(self, holding: Holding, place: Place, stream: str, offset_bytes: int | None) -> None:
        """Count a place, and keep it while there is room."""
        sectors = self._damage.sectors_of(place.first_bytes, place.end_bytes)
        self._counts[place.is_unread] += sectors.sector_count
        if len(self._parts) < MAXIMUM_RANGES:
            self._parts.append(DamagedPart(holding, sectors, stream, offset_bytes))

    def __bool__(self) -> bool:
        """Whether anything is damaged."""
        return any(self._counts)

    def as_file(self, entry: Entry, path: str, state: str, partition: int | None) -> AffectedFile:
        """The file with these damages."""
        return AffectedFile(
            partition,
            (path,),
            entry.inode,
            entry.kind or "unknown",
            None if self._is_inode_damaged else entry.size_bytes,
            state,
            damaged_sectors=self._counts[0],
            unread_sectors=self._counts[1],
            parts=tuple(self._parts),
            link_count=max(1, entry.link_count),
        )


class StructureHits:
    """What of the structures of one file system or medium is damaged, added up by their names."""

    def __init__(self, damage: DamageIndex, partition: int | None) -> None:
        self._damage = damage
        self._partition = partition
        self._found: dict[str, _Structure] = {}

    def add(self, name: str, place: Place, detail: str = "") -> None:
        """Add a damaged place in a structure; `detail` says which of its entries."""
        found = self._found.setdefault(name, _Structure())
        sectors = self._damage.sectors_of(place.first_bytes, place.end_bytes)
        found.counts[place.is_unread] += sectors.sector_count
        found.add_sectors(sectors)
        if detail and detail not in found.details:
            found.add_detail(detail)

    def names(self) -> frozenset[str]:
        """The names of all structures with damage."""
        return frozenset(self._found)

    def as_structures(self) -> tuple[AffectedStructure, ...]:
        """Every structure with its damages."""
        return tuple(
            AffectedStructure(
                self._partition, name, found.detail, found.counts[0], found.counts[1], tuple(found.sectors)
            )
            for name, found in self._found.items()
        )


class _Structure:
    """The damages of one structure."""

    def __init__(self) -> None:
        self.counts = [0, 0]
        self.sectors: list[SectorRange] = []
        self.details: list[str] = []
        self._more = 0

    def add_sectors(self, sectors: SectorRange) -> None:
        """Keep sectors while there is room, those that follow each other as one range."""
        last = self.sectors[-1] if self.sectors else None
        if last is not None and last.end_sector == sectors.first_sector:
            self.sectors[-1] = SectorRange(last.first_sector, last.sector_count + sectors.sector_count)
        elif len(self.sectors) < MAXIMUM_RANGES:
            self.sectors.append(sectors)

    def add_detail(self, detail: str) -> None:
        """Keep a detail while there is room."""
        if len(self.details) < MAXIMUM_DETAILS:
            self.details.append(detail)
        else:
            self._more += 1

    @property
    def detail(self) -> str:
        """The details in one text."""
        more = f" and {self._more} more" if self._more else ""
        return ", ".join(self.details) + more


class DamagedInodes:
    """The numbers of the inodes or MFT entries that lie in damaged sectors, and where."""

    def __init__(self) -> None:
        self._firsts, self._lasts = array("Q"), array("Q")
        self._places: list[tuple[Place, int, int]] = []

    def add(self, first: int, last: int, place: Place, start_bytes: int, inode_bytes: int) -> None:
        """Add inodes in the order of their numbers; the first begins at byte `start_bytes` of the media."""
        self._firsts.append(first)
        self._lasts.append(last)
        self._places.append((place, start_bytes, inode_bytes))

    def add_region(self, region: Region, region_bytes: int, place: Place) -> str:
        """Add those of a region, which begins at this byte of the media, that lie in a damaged place.

        Gives them as a text, empty where the region holds none.
        """
        if not region.inode_bytes:
            return ""
        skipped = (place.first_bytes - region_bytes) // region.inode_bytes
        first = region.first_inode + skipped
        last = region.first_inode + (place.end_bytes - 1 - region_bytes) // region.inode_bytes
        self.add(first, last, place, region_bytes + skipped * region.inode_bytes, region.inode_bytes)
        return f"inodes {first} to {last}"

    def place_of(self, inode: int) -> Place | None:
        """The damaged bytes of an inode; None where it is whole."""
        index = bisect_left(self._lasts, inode)
        if index >= len(self._firsts) or self._firsts[index] > inode:
            return None
        place, start, size = self._places[index]
        first = start + (inode - self._firsts[index]) * size
        return Place(max(first, place.first_bytes), min(first + size, place.end_bytes), place.is_unread)
