"""What the child process that walks file systems tells its parent, as bytes that cannot be anything else.

The child reads what nobody trusts, so nothing that it sends is unpickled; each message has a shape and a bound.
"""

from dataclasses import dataclass

import msgspec

from verify.files.located import AffectedFile, AffectedStructure, NotWalked, WalkedPartition

MAXIMUM_MESSAGE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class WalkTask:
    """A part of the medium that may hold a file system; `number` None where there is no partition table."""

    number: int | None
    description: str
    first_bytes: int
    end_bytes: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message: of its fields, those that tell something are set.

    `tasks` are all that are to be walked, `begun` and `ended` count them from 0. `more_files` were found and are
    not told of. `path` is another name of the inode `inode`. So far this process looked
    at `names` and read `read_bytes` of media.
    """

    program: str | None = None
    tasks: tuple[WalkTask, ...] | None = None
    begun: int | None = None
    ended: int | None = None
    stage: str | None = None
    partitions: tuple[WalkedPartition, ...] = ()
    file: AffectedFile | None = None
    more_files: int = 0
    inode: int = 0
    path: str | None = None
    structures: tuple[AffectedStructure, ...] = ()
    not_walked: NotWalked | None = None
    names: int = 0
    read_bytes: int = 0


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Message)


def encode_message(message: Message) -> bytes:
    """A message as bytes."""
    return _ENCODER.encode(message)


def decode_message(data: bytes) -> Message:
    """The message in these bytes.

    Raises:
        ValueError: they are none.
    """
    try:
        return _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a message: {error}") from error
