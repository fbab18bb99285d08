"""What is promised of an image, by whom: digests of the media and of the segment files, gathered before the pass.

Promises come from the image itself, its manifest, the command line and the files of other programs. A digest of
a file is never held against the media, nor the other way round; one that does not say what it is of may be either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from image.checksum_entries import ChecksumEntry, Subject
from image.digests import ALGORITHMS
from image.manifest import Manifest, SegmentRecord
from verify.checksums_beside import ChecksumFile, base_name
from verify.request import NOT_RECORDED, Expectation, RecordedSegments

if TYPE_CHECKING:
    from image.opening import OpenImage

STORED, MANIFEST = "stored", "manifest"


@dataclass(frozen=True, slots=True)
class FilePromise:
    """A digest that a segment file must have, and who says so."""

    file: str
    algorithm: str
    hex_digest: str
    origin: str


@dataclass(frozen=True)
class Promises:
    """Every digest to compare with; `segments` are the manifest's, under the names they have here.

    `either` are digests that do not say what they are of: of that file, or of the media.
    """

    media: tuple[Expectation, ...]
    files: tuple[FilePromise, ...]
    segments: tuple[SegmentRecord, ...] = ()
    either: tuple[FilePromise, ...] = ()

    def media_algorithms(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """The algorithms to compute over the media: the chosen ones, and those a person expects.

        Where none of them is promised, every promised one is computed too: something must be compared.
        """
        expected = [item.algorithm for item in self.media if item.is_asked_for]
        unsaid = [item.algorithm for item in self.either]
        promised = [item.algorithm for item in self.media]
        wanted = [*chosen, *expected, *unsaid]
        if not set(wanted) & set(promised):
            wanted += promised
        return tuple(dict.fromkeys(wanted))

    def file_algorithms(self, names: Sequence[str]) -> tuple[frozenset[str], ...]:
        """For each segment file, the algorithms to compute over it."""
        wanted: dict[str, set[str]] = {name: set() for name in names}
        for item in (*self.files, *self.either):
            wanted.setdefault(item.file, set()).add(item.algorithm)
        return tuple(frozenset(wanted[name]) for name in names)


def gather_promises(
    image: "OpenImage",
    manifest: Manifest | None,
    expectations: tuple[Expectation, ...],
    checksum_files: tuple[ChecksumFile, ...],
    recorded: RecordedSegments = NOT_RECORDED,
) -> Promises:
    """Every promise that this image can be held to."""
    names = image.files.names
    segments = renamed_segments(manifest.segments, names[0], names) if manifest is not None else ()
    files = gather_file_promises(names, segments, checksum_files, recorded)
    media = [Expectation(algorithm, value, f"{STORED} {kind}") for kind, algorithm, value in image.stored_digests]
    if manifest is not None:
        media += [Expectation(name, value.lower(), MANIFEST) for name, value in manifest.media.digests.items()]
    either: list[FilePromise] = []
    for checksum_file in checksum_files:
        media += _media_promises(checksum_file, names, is_raw=image.is_raw)
        either += _either_promises(checksum_file, names, is_raw=image.is_raw)
    known = [item for item in (*media, *expectations) if item.algorithm in ALGORITHMS]
    return Promises(tuple(known), files, segments, tuple(either))


def gather_file_promises(
    names: tuple[str, ...],
    segments: tuple[SegmentRecord, ...],
    checksum_files: Iterable[ChecksumFile],
    recorded: RecordedSegments = NOT_RECORDED,
) -> tuple[FilePromise, ...]:
    """Every digest that one of these segment files must have: by the manifest's segments first, then by a case."""
    files = [FilePromise(item.file, "sha256", item.sha256, MANIFEST) for item in segments]
    known = renamed_segments(recorded.segments, names[0], names)
    files += [FilePromise(item.file, "sha256", item.sha256, recorded.origin) for item in known if item.sha256]
    for checksum_file in checksum_files:
        files += _file_promises(checksum_file, names)
    return tuple(files)


