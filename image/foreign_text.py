"""Text files of other programs: in any of their encodings and line ends, as lines of bounded length."""

import codecs
import re
from collections.abc import Iterator

MAXIMUM_LINE = 8192
"""Characters in a line that is looked at; the longest path is half of it."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE = re.compile(r"[^\r\n]{10,}")
"""A line; no shorter one holds a digest or names the columns of hashdeep."""
_SAMPLE_BYTES = 256


def decode_text(data: bytes) -> str:
    """The text, whatever its encoding; what is no text in it becomes replacement characters."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    sample = data[:_SAMPLE_BYTES]
    if len(sample) >= 4 and sample[1::2].count(0) > len(sample) // 3:
        return data.decode("utf-16-le", "replace")
    text = data.decode("utf-8", "replace")
    # md5sum -z ends its lines with a zero byte.
    return text.replace("\0", "\n") if "\0" in text and "\n" not in text else text


def lines_of(text: str) -> Iterator[str]:
    """The lines, one at a time and without their ends; very short and overlong ones are passed over."""
    for found in _LINE.finditer(text):
        if found.end() - found.start() <= MAXIMUM_LINE:
            yield found[0]
