"""What another program says of an image: a digest, and what it is the digest of."""

from dataclasses import dataclass
from enum import Enum

ALGORITHM_OF_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
HEX = r"(?P<hex>[0-9a-fA-F]{32,128})"
_ALGORITHMS = {
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
    "sha2256": "sha256",
    "sha512": "sha512",
    "sha2512": "sha512",
}
_STREAMS = frozenset({"-", "stdin"})
_DEVICES = ("/dev/", "\\\\.\\")


class Subject(Enum):
    """What a digest is of: the two kinds are never compared with each other."""

    FILE = "file"
    """The bytes of a file by name, so of the container."""
    MEDIA = "media"
    """The content of the drive or image."""
    UNSAID = "unsaid"
    """Nothing says it: a digest without a name, or of a stream."""


@dataclass(frozen=True, slots=True)
class ChecksumEntry:
    """One digest and its subject; `file_name` is that of a file or device, as it was written."""

    algorithm: str
    hex_digest: str
    subject: Subject
    file_name: str | None = None


def entry_of(algorithm: str | None, hex_digest: str, file_name: str | None) -> ChecksumEntry | None:
    """The digest of a named file, device or stream; None for an algorithm that is not computed here.

    `algorithm` is the name as it was written; None where only the number of digits tells it.
    """
    known = algorithm_named(algorithm) if algorithm is not None else ALGORITHM_OF_LENGTH.get(len(hex_digest))
    if known is None or ALGORITHM_OF_LENGTH.get(len(hex_digest)) != known:
        return None
    return ChecksumEntry(known, hex_digest.lower(), _subject(file_name), file_name)


def media_entry(algorithm: str, hex_digest: str) -> ChecksumEntry | None:
    """The digest of the media, as an imaging program prints it; None for one that is not computed here."""
    entry = entry_of(algorithm, hex_digest, None)
    return ChecksumEntry(entry.algorithm, entry.hex_digest, Subject.MEDIA) if entry is not None else None


def algorithm_named(text: str) -> str | None:
    """The algorithm of this name in any of its spellings, such as SHA-1 or SHA2-256; None for another one."""
    return _ALGORITHMS.get(text.strip().lower().replace("-", "").replace("_", ""))


def _subject(file_name: str | None) -> Subject:
    """What a name stands for."""
    if file_name is None or file_name in _STREAMS:
        return Subject.UNSAID
    return Subject.MEDIA if file_name.startswith(_DEVICES) else Subject.FILE
