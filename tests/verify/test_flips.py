"""The law: no changed byte of a segment file passes where a manifest stands beside the image."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from image.errors import DiskwitnessError
from tests.sim.acquisitions import Options
from tests.verify.evidence import Evidence, disk_content, make_evidence
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


@pytest.mark.parametrize("stride", [pytest.param(STRIDE), pytest.param(1, marks=pytest.mark.long)])
def test_without_a_manifest_only_slack_of_compressed_data_passes(stride: int, tmp_path: Path) -> None:
    """Deflate has bits that change nothing; what they hold is the same media, and the digests prove it."""
    evidence = make_evidence(tmp_path, disk_content(12288)).without_manifest()
    whole = evidence.verify()
    assert whole.verdict is Verdict.PASSED
    passed = [result for _, _, result in flips(evidence, 0, stride) if result and result.verdict is Verdict.PASSED]
    tried = sum(path.stat().st_size for path in evidence.segments) // stride
    assert all(result.digests == whole.digests for result in passed)
    assert len(passed) <= tried // 50
