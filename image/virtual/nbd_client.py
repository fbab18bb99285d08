"""One connection to an NBD server behind a Unix socket, for reading."""

import socket
from pathlib import Path
from typing import Self

from image.failure_guard import closed_on_failure
from image.virtual import nbd_messages as messages
from image.virtual.nbd_messages import ProtocolError

SILENCE_SECONDS = 300.0
MAXIMUM_OPTION_BYTES = 65536
SOCKET_BUFFER_BYTES = 1024 * 1024


class ServerGoneError(Exception):
    """The server ended, fell silent or answers no NBD; nothing more can be read through this connection."""


class ExportReadError(Exception):
    """The server could not read these bytes: the errno it gave."""

    def __init__(self, error_number: int) -> None:
        self.error_number = error_number
        super().__init__(error_number)


class NbdClient:
    """An open connection; `export_bytes` is the size the server says its export has. Not for several threads."""

    def __init__(self, connection: socket.socket, export_bytes: int) -> None:
        self._connection = connection
        self._handle = 0
        self.export_bytes = export_bytes

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()

    def read_into(self, view: memoryview, offset_bytes: int) -> None:
        """Fill the view with the export from this byte on.

        Raises:
            ExportReadError: the server could not read it; the connection goes on.
            ServerGoneError: the server is gone.
        """
        self._handle += 1
        request = messages.encode_request(messages.COMMAND_READ, self._handle, offset_bytes, len(view))
        try:
            self._connection.sendall(request)
            reply = _receive(self._connection, messages.REPLY.size)
            error_number = messages.decode_reply(reply, self._handle)
            if not error_number:
                _receive_into(self._connection, view)
        except (OSError, ProtocolError) as error:
            raise ServerGoneError(str(error) or type(error).__name__) from error
        if error_number:
            raise ExportReadError(error_number)

    def close(self) -> None:
        """Take leave and close the connection."""
        try:
            self._connection.sendall(messages.encode_request(messages.COMMAND_DISCONNECT, 0, 0, 0))
        except OSError:
            pass
        finally:
            self._connection.close()


def connect(path: Path) -> NbdClient:
    """Connect to the server behind a Unix socket.

    Raises:
        OSError: nobody listens there yet.
        ServerGoneError: who answers does not speak NBD, or refuses.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with closed_on_failure(connection):
        connection.connect(str(path))
        connection.settimeout(SILENCE_SECONDS)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER_BYTES)
        return NbdClient(connection, _negotiate(connection))


def _negotiate(connection: socket.socket) -> int:
    """The handshake; gives the size of the export in bytes."""
    try:
        connection.sendall(messages.encode_hello(_receive(connection, messages.GREETING.size)))
        size_bytes = _export_size(connection)
    except (OSError, ProtocolError) as error:
        raise ServerGoneError(str(error) or type(error).__name__) from error
    if size_bytes is None:
        raise ServerGoneError("the NBD server does not say how large its export is")
    return size_bytes


def _export_size(connection: socket.socket) -> int | None:
    """The size that the server tells before it acknowledges."""
    size_bytes: int | None = None
    while (reply := _option_reply(connection))[0].kind != messages.REPLY_ACK:
        if reply[0].kind != messages.REPLY_INFO:
            raise ProtocolError("the NBD server refuses its export")
        size_bytes = messages.decode_export_size(reply[1]) if size_bytes is None else size_bytes
    return size_bytes


def _option_reply(connection: socket.socket) -> tuple[messages.OptionReply, bytes]:
    """The next answer to an option, with what follows its head."""
    head = messages.decode_option_reply(_receive(connection, messages.OPTION_REPLY.size))
    if head.size_bytes > MAXIMUM_OPTION_BYTES:
        raise ProtocolError("the NBD server says too much")
    return head, _receive(connection, head.size_bytes)


def _receive(connection: socket.socket, size_bytes: int) -> bytes:
    """Exactly these bytes."""
    data = bytearray(size_bytes)
    _receive_into(connection, memoryview(data))
    return bytes(data)


def _receive_into(connection: socket.socket, view: memoryview) -> None:
    """Fill the view.

    Raises:
        ProtocolError: the connection closed before.
    """
    while view:
        size = connection.recv_into(view)
        if not size:
            raise ProtocolError("the NBD server closed the connection")
        view = view[size:]
