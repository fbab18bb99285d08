"""The drive read again beside its image: what differs is named by its sectors."""

from pathlib import Path

import pytest

from acquire.media import ReadFailure
from image.errors import SourceError
from image.findings import Finding
from image.sectors import SectorRange
from tests.sim.acquisitions import Options
from tests.sim.memory_disk import MemoryDisk
from tests.verify.evidence import disk_content, make_evidence
from verify.verdict import Verdict

CONTENT = disk_content(6 * 1024 * 1024)
BAD = frozenset({700, 701, 5000})


def about_the_source(findings: tuple[Finding, ...]) -> list[tuple[str, SectorRange | None]]:
    return [(item.code, item.sectors) for item in findings if item.code.startswith("source")]


@pytest.mark.parametrize("raw", [False, True])
def test_the_drive_it_was_made_of_agrees(raw: bool, tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT, Options(raw=raw), BAD)
    result = evidence.verify_against(MemoryDisk(CONTENT, 512, BAD), ReadFailure)
    assert (result.verdict, result.compared_with[-1]) == (Verdict.PASSED, "source")
    assert about_the_source(result.findings) == [
        ("source-unreadable", SectorRange(700, 2)),
        ("source-unreadable", SectorRange(5000, 1)),
    ]


def test_changed_sectors_are_named(tmp_path: Path) -> None:
    changed = bytearray(CONTENT)
    changed[9 * 512 + 3] ^= 1
    changed[4096 * 512] ^= 1
    changed[4097 * 512] ^= 1
    evidence = make_evidence(tmp_path, CONTENT)
    result = evidence.verify_against(MemoryDisk(bytes(changed)), ReadFailure)
    assert result.verdict is Verdict.FAILED
    assert about_the_source(result.findings) == [
        ("source-differs", SectorRange(9, 1)),
        ("source-differs", SectorRange(4096, 2)),
    ]


def test_sectors_that_can_no_longer_be_read_leave_the_verdict_open(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT)
    result = evidence.verify_against(MemoryDisk(CONTENT, 512, frozenset({77})), ReadFailure)
    assert (result.verdict, about_the_source(result.findings)) == (
        Verdict.INDETERMINATE,
        [("source-unread", SectorRange(77, 1))],
    )


@pytest.mark.parametrize("disk", [MemoryDisk(CONTENT[:-512]), MemoryDisk(CONTENT, 4096)])
def test_what_cannot_be_the_source_is_refused(disk: MemoryDisk, tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT)
    with pytest.raises(SourceError):
        evidence.verify_against(disk, ReadFailure)
