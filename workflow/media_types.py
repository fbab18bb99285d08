"""What kind of file the first bytes of it tell: a small table of what is attached to exhibits.

Names are those of the IANA registry of media types; the name of a file is never believed.
"""

import codecs
from dataclasses import dataclass

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type and the extension that a copy gets."""

    name: str
    extension: str


UNKNOWN = MediaType("application/octet-stream", ".bin")
PLAIN_TEXT = MediaType("text/plain", ".txt")
_PNG = MediaType("image/png", ".png")
_JPEG = MediaType("image/jpeg", ".jpg")
_GIF = MediaType("image/gif", ".gif")
_TIFF = MediaType("image/tiff", ".tif")
_BEGINNINGS: tuple[tuple[int, bytes, MediaType], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", _PNG),
    (0, b"\xff\xd8\xff", _JPEG),
    (0, b"GIF87a", _GIF),
    (0, b"GIF89a", _GIF),
    (0, b"II*\0", _TIFF),
    (0, b"MM\0*", _TIFF),
    (8, b"WEBP", MediaType("image/webp", ".webp")),
    (4, b"ftypheic", MediaType("image/heic", ".heic")),
    (4, b"ftypavif", MediaType("image/avif", ".avif")),
    (4, b"ftyp", MediaType("video/mp4", ".mp4")),
    (0, b"%PDF-", MediaType("application/pdf", ".pdf")),
    (0, b"PK\x03\x04", MediaType("application/zip", ".zip")),
    (0, b"\x1f\x8b", MediaType("application/gzip", ".gz")),
    (0, b"{\\rtf", MediaType("application/rtf", ".rtf")),
    (0, b"ID3", MediaType("audio/mpeg", ".mp3")),
    (8, b"WAVE", MediaType("audio/wav", ".wav")),
    (0, b"SQLite format 3\0", MediaType("application/vnd.sqlite3", ".sqlite3")),
)
"""Offset in the file, the bytes there, and what they say; the first that fits counts."""
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


def media_type_of(head: bytes) -> MediaType:
    """The kind of a file from its first HEAD_BYTES; text where they are UTF-8 without control characters."""
    for offset, mark, kind in _BEGINNINGS:
        if head[offset : offset + len(mark)] == mark:
            return kind
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return MediaType("text/plain;charset=utf-16", ".txt")
    return PLAIN_TEXT if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    """Whether the bytes are text; the last character may be cut."""
    if _CONTROLS & set(head):
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return False
    return True
