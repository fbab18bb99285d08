"""20,000 changed bits over the images that other programs made: none passes but in the slack of compressed data."""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from image.errors import DiskwitnessError
from tests.sim.still_clock import StillClock
from tests.verify.segment_attacks import SegmentSetBytes
from tests.verify.slack import says_the_same, sections_of, stream_at, streams_of
from tests.verify.test_collection import Listed, cases, listed, unpacked
from verify.request import VerificationRequest
from verify.verification import verify_image

FLIPS = 20_000
EWF = (".e01", ".s01")
Record = Callable[[str, object], None]


@dataclass(frozen=True)
class Place:
    """One bit of one segment file."""

    path: Path
    offset: int
    bit: int


def is_ewf(item: Listed) -> bool:
    return Path(item.unpacked_name).suffix.lower() in EWF


def copied(item: Listed, folder: Path) -> list[Path]:
    """The segment files of an image, where they may be changed."""
    (folder / "unpacked").mkdir()
    first = unpacked(item, folder / "unpacked")
    found = SegmentSetBytes.read(first)
    names = [found.naming.name(number + 1) for number in range(len(found.segments))]
    (folder / "changed").mkdir()
    return [Path(shutil.copyfile(first.with_name(name), folder / "changed" / name)) for name in names]


def structure_of(path: Path) -> list[range]:
    """The bytes of a segment that are no chunks: where damage has the most to say."""
    inside, before = [], 0
    for kind, start, end in sections_of(path.read_bytes()):
        if kind == "sectors":
            inside.append(range(before, start))
            before = end
    return [*inside, range(before, path.stat().st_size)]


def places(paths: list[Path], count: int, dice: random.Random) -> Iterator[Place]:
    """Half of the places anywhere, half of them outside the chunks."""
    everywhere = [(path, range(path.stat().st_size)) for path in paths]
    structure = [(path, part) for path in paths for part in structure_of(path)]
    for number in range(count):
        chosen = structure if number % 2 else everywhere
        path, part = dice.choices(chosen, [len(part) for _, part in chosen])[0]
        yield Place(path, dice.choice(part), dice.randrange(8))


@contextmanager
def changed(place: Place) -> Iterator[None]:
    """The bit changed, and put back."""
    descriptor = os.open(place.path, os.O_RDWR)
    before = os.pread(descriptor, 1, place.offset)
    os.pwrite(descriptor, bytes([before[0] ^ 1 << place.bit]), place.offset)
    try:
        yield
    finally:
        os.pwrite(descriptor, before, place.offset)
        os.close(descriptor)


def is_slack(place: Place) -> bool:
    """Whether this changed bit lies in a compressed stream that zlib still inflates to the same."""
    stream = stream_at(streams_of(place.path), place.offset)
    if stream is None:
        return False
    data = place.path.read_bytes()
    before = data[stream.start : stream.end]
    index = place.offset - stream.start
    after = before[:index] + bytes([before[index] ^ 1 << place.bit]) + before[index + 1 :]
    return says_the_same(before, after)


def told(first: Path) -> str:
    """The verdict, or that the image was refused."""
    try:
        return verify_image(VerificationRequest(first, algorithms=("md5",)), clock=StillClock()).verdict.value
    except DiskwitnessError:
        return "refused"


@pytest.mark.long
@cases("passed")
def test_a_changed_bit_of_a_foreign_image_passes_only_in_slack(
    item: Listed, tmp_path: Path, record_property: Record
) -> None:
    if not is_ewf(item):
        pytest.skip("the law of E01 is tried on E01")
    share = -(-FLIPS // sum(is_ewf(other) for other in listed("passed")))
    paths = copied(item, tmp_path)
    counted: Counter[str] = Counter()
    wrong: list[Place] = []
    for place in places(paths, share, random.Random(item.path.name)):
        with changed(place):
            verdict = told(paths[0])
        counted.update(("tried", verdict))
        if verdict == "PASSED":
            slack = is_slack(place)
            counted["PASSED in slack"] += slack
            wrong += [] if slack else [place]
    names = ("tried", "FAILED", "INDETERMINATE", "refused", "PASSED in slack")
    record_property("figures of changed bits in the collection", {name: counted[name] for name in names})
    assert wrong == []
