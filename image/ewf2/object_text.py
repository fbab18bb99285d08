"""Serialized objects: the texts of an Ex01, a compressed table of one line of tags and one of values.

Specification: "Serialized (file) object data". Compressed as the file header says, UTF-16 with a byte order mark,
filled up with zeros.
"""

import codecs
from dataclasses import dataclass

from image.ewf.defects import DefectError
from image.ewf.inflation import inflate_first
from image.ewf2.bzip2 import decompress
from image.ewf2.layout import CompressionMethod

MAXIMUM_TEXT_BYTES = 16 * 1024 * 1024
MAXIMUM_ATTRIBUTES = 256
_ESCAPED = str.maketrans({"\x01": "\n", "\x02": "\r", "\x03": "\t"})


@dataclass(frozen=True, slots=True)
class PaddedText:
    """A text, and what stands behind its compressed data."""

    text: str
    padding: bytes


def decode_text(data: bytes, padding_bytes: int, method: int, code: str) -> PaddedText:
    """Decompress the data of a section; `padding_bytes` is what its descriptor says.

    Raises:
        DefectError: carries `code`: it does not decompress, or to more than 16 MiB.
    """
    if method == CompressionMethod.BZIP2:
        # Nothing tells where a bare block ends but the size of the padding.
        end = len(data) - padding_bytes
        text = _decompressed(data[:end], code)
    else:
        text, end = inflate_first(data, MAXIMUM_TEXT_BYTES, code)
    return PaddedText(_decoded(text), data[end:])


def decode_object(text: str, code: str) -> dict[str, str]:
    """The values of the `main` object in a text by their tags.

    Raises:
        DefectError: carries `code`: there is none, or another number of values than tags.
    """
    lines = text.split("\n", 4)
    if len(lines) < 4 or lines[1] != "main":
        raise DefectError(code, "it holds no `main` object")
    tags, values = (line.split("\t", MAXIMUM_ATTRIBUTES) for line in lines[2:4])
    if len(tags) != len(values) or len(set(tags)) != len(tags):
        raise DefectError(code, f"{len(values)} values for {len(tags)} tags")
    return {tag: value.translate(_ESCAPED) for tag, value in zip(tags, values, strict=True)}


def _decompressed(data: bytes, code: str) -> bytes:
    """The text that was compressed by bzip2.

    Raises:
        DefectError: it does not decompress, or bytes stand behind it.
    """
    try:
        text, rest_bytes = decompress(data, MAXIMUM_TEXT_BYTES)
    except ValueError as error:
        raise DefectError(code, str(error)) from error
    if rest_bytes:
        raise DefectError(code, f"{rest_bytes} bytes stand behind the compressed data")
    return text


def _decoded(text: bytes) -> str:
    """The text by its byte order mark; little-endian without one."""
    if text.startswith(codecs.BOM_UTF16_BE):
        return text[2:].decode("utf-16-be", "replace")
    return text.removeprefix(codecs.BOM_UTF16_LE).decode("utf-16-le", "replace")
