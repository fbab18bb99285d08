"""What child processes tell while they walk file systems, gathered with bounds: they may be taken over."""

from dataclasses import replace

from verify.files.located import (
    MAXIMUM_FILES,
    MAXIMUM_PATHS,
    AffectedFile,
    AffectedStructure,
    DamagedFiles,
    NotWalked,
    WalkedPartition,
)
from verify.files.messages import Message, WalkTask

MAXIMUM_NOT_WALKED = 1000
MAXIMUM_STRUCTURES = 10_000
MAXIMUM_TASKS = 1000


class Gathering:
    """Everything told so far, and which part of the medium is being walked."""

    def __init__(self, damaged_sectors: int, unread_sectors: int) -> None:
        self._sectors = (damaged_sectors, unread_sectors)
        self._program = ""
        self._stage = "the partition table"
        self._partitions: list[WalkedPartition] = []
        self._files: list[AffectedFile] = []
        self._file_count = 0
        self._by_inode: dict[int, int] = {}
        self._structures: list[AffectedStructure] = []
        self._not_walked: list[NotWalked] = []
        self._not_walked_count = 0
        self._names = 0
        self._read_bytes = 0
        self.tasks: tuple[WalkTask, ...] | None = None
        self.next_task = 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to be walked."""
        return self.tasks is not None and self.next_task >= len(self.tasks)

    @property
    def bytes_total(self) -> int:
        """Bytes of all parts of the medium that are walked."""
        return sum(task.end_bytes - task.first_bytes for task in self.tasks or ())

    @property
    def bytes_done(self) -> int:
        """Bytes of the parts that are done."""
        return sum(task.end_bytes - task.first_bytes for task in (self.tasks or ())[: self.next_task])

    @property
    def state(self) -> str:
        """What is being done now and how much was looked at, without any name that stands on the medium."""
        task = self.tasks[self.next_task] if self.tasks and not self.is_complete else None
        part = "" if task is None or task.number is None else f"partition {task.number}: "
        amount = (
            f", {self._names} names and {self._read_bytes // 1_000_000} MB looked at" if self._read_bytes else ""
        )
        return f"{part}{self._stage}{amount}"

    @property
    def place(self) -> str:
        """What is being done now."""
        if not self.tasks or self.is_complete:
            return self._stage
        task = self.tasks[self.next_task]
        part = task.description if task.number is None else f"partition {task.number} ({task.description})"
        return f"{part}: {self._stage}"

    def take(self, message: Message) -> None:
        """Take in a message."""
        if message.program is not None:
            self._program = message.program
        if message.tasks is not None:
            self.tasks = message.tasks[:MAXIMUM_TASKS]
        if message.begun is not None:
            self._by_inode.clear()
        if message.ended is not None:
            self.next_task = max(self.next_task, message.ended + 1)
        self._stage = message.stage or self._stage
        self._partitions += message.partitions[: MAXIMUM_TASKS - len(self._partitions)]
        self._structures += message.structures[: MAXIMUM_STRUCTURES - len(self._structures)]
        self._file_count += max(0, message.more_files)
        self._names, self._read_bytes = message.names or self._names, message.read_bytes or self._read_bytes
        if message.file is not None:
            self._take_file(message.file)
        if message.path is not None:
            self._take_path(message.inode, message.path)
        if message.not_walked is not None:
            self.add_not_walked(message.not_walked)

    def _take_file(self, found: AffectedFile) -> None:
        """Keep a file while there is room."""
        self._file_count += 1
        if len(self._files) < MAXIMUM_FILES:
            if found.link_count > 1:
                self._by_inode[found.inode] = len(self._files)
            self._files.append(found)

    def _take_path(self, inode: int, path: str) -> None:
        """Add a name to a file that is known."""
        index = self._by_inode.get(inode)
        if index is not None and len(self._files[index].paths) < MAXIMUM_PATHS:
            known = self._files[index]
            self._files[index] = replace(known, paths=(*known.paths, path))

    def add_not_walked(self, item: NotWalked) -> None:
        """Note what was not looked at."""
        self._not_walked_count += 1
        if len(self._not_walked) < MAXIMUM_NOT_WALKED:
            self._not_walked.append(item)

    def give_up(self, reason: str) -> None:
        """Leave what is being walked, for this reason; an empty one was told before."""
        if reason:
            self.add_not_walked(NotWalked(self.place, reason))
        if self.tasks is None:
            self.tasks = ()
        self.next_task += 1

    def leave_out_rest(self, reason: str) -> None:
        """Leave everything that has not begun."""
        while not self.is_complete:
            self._stage = "all of it"
            self.give_up(reason)

    def result(self) -> DamagedFiles:
        """Everything as one value."""
        more = self._not_walked_count - len(self._not_walked)
        rest = (NotWalked(f"{more} further places", "too many to be listed"),) if more else ()
        return DamagedFiles(
            *self._sectors,
            tuple(self._partitions),
            tuple(self._files),
            self._file_count,
            tuple(self._structures),
            (*self._not_walked, *rest),
            self._program,
        )