def renamed_segments(
    segments: Sequence[SegmentRecord], first_name: str, names: Iterable[str] = ()
) -> tuple[SegmentRecord, ...]:
    """Recorded segments under the stem the image has here: a set may be renamed, its extensions may not.

    Of the files that are there, `names`, one that differs only in upper and lower case is meant.
    """
    stem = first_name.rpartition(".")[0] or first_name
    own = {name.casefold(): name for name in names}
    renamed = (_with_stem(stem, item.file) for item in segments)
    files = (own.get(file.casefold(), file) for file in renamed)
    return tuple(replace(item, file=file) for item, file in zip(segments, files, strict=True))


def _with_stem(stem: str, recorded: str) -> str:
    """The recorded extension behind this stem."""
    _, dot, extension = recorded.rpartition(".")
    return f"{stem}.{extension}" if dot else stem


def contradictions(checksum_file: ChecksumFile) -> frozenset[tuple[str, str]]:
    """Things, by name and algorithm, for which a file of digests gives two: neither can be believed."""
    first: dict[tuple[str, str], str] = {}
    found = set()
    for item in checksum_file.entries:
        thing = _thing(item)
        if first.setdefault(thing, item.hex_digest) != item.hex_digest:
            found.add(thing)
    return frozenset(found)


def _thing(entry: ChecksumEntry) -> tuple[str, str]:
    """What a digest is of, in whatever folder, and its algorithm."""
    is_file = entry.subject is Subject.FILE and entry.file_name is not None
    return (base_name(entry.file_name or "").casefold() if is_file else entry.subject.value, entry.algorithm)


def _believed(checksum_file: ChecksumFile) -> list[ChecksumEntry]:
    """The entries that no other one contradicts."""
    doubtful = contradictions(checksum_file)
    return [item for item in checksum_file.entries if _thing(item) not in doubtful]


def _media_promises(checksum_file: ChecksumFile, names: tuple[str, ...], *, is_raw: bool) -> list[Expectation]:
    """The digests of the media in a checksum file."""
    file = _file_unsaid(checksum_file, names, is_raw=is_raw)
    return [
        Expectation(item.algorithm, item.hex_digest, checksum_file.name, checksum_file.is_named)
        for item in _believed(checksum_file)
        if item.subject is Subject.MEDIA or (item.subject is Subject.UNSAID and file is None)
    ]


def _either_promises(checksum_file: ChecksumFile, names: tuple[str, ...], *, is_raw: bool) -> list[FilePromise]:
    """The digests in a checksum file that do not say what they are of."""
    file = _file_unsaid(checksum_file, names, is_raw=is_raw)
    if file is None:
        return []
    unsaid = [item for item in _believed(checksum_file) if item.subject is Subject.UNSAID]
    return [FilePromise(file, item.algorithm, item.hex_digest, checksum_file.name) for item in unsaid]


def _file_unsaid(checksum_file: ChecksumFile, names: tuple[str, ...], *, is_raw: bool) -> str | None:
    """The file that a digest without a name may be of; None where that is the media itself, or no one file."""
    if is_raw and len(names) == 1:
        return None
    if checksum_file.about in names:
        return checksum_file.about
    return names[0] if len(names) == 1 else None


def _file_promises(checksum_file: ChecksumFile, names: tuple[str, ...]) -> list[FilePromise]:
    """The digests in a checksum file that name a segment file of the image, in whatever folder."""
    by_case = {name.casefold(): name for name in names}
    found = ((item, _named_file(item, names, by_case)) for item in _believed(checksum_file))
    return [
        FilePromise(name, item.algorithm, item.hex_digest, checksum_file.name)
        for item, name in found
        if name is not None
    ]


def _named_file(entry: ChecksumEntry, names: tuple[str, ...], by_case: dict[str, str]) -> str | None:
    """The segment file that an entry names; Windows does not tell JB1.e01 from JB1.E01."""
    if entry.subject is not Subject.FILE or entry.file_name is None:
        return None
    name = base_name(entry.file_name)
    return name if name in names else by_case.get(name.casefold())
