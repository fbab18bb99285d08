"""Recordings of everything that was done in a folder, made through recorded_folder.py and read back."""

import base64
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from image.tools import held_tool
from tests.sim.block_devices import await_file, unmount
from tests.sim.power_cut import Operation
from tests.sim.recorded_folder import READY

NO_LIMIT: Mapping[str, int] = MappingProxyType({})
SERVER = Path(__file__).with_name("recorded_folder.py")


@dataclass(frozen=True)
class Recording:
    """A folder that records (`folder`), where its files really are, and the record."""

    folder: Path
    really: Path
    record: Path

    def operations(self) -> list[Operation]:
        """Everything that was done so far, in order."""
        return [_operation(*json.loads(line)) for line in self.record.read_text().splitlines()]


@contextmanager
def recorded_folder(
    beside: Path, *, seconds: float = 0.0, room: Mapping[str, int] = NO_LIMIT
) -> Iterator[Recording]:
    """A folder that records, inside the folder `beside`; each change in it takes so many seconds.

    Files that are in `really` before are in it from the beginning. A folder in it that `room` names takes so many
    bytes of segment files.
    """
    recording = Recording(beside / "recorded", beside / "really", beside / "record")
    recording.folder.mkdir()
    recording.really.mkdir(exist_ok=True)
    arguments = (SERVER, recording.folder, recording.really, recording.record, seconds, json.dumps(dict(room)))
    with held_tool(sys.executable, [str(word) for word in arguments]):
        await_file(recording.folder / READY)
        try:
            yield recording
        finally:
            unmount(recording.folder)
    recording.folder.rmdir()


def _operation(kind: str, path: str, *arguments: Any) -> Operation:
    """One line of the record."""
    match kind:
        case "write":
            return Operation(kind, path[1:], number=arguments[0], data=base64.b64decode(arguments[1]))
        case "rename":
            return Operation(kind, path[1:], to=arguments[0][1:])
        case _:
            return Operation(kind, path[1:], number=arguments[0] if arguments else 0)
