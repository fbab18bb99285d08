"""The walk over one medium: its partition table, then the file system in each part that holds damage."""

from dataclasses import dataclass

from image.media_access import MediaAccess
from verify.files.backup_headers import HeaderCopy, overlaid_accesses
from verify.files.damage import Claims, DamageIndex
from verify.files.hits import StructureHits
from verify.files.image_to_walk import ImageToWalk
from verify.files.located import WalkedPartition
from verify.files.messages import Message, WalkTask
from verify.files.sender import Sender
from verify.files.sleuthkit import ERRORS, FileSystem, MediaImage, program, reason_of
from verify.files.sleuthkit_tables import read_partition_table
from verify.files.walk import FileSystemWalk

MAXIMUM_TASKS = 256
FIRST_BYTES = 64 * 1024
DISC_MARK, DISC_MARK_PLACE = b"CD001", (16 * 2048 + 1, 5)


@dataclass(frozen=True)
class _Opened:
    """A file system, the media it is read from, and what it is."""

    file_system: FileSystem
    access: MediaAccess
    description: str


class MediumWalk:
    """Walks the parts of one medium."""

    def __init__(self, access: MediaAccess, image: ImageToWalk, sender: Sender) -> None:
        self._access = access
        self._media = MediaImage(access, sender.count_read)
        self._sector_bytes = access.sector_size_bytes or image.sector_size_bytes
        self._damage = DamageIndex(image.damaged, image.unread, self._sector_bytes)
        self._sender = sender

    def walk(self, tasks: tuple[WalkTask, ...] | None, first_task: int) -> None:
        """Walk these tasks, or all there are."""
        if tasks is None:
            self._sender.send(Message(program=program(), stage="the partition table"))
            tasks = self._find_tasks()
            self._sender.send(Message(tasks=tasks))
        for index in range(first_task, len(tasks)):
            self._sender.send(Message(begun=index))
            self._walk_one(tasks[index])
            self._sender.flush()
            self._sender.tell_end(index)

    def _find_tasks(self) -> tuple[WalkTask, ...]:
        """The partitions, or the whole medium where there are none; tells what of the table itself is damaged."""
        end = self._access.size_bytes
        table = read_partition_table(self._access, self._sector_bytes)
        partitions = [entry for entry in table if entry.kind == "partition"]
        whole = (WalkTask(None, "the whole medium", 0, end),)
        if not partitions:
            return whole
        structures, claims = StructureHits(self._damage, None), Claims()
        for entry in table:
            if entry.kind == "table":
                for place in self._damage.within(entry.first_bytes, entry.end_bytes):
                    structures.add("partition table", place, entry.description)
            if entry.kind != "unpartitioned":
                claims.add(entry.first_bytes, entry.end_bytes)
        for first, behind in claims.unclaimed(self._damage.within(0, end)):
            for place in self._damage.within(first, behind):
                structures.add("unpartitioned space", place)
        self._sender.tell_structures(structures.as_structures())
        if len(partitions) > MAXIMUM_TASKS:
            self._sender.tell_not_walked("further partitions", f"only the first {MAXIMUM_TASKS} are walked")
        tasks = tuple(
            WalkTask(number, entry.description, entry.first_bytes, min(entry.end_bytes, end))
            for number, entry in enumerate(partitions[:MAXIMUM_TASKS], 1)
            if entry.first_bytes < end
        )
        return whole + tasks if self._is_hybrid_disc(tasks) else tasks

    def _is_hybrid_disc(self, tasks: tuple[WalkTask, ...]) -> bool:
        """Whether this is an ISO 9660 disc with a partition table in its system area (ECMA-119, clause 8.1)."""
        return self._access.read_at(*DISC_MARK_PLACE) == DISC_MARK and all(task.first_bytes for task in tasks)

    def _walk_one(self, task: WalkTask) -> None:
        """Walk one part where it holds damage, and tell of it."""
        damaged, unread = self._damage.sectors_within(task.first_bytes, task.end_bytes)
        opened = self._open(task) if damaged or unread else None
        sectors = self._damage.sectors_of(task.first_bytes, max(task.end_bytes, task.first_bytes + 1))
        family = opened.description if opened is not None else None
        told = WalkedPartition(task.number, task.description, sectors, family, damaged, unread)
        self._sender.send(Message(partitions=(told,)))
        if opened is not None:
            place = (self._damage, task.end_bytes, task.number)
            FileSystemWalk(opened.file_system, opened.access, *place, self._sender).run()

    def _open(self, task: WalkTask) -> "_Opened | None":
        """The file system of a part; None, which is told, where none is known."""
        try:
            file_system = FileSystem(self._media, task.first_bytes)
            return self._by_damaged_sectors(task, file_system)
        except ERRORS as error:
            reason = reason_of(error)
        if self._damage.touches(task.first_bytes, task.first_bytes + FIRST_BYTES):
            opened = self._open_by_copy(task)
            if opened is not None:
                return opened
            reason += "; its first sectors are damaged"
        self._sender.tell_not_walked(place_of(task), reason)
        return None

    def _by_damaged_sectors(self, task: WalkTask, file_system: FileSystem) -> "_Opened":
        """A file system that was found; The Sleuth Kit may have used the copy of a damaged sector, and so do we."""
        family = file_system.family
        for copy, access in overlaid_accesses(self._access, task.first_bytes, task.end_bytes):
            place = task.first_bytes + copy.place_bytes
            if copy.name.startswith(family) and self._damage.touches(place, place + copy.size_bytes):
                return _Opened(file_system, access, _by_copy(family, copy))
        return _Opened(file_system, self._access, family)

    def _open_by_copy(self, task: WalkTask) -> "_Opened | None":
        """The file system of a part by a copy of its first sectors."""
        for copy, access in overlaid_accesses(self._access, task.first_bytes, task.end_bytes):
            try:
                file_system = FileSystem(MediaImage(access, self._sender.count_read), task.first_bytes)
            except ERRORS:
                continue
            return _Opened(file_system, access, _by_copy(file_system.family, copy))
        return None


def _by_copy(family: str, copy: HeaderCopy) -> str:
    """What a file system is, and by what it was read."""
    return f"{family} (by its copy of the {copy.name})"


def place_of(task: WalkTask) -> str:
    """A part of the medium in words."""
    return task.description if task.number is None else f"partition {task.number} ({task.description})"
