"""One walk over one file system: every name looked at once, its places held against the damaged ones.

What is told comes in this order: structures, files as they are met, damage that belongs to neither, and last the
files that no folder names, since looking for them can take long.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from image.media_access import MediaAccess
from image.segment_files import SegmentReadError
from verify.files.damage import Claims, DamageIndex, Place
from verify.files.hits import DamagedInodes, FileHits, StructureHits
from verify.files.layouts import (
    MFT,
    RESIZE_INODE,
    STRUCTURE_INODES,
    STRUCTURE_NAMES,
    layout_of,
    mft_entry_bytes,
    regions_of,
)
from verify.files.located import ALLOCATED, DELETED, ORPHAN, AffectedFile, AffectedStructure
from verify.files.sleuthkit import ERRORS, Entry, FileSystem, Run, readable, reason_of
from verify.files.unowned import unowned_places

MAXIMUM_PATH = 4096
NAMES_AT_ONCE = 256
SELF_AND_PARENT = (b".", b"..")


class Teller(Protocol):
    """Takes what a walk finds."""

    def tell_file(self, found: AffectedFile) -> None:
        """A file with damaged sectors."""
        ...

    def tell_path(self, inode: int, path: str) -> None:
        """Another name of a file that was told of."""
        ...

    def tell_structures(self, found: tuple[AffectedStructure, ...]) -> None:
        """Structures with damaged sectors."""
        ...

    def tell_not_walked(self, where: str, reason: str) -> None:
        """What could not be looked at."""
        ...

    def tell_stage(self, stage: str) -> None:
        """What is being done now."""
        ...

    def count_names(self, count: int) -> None:
        """So many more names were looked at."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder still to be looked at: how deep it lies, its name, and whether only the orphans lead to it."""

    inode: int
    depth: int
    name: str
    is_orphan: bool = False


