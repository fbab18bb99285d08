"""The law: no changed byte of a segment file passes where a manifest stands beside the image."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from image.errors import DiskwitnessError
from tests.sim.acquisitions import Options
from tests.verify.evidence import Evidence, disk_content, make_evidence
from tests.verify.unprotected import as_set, every_bit, flip, slack_bits
from verify.verdict import Verdict, VerificationResult

KINDS = {
    "e01": Options(),
    "e01-uncompressed": Options(compression="none"),
    "raw": Options(raw=True),
    "split-raw": Options(raw=True, segment_size_bytes=2048),
}
STRIDE = 13
"""The short test tries every 13th byte, the long one every byte."""


def flips(evidence: Evidence, first: int, stride: int) -> Iterator[tuple[Path, int, VerificationResult | None]]:
    """Each byte changed in turn and put back: the file, the byte, and the verification; None if it was refused."""
    dice = random.Random(stride)
    for segment in evidence.writable().segments:
        data = segment.read_bytes()
        with segment.open("r+b", buffering=0) as file:
            for position in range(first, len(data), stride):
                changed = data[position] ^ dice.randrange(1, 256)
                os.pwrite(file.fileno(), bytes([changed]), position)
                yield segment, position, verified(evidence)
                os.pwrite(file.fileno(), data[position : position + 1], position)


def verified(evidence: Evidence) -> VerificationResult | None:
    try:
        return evidence.verify()
    except DiskwitnessError:
        return None


def assert_no_flip_passes(evidence: Evidence, stride: int) -> None:
    assert evidence.verify().verdict is Verdict.PASSED
    passed = [
        (segment.name, position)
        for segment, position, result in flips(evidence, 0, stride)
        if result is not None and result.verdict is Verdict.PASSED
    ]
    assert passed == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_byte_passes_with_a_manifest(kind: str, tmp_path: Path) -> None:
    assert_no_flip_passes(make_evidence(tmp_path, disk_content(4096), KINDS[kind]), STRIDE)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_byte_at_any_place_passes_with_a_manifest(kind: str, tmp_path: Path) -> None:
    assert_no_flip_passes(make_evidence(tmp_path, disk_content(12288), KINDS[kind]), 1)


@pytest.mark.parametrize("stride", [pytest.param(401), pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("compression", ["none", "fast", "best"])
def test_without_a_manifest_only_slack_of_compressed_data_passes(
    compression: str, stride: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    evidence = make_evidence(tmp_path, disk_content(3072), Options(compression)).without_manifest().writable()
    tried = list(every_bit(evidence.first))[::stride]
    flipped = flip(evidence, tried)
    record_property("figures of bits changed in images of our own", flipped.figures)
    passed, slack = as_set(flipped.passed), as_set(slack_bits(evidence.first))
    assert (passed, flipped.other_media) == (slack & set(tried), [])
