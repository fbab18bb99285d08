"""Digests that other programs recorded of an image: in files beside it, or in files that a person names."""

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from image.checksum_entries import ALGORITHM_OF_LENGTH, ChecksumEntry, Subject
from image.checksum_files import MAXIMUM_BYTES, is_imaging_log, read_checksum_file
from image.errors import ImageNotReadError
from image.finding_list import FindingList
from image.segment_names import list_segments, naming_among, naming_of
from image.segment_siblings import raw_siblings
from image.sidecars import Sidecar, stem_of
from verify.names_beside import borne_names

LIST_SUFFIXES = frozenset(
    (".hashdeep", *(f".{name}{tail}" for name in ALGORITHM_OF_LENGTH.values() for tail in ("", "sum")))
)
LOG_SUFFIXES = frozenset((".info", ".txt", ".log", ".hlog", ".mlog", ".hashlog"))
MAXIMUM_ENTRIES = 200_000
"""Of all files together: four digests of each file of the largest set are a third of it."""
FOLDER_LISTS = frozenset(f"{name.upper()}SUMS" for name in ALGORITHM_OF_LENGTH.values())
"""Lists of a whole folder, such as SHA256SUMS: only what names a file of the image counts."""


@dataclass(frozen=True)
class ChecksumFile:
    """A file of digests, by name, and those in it that may be the image's.

    `about` is the file whose name it bears, so that a digest without a name may be its; `is_named` where a person
    gave it. `others` are names of other files in it, a few of them.
    """

    name: str
    entries: tuple[ChecksumEntry, ...]
    about: str | None = None
    is_named: bool = False
    others: tuple[str, ...] = ()


def load_checksum_files(image: Path, findings: FindingList, given: Iterable[Path] = ()) -> tuple[ChecksumFile, ...]:
    """The checksum files beside the image, by the names that other programs give them, and those given by name.

    Raises:
        ImageNotReadError: one given by name cannot be read.
    """
    found: list[ChecksumFile] = []
    for path in given:
        found.append(_read(path, image, _room(found), is_named=True))
    for path in _paths_beside(image):
        if not any(_is_same(path, other) for other in given):
            try:
                found += _read_beside(path, image, _room(found), findings)
            except ImageNotReadError as error:
                findings.add("checksum-file", str(error))
    return tuple(found)


def _is_same(path: Path, other: Path) -> bool:
    """Whether two names lead to one file."""
    try:
        return path.samefile(other)
    except OSError:
        return False


def _room(found: Iterable[ChecksumFile]) -> int:
    """How many more digests are kept: a folder can hold any number of files of them."""
    return MAXIMUM_ENTRIES - sum(len(item.entries) for item in found)


def listed_segments(first_name: str, checksum_files: Iterable[ChecksumFile]) -> tuple[str, ...]:
    """The segments of the set that this name is of, as checksum files list them; the first one may be gone."""
    files = tuple(checksum_files)
    entries = (entry for item in files for entry in item.entries if entry.subject is Subject.FILE)
    names = {base_name(entry.file_name) for entry in entries if entry.file_name is not None}
    names |= {item.about for item in files if item.about is not None}
    for first in _firsts(first_name):
        naming = naming_of(first)
        if naming is not None and (first == first_name or first in names):
            return list_segments(naming_among(naming, names), names).names
    return ()


def _firsts(name: str) -> tuple[str, ...]:
    """The names that the first segment may have of the set that this one is of."""
    if naming_of(name) is not None:
        return (name,)
    siblings = raw_siblings(name)
    return siblings.firsts if siblings is not None else ()


def base_name(path: str) -> str:
    """The last part of a path of either kind."""
    return PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name


def _read_beside(path: Path, image: Path, room: int, findings: FindingList) -> Iterator[ChecksumFile]:
    """The digests in a file beside the image; a text that is no known log counts where it names a segment."""
    if not path.is_file():
        raise ImageNotReadError("no file of digests that can be read", str(path))
    is_list = path.suffix.lower() in LIST_SUFFIXES
    is_log = not is_list and path.name not in FOLDER_LISTS and is_imaging_log(path)
    if not is_list and not is_log and path.stat().st_size > MAXIMUM_BYTES:
        return
    found = _read(path, image, room, is_named=False)
    if is_list and not found.entries and not found.others:
        findings.add("checksum-file", f"{path.name} holds no digest that is computed here")
    if is_list or is_log:
        yield found
        return
    entries = tuple(item for item in found.entries if item.subject is Subject.FILE)
    if entries:
        yield ChecksumFile(path.name, entries)


def _read(path: Path, image: Path, room: int, *, is_named: bool) -> ChecksumFile:
    """The digests in a file that may be those of this image: of the many in a long list only they are kept.

    Raises:
        ImageNotReadError: it cannot be read, or holds more of them than there is `room` for.
    """
    start = borne_names(image)[-1].lower()
    kept: list[ChecksumEntry] = []
    others: list[str] = []
    for entry in read_checksum_file(path):
        name = base_name(entry.file_name or "")
        if entry.subject is not Subject.FILE or name.lower().startswith(start):
            kept.append(entry)
            if len(kept) > room:
                raise ImageNotReadError(f"more than {MAXIMUM_ENTRIES} digests of one image", str(path))
        elif len(others) < 2 and name not in others:
            others.append(name)
    about = path.name.removesuffix(path.suffix)
    return ChecksumFile(path.name, tuple(kept), about, is_named, tuple(others))


def _paths_beside(image: Path) -> Iterator[Path]:
    """JB1.md5, JB1.E01.md5, JB1.E02.md5, JB1.info, JB1.E01.txt and the like, and SHA256SUMS.

    A link that leads nowhere or a pipe is told too: something was recorded that cannot be read.
    """
    try:
        names = sorted(os.listdir(image.parent))  # noqa: PTH208  names, many times faster than paths
    except OSError:
        return
    bases = borne_names(image)
    own_log = Sidecar.LOG.beside(stem_of(image)).name
    has_manifest = Sidecar.MANIFEST.beside(stem_of(image)).name in names
    for name in names:
        path = image.with_name(name)
        if _belongs(name, bases, image.name) and not path.is_dir() and not (has_manifest and name == own_log):
            yield path


def _belongs(name: str, bases: Collection[str], image_name: str) -> bool:
    """Whether a file of this name may hold digests of the image."""
    base, suffix = os.path.splitext(name)  # noqa: PTH122  a name, not a path
    if suffix.lower() not in LIST_SUFFIXES | LOG_SUFFIXES:
        return name in FOLDER_LISTS
    namings = (naming_of(first) for first in _firsts(image_name))
    return base in bases or any(naming is not None and naming.could_name(base) for naming in namings)
