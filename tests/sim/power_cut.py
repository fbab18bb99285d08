"""What a power cut leaves of a folder whose changes were recorded: a model of file systems, without one.

Bytes of a file are durable once the file was synced, names once their folder was. What was not durable may be there
or not: the ways in which real file systems lose it are `Loss`.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

PIECE_BYTES = 4096
FOLDER = -1


@dataclass(frozen=True)
class Operation:
    """One change: `number` is an offset, a length or a mode, as the kind has it."""

    kind: str
    path: str
    to: str = ""
    number: int = 0
    data: bytes = field(default=b"", repr=False)


class Loss(Enum):
    """What is lost of the changes that were not durable."""

    NOTHING = "nothing: the program was killed and the machine went on"
    EVERYTHING = "all bytes and all names"
    BYTES = "all bytes; names stay (the empty file behind a rename)"
    ZEROS = "all bytes, which are zeros then; lengths and names stay"
    RANDOM = "pieces of 4 KiB, lengths and the latest names, by lot"


@dataclass(frozen=True)
class LeftFile:
    """A file as it is found again."""

    data: bytes
    mode: int = 0o644


Left = Mapping[str, LeftFile | None]
"""What is found again by name; None is a folder."""


@dataclass
class _Inode:
    """A file by whatever name: as it is, as it is durable, and the changes between the two."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytes = b""
    mode: int = 0o644
    durable_mode: int = 0o644
    pending: list[Operation] = field(default_factory=list)


class FolderModel:
    """A folder while changes are made in it; it begins empty or as an earlier power cut left it."""

    def __init__(self, left: Left | None = None) -> None:
        self._inodes: list[_Inode] = []
        self._names: dict[str, int] = {}
        for name, file in (left or {}).items():
            self._names[name] = FOLDER if file is None else len(self._inodes)
            if file is not None:
                self._inodes.append(_Inode(bytearray(file.data), file.data, file.mode, file.mode))
        self._durable_names = dict(self._names)
        self._names_between: list[dict[str, int]] = []

    def apply(self, operations: Sequence[Operation]) -> None:
        """Make these changes."""
        for operation in operations:
            if operation.kind == "fsyncdir":
                self._sync_names(operation.path)
            elif operation.kind in ("create", "rename", "unlink", "mkdir"):
                self._change_names(operation)
                self._names_between.append(dict(self._names))
            else:
                self._change_file(self._inodes[self._names[operation.path]], operation)

    def after_power_cut(self, loss: Loss, seed: int = 0) -> dict[str, LeftFile | None]:
        """What is found when the power goes now."""
        chance = random.Random(seed)
        names = self._names
        if loss is Loss.EVERYTHING:
            names = self._durable_names
        elif loss is Loss.RANDOM:
            names = chance.choice([self._durable_names, *self._names_between])
        kept = {
            name: None if number == FOLDER else self._left_of(number, loss, chance)
            for name, number in names.items()
        }
        return {name: file for name, file in kept.items() if _has_folder(name, kept)}

    def _sync_names(self, folder: str) -> None:
        """Make the names in one folder durable."""
        elsewhere = {name: number for name, number in self._durable_names.items() if _folder_of(name) != folder}
        here = {name: number for name, number in self._names.items() if _folder_of(name) == folder}
        self._durable_names = elsewhere | here
        self._names_between.clear()

    def _change_names(self, operation: Operation) -> None:
        path = operation.path
        match operation.kind:
            case "create":
                self._names[path] = len(self._inodes)
                self._inodes.append(_Inode(mode=operation.number, durable_mode=operation.number))
            case "mkdir":
                self._names[path] = FOLDER
            case "unlink":
                del self._names[path]
            case "rename":
                self._names[operation.to] = self._names.pop(path)

    def _change_file(self, inode: _Inode, operation: Operation) -> None:
        if operation.kind == "fsync":
            inode.durable, inode.durable_mode = bytes(inode.now), inode.mode
            inode.pending.clear()
            return
        inode.pending.append(operation)
        if operation.kind == "chmod":
            inode.mode = operation.number
        else:
            _carry_out(inode.now, operation)

    def _left_of(self, number: int, loss: Loss, chance: random.Random) -> LeftFile:
        inode = self._inodes[number]
        match loss:
            case Loss.NOTHING:
                return LeftFile(bytes(inode.now), inode.mode)
            case Loss.ZEROS:
                return LeftFile(inode.durable[: len(inode.now)].ljust(len(inode.now), b"\0"), inode.mode)
            case Loss.RANDOM:
                return LeftFile(_partly(inode, chance), chance.choice((inode.mode, inode.durable_mode)))
            case _:
                return LeftFile(inode.durable, inode.durable_mode)


def lay_out(left: Left, folder: Path) -> None:
    """Make a folder that holds what was left; zeros are holes, as where a file was only made longer."""
    folder.mkdir()
    for name, file in sorted(left.items()):
        path = folder / name
        if file is None:
            path.mkdir()
        else:
            _write_with_holes(path, file.data)
            path.chmod(file.mode)


def _write_with_holes(path: Path, data: bytes) -> None:
    with path.open("xb") as target:
        for at in range(0, len(data), PIECE_BYTES):
            block = data[at : at + PIECE_BYTES]
            if any(block):
                target.seek(at)
                target.write(block)
        target.truncate(len(data))


def _carry_out(data: bytearray, operation: Operation) -> None:
    """Make a change of bytes or of the length."""
    if operation.kind == "truncate":
        del data[operation.number :]
        data.extend(bytes(operation.number - len(data)))
    else:
        data.extend(bytes(max(0, operation.number - len(data))))
        data[operation.number : operation.number + len(operation.data)] = operation.data


def _partly(inode: _Inode, chance: random.Random) -> bytes:
    """The durable bytes, and by lot what came behind."""
    data = bytearray(inode.durable)
    for operation in inode.pending:
        if operation.kind == "truncate" and chance.random() < 0.5:
            _carry_out(data, operation)
        for start in range(0, len(operation.data), PIECE_BYTES):
            if chance.random() < 0.5:
                piece = operation.data[start : start + PIECE_BYTES]
                _carry_out(data, Operation("write", operation.path, number=operation.number + start, data=piece))
    return bytes(data)


def _folder_of(name: str) -> str:
    """The folder of a name, "" for the outermost."""
    return name.rpartition("/")[0]


def _has_folder(name: str, names: Mapping[str, object]) -> bool:
    """Whether the folder of a name is there too."""
    return not _folder_of(name) or _folder_of(name) in names
