"""The walk over one medium: its partition table, then the file system in each part that holds damage."""

from image.media_access import MediaAccess
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


class MediumWalk:
    """Walks the parts of one medium."""

    def __init__(self, access: MediaAccess, image: ImageToWalk, sender: Sender) -> None:
        self._access = access
        self._media = MediaImage(access)
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
            self._sender.send(Message(ended=index))

    def _find_tasks(self) -> tuple[WalkTask, ...]:
        """The partitions, or the whole medium where there are none; tells what of the table itself is damaged."""
        end = self._access.size_bytes
        table = read_partition_table(self._media, self._sector_bytes)
        partitions = [entry for entry in table if entry.kind == "partition"]
        if not partitions:
            return (WalkTask(None, "the whole medium", 0, end),)
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
        return tuple(
            WalkTask(number, entry.description, entry.first_bytes, min(entry.end_bytes, end))
            for number, entry in enumerate(partitions[:MAXIMUM_TASKS], 1)
            if entry.first_bytes < end
        )

    def _walk_one(self, task: WalkTask) -> None:
        """Walk one part where it holds damage, and tell of it."""
        damaged, unread = self._damage.sectors_within(task.first_bytes, task.end_bytes)
        file_system = self._file_system(task) if damaged or unread else None
        sectors = self._damage.sectors_of(task.first_bytes, max(task.end_bytes, task.first_bytes + 1))
        family = file_system.family if file_system is not None else None
        told = WalkedPartition(task.number, task.description, sectors, family, damaged, unread)
        self._sender.send(Message(partitions=(told,)))
        if file_system is not None:
            end, number = task.end_bytes, task.number
            FileSystemWalk(file_system, self._access, self._damage, end, number, self._sender).run()

    def _file_system(self, task: WalkTask) -> FileSystem | None:
        """The file system of a part; None, which is told, where none is known."""
        try:
            return FileSystem(self._media, task.first_bytes)
        except ERRORS as error:
            reason = reason_of(error)
            if self._damage.touches(task.first_bytes, task.first_bytes + 64 * 1024):
                reason += "; its first sectors are damaged"
            self._sender.tell_not_walked(place_of(task), reason)
            return None


def place_of(task: WalkTask) -> str:
    """A part of the medium in words."""
    return task.description if task.number is None else f"partition {task.number} ({task.description})"
