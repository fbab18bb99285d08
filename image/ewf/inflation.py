"""Inflating the small compressed sections of a file that nobody trusts."""

import zlib

from image.ewf.defects import DefectError


def inflate_bounded(data: bytes, maximum_bytes: int, code: str) -> bytes:
    """Inflate one zlib stream to at most `maximum_bytes`.

    Raises:
        DefectError: carries `code`: damaged, cut short, larger than allowed, or bytes stand behind it.
    """
    result, end = inflate_first(data, maximum_bytes, code)
    if end < len(data):
        raise DefectError(code, f"{len(data) - end} bytes stand behind the compressed data")
    return result


def inflate_first(data: bytes, maximum_bytes: int, code: str) -> tuple[bytes, int]:
    """Inflate the zlib stream that the data begins with to at most `maximum_bytes`, and say where it ends.

    Raises:
        DefectError: carries `code`: damaged, cut short, or larger than allowed.
    """
    stream = zlib.decompressobj()
    try:
        result = stream.decompress(data, maximum_bytes)
    except zlib.error as error:
        raise DefectError(code, f"does not inflate: {error}") from error
    if stream.unconsumed_tail:
        raise DefectError(code, f"inflates to more than {maximum_bytes} bytes")
    if not stream.eof:
        raise DefectError(code, "the compressed data is cut short")
    return result, len(data) - len(stream.unused_data)
