"""What is asked of a verification, as values."""

from dataclasses import dataclass
from pathlib import Path

from image.checksum_entries import ALGORITHM_OF_LENGTH
from image.digests import ALGORITHMS, DEFAULT_ALGORITHMS
from image.errors import UsageError
from image.manifest import SegmentRecord
from image.sector_reader import SectorReader

ASKED_FOR = "--expect"
FILES_LIMIT_SECONDS = 3600.0


@dataclass(frozen=True)
class SourceToCompare:
    """A drive or file to compare an image with, and the exceptions that mean a failed read of it."""

    reader: SectorReader
    read_failures: tuple[type[Exception], ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """A digest that the media must have, and where it comes from: "--expect" or a file name.

    `is_named` where the file is one that a person gave.
    """

    algorithm: str
    hex_digest: str
    origin: str = ASKED_FOR
    is_named: bool = False

    @property
    def is_asked_for(self) -> bool:
        """Whether a person gave it, so that it is always compared."""
        return self.is_named or self.origin == ASKED_FOR


@dataclass(frozen=True)
class RecordedSegments:
    """The segment files of an image as a record that is not beside it holds them, and which record that is.

    An empty SHA-256 was never computed.
    """

    segments: tuple[SegmentRecord, ...] = ()
    origin: str = ""


NOT_RECORDED = RecordedSegments()


@dataclass(frozen=True)
class VerificationRequest:
    """One verification of one image, named by its first segment file.

    `manifest` and `bad_sector_map` None look for those beside the image; `checksum_files` are read before those
    beside it. Of the digests there are to compare with, those of
    `algorithms` are computed, those of `expectations`, and all where none of these is among them. `also` are
    folders that hold further segments, looked in before those that the manifest names. `jobs` is how many threads
    decode, or hash segment files where nothing is decoded; by default as many as there are cores. With `files` the
    files that hold damaged or unread sectors are looked for, so long at most. With `hash_files` the SHA-256 of each
    segment file is computed, recorded or not. `recorded` is what a case holds of an image made elsewhere.
    """

    image: Path
    algorithms: tuple[str, ...] = DEFAULT_ALGORITHMS
    manifest: Path | None = None
    expectations: tuple[Expectation, ...] = ()
    from_medium: bool = False
    second_opinion: bool = False
    source: SourceToCompare | None = None
    also: tuple[Path, ...] = ()
    checksum_files: tuple[Path, ...] = ()
    bad_sector_map: Path | None = None
    jobs: int | None = None
    files: bool = False
    files_limit_seconds: float = FILES_LIMIT_SECONDS
    hash_files: bool = False
    recorded: RecordedSegments = NOT_RECORDED


def parse_expectation(text: str) -> Expectation:
    """The digest that a person gives as ALGORITHM:HEX.

    Raises:
        UsageError: an unknown algorithm, or no digest of its length.
    """
    algorithm, _, value = text.partition(":")
    name, digest = algorithm.strip().lower().replace("-", ""), value.strip().lower()
    if name not in ALGORITHMS:
        raise UsageError(f"no such digest algorithm: {algorithm}", do=f"Choose from {', '.join(ALGORITHMS)}")
    if ALGORITHM_OF_LENGTH.get(len(digest)) != name or set(digest) - set("0123456789abcdef"):
        raise UsageError(f"not a {name} digest in hex: {value}")
    return Expectation(name, digest)
