"""A rescue of a drive that dies without a word: it stops, and its map calls no sector bad without proof."""

import errno
from pathlib import Path

import pytest

from acquire.dead_drive import FIRST_DOUBT_FAILURES, UNTRIED_COUNT
from acquire.media import ReadFailure
from image.badmap import SectorState
from image.mapfile import decode_mapfile
from image.sectors import SectorRange
from tests.sim.acquisitions import Options
from tests.sim.faulty_disk import Faults, FaultyDisk, sector_set
from tests.sim.rescues import RescueOptions, rescue_disk

SECTORS = 8192
WITNESSES_HERE = 4
"""So many sectors were read, far enough apart, when these naps begin."""

NAPS = {
    "through the first look": FIRST_DOUBT_FAILURES + UNTRIED_COUNT + WITNESSES_HERE + 1,
    "into the first look": FIRST_DOUBT_FAILURES + 2,
}
BAD = frozenset({700, 701, *range(5000, 5300)})


class DyingDisk(FaultyDisk):
    """A disk that answers every read with an error behind so many requests."""

    def __init__(self, dies_after: int) -> None:
        super().__init__(SECTORS, Faults(bad=BAD))
        self.dies_after = dies_after

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Read as a faulty disk does, until it is dead."""
        if len(self.requests) >= self.dies_after:
            raise ReadFailure(errno.EIO, SectorRange(first_sector, len(view) // 512))
        super().read_into(view, first_sector)


@pytest.mark.parametrize("dies_after", [0, 1, 5, 60, 400])
def test_a_drive_that_dies_without_a_word_leaves_only_proved_damage_in_the_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_after: int
) -> None:
    monkeypatch.setattr("acquire.life_check.SECOND_LOOK_SECONDS", 0.0)
    disk = DyingDisk(dies_after)
    result = rescue_disk(disk, tmp_path / "JB1", options=RescueOptions(Options(raw=True)))
    assert result.manifest is None
    assert "answers no read any more" in (result.stopped or "")
    bad_map = decode_mapfile((tmp_path / "JB1.map").read_text(), 512, "JB1.map")
    assert sector_set(bad_map.bad_ranges()) <= BAD
    assert sector_set(bad_map.ranges(SectorState.FINISHED)).isdisjoint(BAD)


def test_a_damaged_drive_that_lives_is_rescued_to_its_end(tmp_path: Path) -> None:
    result = rescue_disk(DyingDisk(10**9), tmp_path / "JB1", options=RescueOptions(Options(raw=True)))
    assert result.manifest is not None
    assert sector_set(result.manifest.read.unreadable) == BAD


class NappingDisk(FaultyDisk):
    """A disk that answers none of `nap_requests` behind so many requests: the doubt, and the first look at it."""

    def __init__(self, naps_after: int, nap_requests: int) -> None:
        super().__init__(SECTORS, Faults(bad=BAD))
        self.naps_after = naps_after
        self.nap_requests = nap_requests
        self.unanswered = 0

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Read as a faulty disk does, but for the nap."""
        if len(self.requests) >= self.naps_after and self.unanswered < self.nap_requests:
            self.unanswered += 1
            raise ReadFailure(errno.EIO, SectorRange(first_sector, len(view) // 512))
        super().read_into(view, first_sector)


@pytest.mark.parametrize("nap", NAPS)
@pytest.mark.parametrize("naps_after", [60, 100, 150])
def test_what_failed_while_a_drive_was_silent_is_read_when_it_answers_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, naps_after: int, nap: str
) -> None:
    monkeypatch.setattr("acquire.life_check.SECOND_LOOK_SECONDS", 0.0)
    disk = NappingDisk(naps_after, NAPS[nap])
    result = rescue_disk(disk, tmp_path / "JB1", options=RescueOptions(Options(raw=True)))
    assert disk.unanswered == NAPS[nap]
    assert result.manifest is not None, result.stopped
    assert sector_set(result.manifest.read.unreadable) == BAD
    assert not result.manifest.findings
