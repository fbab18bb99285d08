"""The child process of the second opinion: libewf decodes pieces of the media, and their digests are sent.

It imports as little as it can, since each child imports it anew. libewf parses what nobody trusts, so that nothing
of what is sent here is unpickled: a message is JSON.
"""

import json
import resource
from typing import TYPE_CHECKING, Protocol

from image.digests import new_hasher

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CHILD_MEMORY_BYTES = 2 * 1024 * 1024 * 1024
READ_BYTES = 1024 * 1024
ABSENT = "libewf-python is not installed"


class _Handle(Protocol):
    """What is used of a pyewf handle."""

    def seek_offset(self, offset: int, whence: int) -> None:
        """Go to a byte of the media."""
        ...

    def read_buffer(self, size: int) -> bytes:
        """The next bytes of the media."""
        ...


def decode_pieces(pipe: "Connection", paths: list[str], indexes: range, piece_bytes: int, media_bytes: int) -> None:
    """Send the SHA-256 of each of these pieces of `piece_bytes`, of which the last ends with the media.

    Each message is a kind ("digest", "version" or "error"), the index of the piece, and a text.
    """
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY_BYTES, CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        import pyewf
    except ImportError:
        _send(pipe, "error", 0, ABSENT)
        return
    _send(pipe, "version", 0, str(pyewf.get_version()))
    try:
        handle = pyewf.open(paths)
        for index in indexes:
            piece = range(index * piece_bytes, min((index + 1) * piece_bytes, media_bytes))
            _send(pipe, "digest", index, _piece_digest(handle, piece))
        handle.close()
    except (OSError, MemoryError, RuntimeError) as error:
        words = " ".join(str(error).split()).encode("ascii", "backslashreplace").decode()
        reason = words[:200] or type(error).__name__
        _send(pipe, "error", 0, f"libewf cannot decode the image: {reason}")


def _send(pipe: "Connection", kind: str, index: int, text: str) -> None:
    """Send one message."""
    pipe.send_bytes(json.dumps((kind, index, text)).encode("ascii"))


def _piece_digest(handle: _Handle, piece: range) -> str:
    """SHA-256 of these bytes of the media as libewf decodes them; a short answer gives another digest."""
    hasher = new_hasher("sha256")
    offset = piece.start
    handle.seek_offset(offset, 0)
    while offset < piece.stop:
        data = handle.read_buffer(min(READ_BYTES, piece.stop - offset))
        if not data:
            break
        hasher.update(data)
        offset += len(data)
    return hasher.hexdigest()
