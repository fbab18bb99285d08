"""The segment files of an image on disk: found by their names, missing ones named."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from image.errors import ImageNotReadError
from image.finding_list import FindingList
from image.segment_files import regular_size_bytes
from image.segment_names import (
    SegmentNaming,
    list_segments,
    looks_like_later_ewf_segment,
    naming_among,
    naming_of,
)
from image.segment_siblings import Siblings, raw_siblings

LATER_SEGMENT = "this is a further segment of an image"


@dataclass(frozen=True, slots=True)
class FoundSegments:
    """The readable segment files in order, each one's number (from 1), and the names that are missing."""

    paths: tuple[Path, ...]
    numbers: tuple[int, ...]
    missing: tuple[str, ...]

    def fronts_of_gaps(self, broken: Iterable[int], *, ends: bool) -> list[int]:
        """The indexes of the segments in front of which media can be missing, the end of the set included.

        `broken` are the indexes of those whose structure breaks off; `ends`: one of them says that it ends the set.
        """
        behind_broken = {index + 1 for index in broken}
        before = (0, *self.numbers)
        jumps = {index for index, number in enumerate(self.numbers) if number != before[index] + 1}
        open_end = set() if ends else {len(self.numbers)}
        return sorted(behind_broken | jumps | open_end)


def find_segments(
    first: Path, expected_names: tuple[str, ...], findings: FindingList, folders: tuple[Path, ...] = ()
) -> FoundSegments:
    """Find the segments of the image that begins with this file; missing and unreadable ones become findings.

    `expected_names` are those a manifest or checksum file lists; `folders` hold what is not beside the first one.

    Raises:
        ImageNotReadError: the first one is not there, not a file, or a further segment of a set.
    """
    regular_size_bytes(first)
    refuse_later_segment(first)
    naming = naming_of(first.name)
    if naming is None:
        return FoundSegments((first,), (1,), _missing(first, expected_names, (first.name,), folders, findings))
    places = _places(first, naming, folders)
    naming = naming_among(naming, places.keys())
    listing = list_segments(naming, places.keys())
    paths, numbers = _readable(places, naming, listing.names, findings)
    wanted = (*listing.missing, *(name for name in expected_names if name not in listing.missing))
    return FoundSegments(paths, numbers, _missing(first, wanted, listing.names, folders, findings))


def refuse_later_segment(path: Path) -> None:
    """Refuse a file that is a further segment of a set, by the names that stand beside it.

    Raises:
        ImageNotReadError: it is; names the first one, or says that it is not there.
    """
    if looks_like_later_ewf_segment(path.name):
        for extension in ("E01", "e01", "s01", "S01", "Ex01", "ex01", "EX01"):
            first = path.with_suffix(f".{extension}")
            if first.is_file():
                raise ImageNotReadError(LATER_SEGMENT, str(path), f"Name {first.name}")
    siblings = raw_siblings(path.name)
    if siblings is not None:
        _refuse_later_raw(path, siblings)


def _refuse_later_raw(path: Path, siblings: Siblings) -> None:
    """Refuse a further segment of a split raw image.

    Raises:
        ImageNotReadError: it is one.
    """
    if any(path.with_name(name).is_file() for name in siblings.firsts if name != path.name):
        first_name = siblings.first_among(frozenset(_names_beside(path)))
        if first_name is not None:
            raise ImageNotReadError(LATER_SEGMENT, str(path), f"Name {first_name}")
    if any(path.with_name(name).is_file() for name in siblings.neighbours):
        what = f"{LATER_SEGMENT} whose first one is not there"
        raise ImageNotReadError(what, str(path), "Bring the first one, or join what there is into one file")


def _names_beside(path: Path) -> list[str]:
    """The names in the folder of a file."""
    try:
        return os.listdir(path.parent)  # noqa: PTH208  names, many times faster than paths
    except OSError as error:
        raise ImageNotReadError(f"cannot list the folder ({error.strerror or error})", str(path.parent)) from error


def _places(first: Path, naming: SegmentNaming, folders: tuple[Path, ...]) -> dict[str, Path]:
    """Where each name of the set lies: beside the first one before any of the folders, which may be absent.

    A segment that is named in another case counts where the one in the set's own case is not there.
    """
    places = {name: first.with_name(name) for name in (*_names_beside(first), first.name)}
    for folder in folders:
        with suppress(ImageNotReadError):
            for name in _names_beside(folder / first.name):
                if naming.could_name(name):
                    places.setdefault(name, folder / name)
    _add_other_cases(places, first.name, naming)
    return places


def _add_other_cases(places: dict[str, Path], first_name: str, naming: SegmentNaming) -> None:
    """Add segments named in another case, unless there is another set with a first one of its own."""
    own_names = [(own, name) for name in places if (own := naming.in_own_case(name)) is not None]
    if not any(own == first_name != name for own, name in own_names):
        for own, name in own_names:
            places.setdefault(own, places[name])


def _readable(
    places: dict[str, Path], naming: SegmentNaming, names: tuple[str, ...], findings: FindingList
) -> tuple[tuple[Path, ...], tuple[int, ...]]:
    """The segments that are regular files, with their numbers."""
    paths: list[Path] = []
    numbers: list[int] = []
    number = 0
    for name in names:
        number += 1
        while naming.name(number) != name:
            number += 1
        path = places[name]
        try:
            regular_size_bytes(path)
        except ImageNotReadError as error:
            findings.add("segment-unreadable", error.what, segment=name)
            continue
        paths.append(path)
        numbers.append(number)
    return tuple(paths), tuple(numbers)


def _missing(
    first: Path,
    wanted: tuple[str, ...],
    there: tuple[str, ...],
    folders: tuple[Path, ...],
    findings: FindingList,
) -> tuple[str, ...]:
    """The wanted names that are not there, each with a finding."""
    present = frozenset(name.casefold() for name in there)
    missing = tuple(name for name in wanted if name.casefold() not in present)
    elsewhere = "".join(f", nor in {folder}" for folder in folders)
    for name in missing:
        findings.add("segment-missing", f"{name} is not beside {first.name}{elsewhere}", segment=name)
    return missing