class FileSystemWalk:
    """Walks one file system, in the partition of this number, that ends at `end_bytes` of the media."""

    def __init__(
        self,
        file_system: FileSystem,
        access: MediaAccess,
        damage: DamageIndex,
        end_bytes: int,
        partition: int | None,
        teller: Teller,
    ) -> None:
        self._fs = file_system
        self._access = access
        self._damage = damage
        self._end_bytes = end_bytes
        self._partition = partition
        self._teller = teller
        self._layout = layout_of(file_system.family)
        self._structures = StructureHits(damage, partition)
        self._inodes = DamagedInodes()
        self._claims = Claims()
        self._seen_folders: set[int] = set()
        self._told: set[int] = set()
        self._path: list[str] = []

    def run(self) -> None:
        """Walk it."""
        self._teller.tell_stage("the structures of the file system")
        self._look_at_regions()
        self._look_at_structure_files()
        self._teller.tell_stage("the folders")
        root = self._fs.inode(self._fs.root_inode)
        if root is not None:
            self._look_at(root, "/", ALLOCATED)
        orphanage = self._walk(Folder(self._fs.root_inode, 0, ""))
        self._teller.tell_stage("the use of clusters")
        self._look_at_unowned()
        self._teller.tell_structures(self._structures.as_structures())
        if orphanage is not None:
            self._teller.tell_stage("the files that no folder names")
            self._walk(Folder(orphanage, 1, "$OrphanFiles", is_orphan=True))

    def _look_at_regions(self) -> None:
        """The structures at fixed places."""
        try:
            for region in regions_of(self._fs.family)(self._read_at, self._fs.size_bytes):
                first, end = (self._fs.start_bytes + place for place in (region.first_bytes, region.end_bytes))
                for place in self._damage.within(max(first, 0), min(end, self._end_bytes)):
                    detail = self._inodes.add_region(region, first, place)
                    self._claim_structure(region.name, place, detail)
        except ValueError as error:
            self._teller.tell_not_walked("structures of the file system", str(error))

    def _read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """Bytes of the file system; zeros where the system cannot read them."""
        try:
            return self._access.read_at(self._fs.start_bytes + offset_bytes, size_bytes)
        except SegmentReadError:
            return bytes(size_bytes)

    def _look_at_structure_files(self) -> None:
        """The files that are structures of the file system."""
        for number, name in STRUCTURE_INODES.get(self._layout, {}).items():
            entry = self._fs.inode(number)
            if entry is not None:
                self._look_at_structure(entry, name)

    def _look_at_structure(self, entry: Entry, name: str) -> None:
        """One file that is a structure."""
        for run in self._fs.runs(entry):
            places = self._damage.within(run.first_bytes, run.end_bytes)
            for place in self._unclaimed(places) if name == RESIZE_INODE else places:
                is_mft = name == MFT and not run.stream
                self._claim_structure(name, place, self._mft_entries(run, place) if is_mft else "")

    def _unclaimed(self, places: Iterator[Place]) -> Iterator[Place]:
        """The parts of places that are no other structure."""
        parts = list(self._claims.unclaimed(places))
        return (place for part in parts for place in self._damage.within(*part))

    def _mft_entries(self, run: Run, place: Place) -> str:
        """Note the MFT entries in a damaged place of the MFT, and give them as a text."""
        size = mft_entry_bytes(self._read_at)
        offset = run.offset_bytes + place.first_bytes - run.first_bytes
        first, last = offset // size, (offset + place.size_bytes - 1) // size
        self._inodes.add(first, last, place, place.first_bytes - offset % size, size)
        return f"entries {first} to {last}"

    def _claim_structure(self, name: str, place: Place, detail: str = "") -> None:
        """Count damage of a structure, which nobody else owns."""
        self._structures.add(name, place, detail)
        self._claims.add(place.first_bytes, place.end_bytes)

    def _walk(self, top: Folder) -> int | None:
        """Every folder below this one; gives the inode of the folder of orphans where one is met."""
        orphanage, waiting = None, [top]
        while waiting:
            folder = waiting.pop()
            del self._path[max(0, folder.depth - 1) :]
            if folder.depth:
                self._path.append(folder.name)
            below: list[Folder] = []
            for entry in self._entries(folder):
                if entry.kind == "virtual folder":
                    orphanage = orphanage or entry.inode
                elif self._look_at_entry(entry, folder) and entry.inode not in self._seen_folders:
                    self._seen_folders.add(entry.inode)
                    below.append(Folder(entry.inode, folder.depth + 1, readable(entry.name), folder.is_orphan))
            waiting += reversed(below)
        return orphanage

    def _entries(self, folder: Folder) -> Iterator[Entry]:
        """The names in a folder, as far as they can be read."""
        number = 0
        try:
            for number, entry in enumerate(self._fs.entries(folder.inode), 1):
                if number % NAMES_AT_ONCE == 0:
                    self._teller.count_names(NAMES_AT_ONCE)
                if entry.name not in SELF_AND_PARENT:
                    yield entry
        except ERRORS as error:
            place = f"folder /{'/'.join(self._path)}"
            self._teller.tell_not_walked(place, reason_of(error))
        self._teller.count_names(number % NAMES_AT_ONCE)

    def _look_at_entry(self, found: Entry, folder: Folder) -> bool:
        """Look at one name; whether it is a folder to be walked."""
        entry, state = found, ALLOCATED
        if (
            folder.is_orphan
            or not found.is_name_allocated
            or (found.size_bytes is not None and not found.is_allocated)
        ):
            deleted = self._fs.deleted(found)
            if deleted is None:
                return False
            entry, state = deleted, ORPHAN if folder.is_orphan else DELETED
        if self._is_structure(entry, folder):
            return False
        self._look_at(entry, None, state)
        return entry.kind == "folder"

    def _is_structure(self, entry: Entry, folder: Folder) -> bool:
        """Whether an entry of the root folder is a structure; those known by name are looked at now."""
        if folder.depth or folder.is_orphan:
            return False
        if entry.inode in STRUCTURE_INODES.get(self._layout, {}):
            return True
        name = STRUCTURE_NAMES.get(self._layout, {}).get(entry.name)
        if name is not None:
            self._look_at_structure(entry, name)
        return name is not None or entry.kind == "structure"

    def _look_at(self, entry: Entry, path: str | None, state: str) -> None:
        """Hold one file against the damaged places, and tell of it where it has some."""
        hits = FileHits(self._damage)
        for run in self._fs.runs(entry):
            if self._damage.touches(run.first_bytes, run.end_bytes):
                for place in self._damage.within(run.first_bytes, run.end_bytes):
                    hits.add_run(run, place, is_compressed=entry.is_compressed)
                    if state == ALLOCATED:
                        self._claims.add(place.first_bytes, place.end_bytes)
        inode_place = self._inodes.place_of(entry.inode)
        if inode_place is not None:
            hits.add_inode(inode_place)
        if hits:
            self._tell(hits, entry, path if path is not None else self._path_to(readable(entry.name)), state)

    def _tell(self, hits: FileHits, entry: Entry, path: str, state: str) -> None:
        """Tell of a file, once for all its names."""
        if entry.inode in self._told:
            self._teller.tell_path(entry.inode, path)
            return
        if entry.link_count > 1 and state == ALLOCATED:
            self._told.add(entry.inode)
        self._teller.tell_file(hits.as_file(entry, path, state, self._partition))

    def _path_to(self, name: str) -> str:
        """The path of a name in the folder that is being looked at; the end of one that is very long."""
        path = "/" + "/".join([*self._path, name])
        return path if len(path) <= MAXIMUM_PATH else f"...{path[-MAXIMUM_PATH:]}"

    def _look_at_unowned(self) -> None:
        """The damage that no file and no structure owns."""
        places = self._damage.within(self._fs.start_bytes, self._end_bytes)
        unclaimed = self._claims.unclaimed(places)
        for name, place in unowned_places(self._fs, self._read_at, unclaimed, self._structures.names()):
            for part in self._damage.within(*place):
                self._structures.add(name, part)
