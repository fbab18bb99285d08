"""NBD messages as bytes: the fixed newstyle handshake and simple replies, as far as a reader needs them.

Source: "The NBD protocol", sections "Fixed newstyle negotiation" and "Transmission phase". All numbers big-endian.
"""

import struct
from dataclasses import dataclass

GREETING = struct.Struct(">8s8sH")
OPTION = struct.Struct(">8sII")
OPTION_REPLY = struct.Struct(">QIII")
EXPORT_INFORMATION = struct.Struct(">HQH")
REQUEST = struct.Struct(">IHHQQI")
REPLY = struct.Struct(">IIQ")

SERVER_MAGIC = b"NBDMAGIC"
OPTION_MAGIC = b"IHAVEOPT"
OPTION_REPLY_MAGIC = 0x3E889045565A9
REQUEST_MAGIC = 0x25609513
REPLY_MAGIC = 0x67446698

FIXED_NEWSTYLE = 1
NO_ZEROES = 2
OPTION_GO = 7
REPLY_ACK = 1
REPLY_INFO = 3
INFO_EXPORT = 0
COMMAND_READ = 0
COMMAND_DISCONNECT = 2


class ProtocolError(Exception):
    """The server did not answer as the protocol says."""


@dataclass(frozen=True, slots=True)
class OptionReply:
    """The head of an answer to an option: its kind, and how many bytes follow."""

    kind: int
    size_bytes: int


def encode_hello(greeting: bytes) -> bytes:
    """The client's flags and its one option, GO on the unnamed export, in answer to a server's greeting.

    Raises:
        ProtocolError: the server speaks no fixed newstyle.
    """
    magic, option_magic, flags = GREETING.unpack(greeting)
    if (magic, option_magic) != (SERVER_MAGIC, OPTION_MAGIC) or not flags & FIXED_NEWSTYLE:
        raise ProtocolError("no NBD server answers")
    chosen = struct.pack(">I", flags & (FIXED_NEWSTYLE | NO_ZEROES))
    go = struct.pack(">IH", 0, 0)
    return chosen + OPTION.pack(OPTION_MAGIC, OPTION_GO, len(go)) + go


def decode_option_reply(data: bytes) -> OptionReply:
    """The head of an answer to GO.

    Raises:
        ProtocolError: it is none.
    """
    magic, option, kind, size_bytes = OPTION_REPLY.unpack(data)
    if magic != OPTION_REPLY_MAGIC or option != OPTION_GO:
        raise ProtocolError("the NBD server answers something else")
    return OptionReply(kind, size_bytes)


def decode_export_size(payload: bytes) -> int | None:
    """The bytes of the export, None for information of another kind."""
    if len(payload) != EXPORT_INFORMATION.size:
        return None
    kind, size_bytes, _ = EXPORT_INFORMATION.unpack(payload)
    return int(size_bytes) if kind == INFO_EXPORT else None


def encode_request(command: int, handle: int, offset_bytes: int, size_bytes: int) -> bytes:
    """A request of the transmission phase."""
    return REQUEST.pack(REQUEST_MAGIC, 0, command, handle, offset_bytes, size_bytes)


def decode_reply(data: bytes, handle: int) -> int:
    """The errno of a simple reply to the request of this handle, 0 where its data follows.

    Raises:
        ProtocolError: it is none.
    """
    magic, error_number, answered = REPLY.unpack(data)
    if magic != REPLY_MAGIC or answered != handle:
        raise ProtocolError("the NBD server answers something else")
    return int(error_number)
