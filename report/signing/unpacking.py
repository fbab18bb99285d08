"""The content of streams in somebody else's PDF, piece by piece and within a bound (ISO 32000-1, 7.4.4)."""

import zlib
from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError

from report.signing.objects import entry

PIECE_BYTES = 1024 * 1024


class Allowance:
    """How many unpacked bytes may still come, of all streams that share it."""

    def __init__(self, size_bytes: int) -> None:
        self._size_bytes = size_bytes
        self._left_bytes = size_bytes

    def take(self, piece: bytes) -> bytes:
        """The piece, counted.

        Raises:
            PdfReadError: it is more than may come.
        """
        self._left_bytes -= len(piece)
        if self._left_bytes < 0:
            raise PdfReadError(f"it unpacks to more than {self._size_bytes} bytes")
        return piece


def unpacked(stream: generic.StreamObject, allowance: Allowance) -> Iterator[bytes]:
    """The content of a stream in pieces; one of no bytes is empty, whatever it says of its coding.

    Raises:
        PdfReadError: more than is allowed, or coded in a way that our reports do not use.
        zlib.error: it cannot be unpacked.
    """
    data = stream.encoded_data
    if not data:
        return
    if _is_packed(stream):
        yield from (allowance.take(piece) for piece in _inflated(data))
    else:
        yield allowance.take(data)


def _is_packed(stream: generic.StreamObject) -> bool:
    """Whether the bytes are packed by Flate.

    Raises:
        PdfReadError: by something else.
    """
    named = entry(stream, "/Filter")
    filters = list(named) if isinstance(named, generic.ArrayObject) else [named] if named is not None else []
    if not filters or filters == ["/FlateDecode"]:
        predictor = entry(entry(stream, "/DecodeParms"), "/Predictor")
        if predictor is None or str(predictor) == "1":
            return bool(filters)
    raise PdfReadError(f"it is coded by {' and '.join(map(str, filters))[:80]}, which is not read")


def _inflated(data: bytes) -> Iterator[bytes]:
    """What is packed, at most so much of it at a time.

    Raises:
        zlib.error: it cannot be unpacked, or has no end.
    """
    machine, waiting = zlib.decompressobj(), data
    while not machine.eof:
        piece = machine.decompress(waiting, PIECE_BYTES)
        waiting = machine.unconsumed_tail
        if not piece and not machine.eof:
            raise zlib.error("it ends before its end")
        yield piece
