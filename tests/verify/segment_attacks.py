"""What can be done to a segmented image with nothing but a file manager and a hex editor: every way, one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from image.ewf.layout import EVF_SIGNATURE
from image.ewf2.layout import EVF2_SIGNATURE
from image.segment_names import SegmentNaming, naming_of

NUMBERS = {EVF_SIGNATURE: slice(9, 11), EVF2_SIGNATURE: slice(12, 16)}
"""Where a segment file of E01 and of Ex01 says its number."""


@dataclass(frozen=True)
class SegmentSetBytes:
    """A set in memory: how its files are named, their bytes in order, and the files beside them by name."""

    naming: SegmentNaming
    segments: tuple[bytes, ...]
    beside: dict[str, bytes]

    @classmethod
    def read(cls, first: Path, *beside: str) -> "SegmentSetBytes":
        """The set that begins with this file, and files beside it."""
        naming = naming_of(first.name)
        assert naming is not None
        segments: list[bytes] = []
        while (path := first.with_name(naming.name(len(segments) + 1))).is_file():
            segments.append(path.read_bytes())
        return cls(naming, tuple(segments), {name: first.with_name(name).read_bytes() for name in beside})

    def write(self, folder: Path, files: dict[int, bytes]) -> Path | None:
        """Write these segments by their number in place of what is there; the first of them."""
        for old in folder.iterdir():
            old.unlink()
        for number, data in files.items():
            (folder / self.naming.name(number)).write_bytes(data)
        for name, data in self.beside.items():
            (folder / name).write_bytes(data)
        return folder / self.naming.name(min(files)) if files else None


Attack = tuple[str, dict[int, bytes]]


def attacks(original: SegmentSetBytes, foreign: SegmentSetBytes | None = None) -> Iterator[Attack]:
    """What was done, and the segments by number that it leaves; what changes nothing is left out."""
    whole = dict(enumerate(original.segments, 1))
    for what, files in (*_file_manager(whole), *_cut(whole), *_renumbered(whole), *_foreign(whole, foreign)):
        if files != whole:
            yield what, files


def renumbered(data: bytes, number: int) -> bytes:
    """The segment with another number in its file header, which nothing protects."""
    place = NUMBERS.get(data[:8])
    if place is None:
        return data
    return data[: place.start] + number.to_bytes(place.stop - place.start, "little") + data[place.stop :]


def _file_manager(whole: dict[int, bytes]) -> Iterator[Attack]:
    """Delete, swap, put in another's place, add a copy behind; each with and without a right number."""
    behind = len(whole) + 1
    for one in whole:
        yield f"{one} deleted", {number: data for number, data in whole.items() if number != one}
        yield f"{one} and those behind it deleted", {number: whole[number] for number in whole if number < one}
        yield f"{one} added as {behind}", {**whole, behind: whole[one]}
        yield f"{one} added as {behind}, renumbered", {**whole, behind: renumbered(whole[one], behind)}
    for one, other in permutations(whole, 2):
        there, here = whole[one], whole[other]
        yield f"{one} in place of {other}", {**whole, other: there}
        yield f"{one} in place of {other}, renumbered", {**whole, other: renumbered(there, other)}
        if one < other:
            yield f"{one} and {other} swapped", {**whole, one: here, other: there}
            swapped = {one: renumbered(here, one), other: renumbered(there, other)}
            yield f"{one} and {other} swapped, renumbered", {**whole, **swapped}


def _cut(whole: dict[int, bytes]) -> Iterator[Attack]:
    """Cut off the end, or append something."""
    for one, data in whole.items():
        size = len(data)
        for length in (0, 1, 12, 13, 88, 89, size // 3, size // 2, size - 77, size - 76, size - 1):
            yield f"{one} cut to {length} bytes", {**whole, one: data[:length]}
        for name, more in (("a zero", b"\0"), ("a sector", bytes(512)), ("itself", data), ("a head", data[:13])):
            yield f"{one} with {name} behind", {**whole, one: data + more}


def _renumbered(whole: dict[int, bytes]) -> Iterator[Attack]:
    """Say another number."""
    for one, data in whole.items():
        for number in {0, one - 1, one + 1, 0xFFFF}:
            yield f"{one} says {number}", {**whole, one: renumbered(data, number)}


def _foreign(whole: dict[int, bytes], foreign: SegmentSetBytes | None) -> Iterator[Attack]:
    """Put segments of another set of the same shape in place of own ones."""
    others = dict(enumerate(foreign.segments, 1)) if foreign is not None else {}
    for one in whole:
        for other, data in others.items():
            yield f"foreign {other} in place of {one}", {**whole, one: renumbered(data, one)}
        if one in others and one > 1:
            tail = {number: data for number, data in others.items() if number >= one}
            yield f"foreign from {one} on", {**{number: whole[number] for number in range(1, one)}, **tail}
            yield f"foreign {one} behind", {**whole, len(whole) + 1: renumbered(others[one], len(whole) + 1)}
