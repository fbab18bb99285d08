"""The written list of bits that may change in an E01 unnoticed where it has no manifest, per dialect.

tests/data/unprotected.txt has a line for each section of each image: offsets of bytes, and which bits of each as a
mask in hex. `python -m tests.verify.unprotected` writes it anew; a test holds it against every bit of every image.
"""

import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from image.errors import DiskwitnessError
from tests.verify.dialects import NAMES, placed
from tests.verify.evidence import Evidence
from tests.verify.slack import says_the_same, stream_at, streams_of
from verify.verdict import Verdict

Bit = tuple[int, int]
"""Byte offset and number of the bit."""
LIST = Path(__file__).resolve().parents[1] / "data" / "unprotected.txt"
Bits = dict[int, int]
"""Byte offset -> its bits, as a mask."""


@dataclass
class Flips:
    """What became of changed bits: how often each verdict, and which bits passed."""

    counted: Counter[str] = field(default_factory=Counter)
    passed: Bits = field(default_factory=dict)
    other_media: list[int] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, int]:
        """The counts in a fixed order."""
        return {name: self.counted[name] for name in ("tried", "FAILED", "INDETERMINATE", "refused", "PASSED")}


def flip(evidence: Evidence, wanted: Iterable[Bit]) -> Flips:
    """Change each of these bits (byte, number of the bit) of a single file in turn, verify, and put it back."""
    flips, whole = Flips(), evidence.verify().digests
    data = evidence.first.read_bytes()
    descriptor = os.open(evidence.first, os.O_RDWR)
    try:
        for offset, bit in wanted:
            os.pwrite(descriptor, bytes([data[offset] ^ 1 << bit]), offset)
            verdict, digests = _told(evidence)
            os.pwrite(descriptor, data[offset : offset + 1], offset)
            flips.counted.update(("tried", verdict))
            if verdict == Verdict.PASSED.value:
                flips.passed[offset] = flips.passed.get(offset, 0) | 1 << bit
                flips.other_media += [offset] if digests != whole else []
    finally:
        os.close(descriptor)
    return flips


def _told(evidence: Evidence) -> tuple[str, dict[str, str]]:
    """Verdict and digests, or that the image was refused."""
    try:
        result = evidence.verify()
    except DiskwitnessError:
        return "refused", {}
    return result.verdict.value, result.digests


def every_bit(path: Path) -> Iterable[Bit]:
    """Every bit of a file."""
    return ((offset, bit) for offset in range(path.stat().st_size) for bit in range(8))


def slack_bits(path: Path) -> Bits:
    """The bits of compressed streams after whose change zlib says the same; a section that has a copy has none."""
    data, streams = path.read_bytes(), streams_of(path)
    kinds = Counter(stream.section for stream in streams)
    bits: Bits = {}
    for stream in streams:
        before = data[stream.start : stream.end]
        if stream.section == "chunk" or kinds[stream.section] == 1:
            for index, bit in ((index, bit) for index in range(len(before)) for bit in range(8)):
                after = before[:index] + bytes([before[index] ^ 1 << bit]) + before[index + 1 :]
                if says_the_same(before, after):
                    bits[stream.start + index] = bits.get(stream.start + index, 0) | 1 << bit
    return bits


def as_set(bits: Bits) -> set[Bit]:
    """The bits one by one."""
    return {(offset, bit) for offset, mask in bits.items() for bit in range(8) if mask >> bit & 1}


def read_list() -> dict[str, Bits]:
    """The listed bits of each image."""
    found: dict[str, Bits] = {name: {} for name in NAMES}
    for line in LIST.read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            name, _, *places = line.split()
            pairs = (place.split(":") for place in places)
            found[name].update({int(offset): int(mask, 16) for offset, mask in pairs})
    return found


def listed_lines(name: str, evidence: Evidence, bits: Bits) -> list[str]:
    """The lines of one image."""
    by_section: dict[str, list[str]] = defaultdict(list)
    streams = streams_of(evidence.first)
    for offset, mask in sorted(bits.items()):
        stream = stream_at(streams, offset)
        by_section[stream.section if stream else "?"].append(f"{offset}:{mask:02x}")
    return [f"{name} {section} {' '.join(places)}" for section, places in by_section.items()]


HEAD = """\
# Bits that can be changed in these images, and without a manifest they still pass: nothing in the format tells.
# Every other bit of them is noticed. image, section, then byte offset:bits (a mask in hex) of that file.
# Written by: python -m tests.verify.unprotected
"""


def main() -> None:
    """Write the list anew, from what zlib says; the tests hold it against the verifier."""
    lines: list[str] = []
    for name in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            evidence = placed(name, Path(folder))
            lines += listed_lines(name, evidence, slack_bits(evidence.first))
    LIST.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="ascii")


if __name__ == "__main__":
    main()
