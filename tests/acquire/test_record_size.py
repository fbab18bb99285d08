"""Journals, manifests and maps of very damaged and very large drives: what is written can be read back."""

from dataclasses import replace
from pathlib import Path

import pytest

from acquire.journal import Journal, JournalState, journal_bytes, unwritten
from acquire.resume_journal import read_journal
from image.job import Parameters
from image.mapfile import decode_mapfile
from image.read_record import ReadRecord
from image.sectors import SectorRange
from image.sidecars import Sidecar
from tests.sim.acquisitions import Options, acquire_disk, request_for
from tests.sim.faulty_disk import Faults, FaultyDisk
from tests.sim.memory_disk import MemoryDisk
from tests.sim.rescues import RescueOptions, rescue_disk
from tests.sim.still_clock import NOON

EVERY_SECOND = frozenset(range(1, 8192, 2))


def journal_of(sector_count: int, read: ReadRecord, prefixes: int) -> Journal:
    """A journal of media of so many sectors, read up to its last whole prefix."""
    job = request_for(MemoryDisk(bytes(512)), (), Options(raw=True)).job
    parameters: Parameters = replace(job.parameters, sector_count=sector_count)
    job = replace(job, parameters=parameters, source=replace(job.source, size_bytes=sector_count * 512))
    return replace(unwritten(job, JournalState.RUNNING, NOON, read), prefix_sha256=("0" * 64,) * prefixes)


@pytest.mark.parametrize(("ranges", "prefixes"), [(100_000, 1), (1, 360_000)])
def test_the_journal_of_a_large_or_very_damaged_drive_is_read_back(
    tmp_path: Path, ranges: int, prefixes: int
) -> None:
    unreadable = tuple(SectorRange(2 * number, 1) for number in range(ranges))
    journal = journal_of(2**36, ReadRecord(unreadable), prefixes)
    path = tmp_path / "JB1.manifest.json.partial"
    path.write_bytes(journal_bytes(journal))
    read, _ = read_journal(path)
    assert isinstance(read, Journal)
    assert (read.read.unreadable, read.prefix_sha256) == (unreadable, journal.prefix_sha256)


def test_a_drive_with_more_damage_than_a_journal_can_tell_is_not_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acquire.record_size.MAXIMUM_BYTES", 100_000)
    result = acquire_disk(FaultyDisk(8192, Faults(bad=EVERY_SECOND)), tmp_path / "JB1", options=Options(raw=True))
    assert result.manifest is None
    assert "unreadable ranges make a record of" in (result.stopped or "")
    record, _ = read_journal(Sidecar.JOURNAL.beside(tmp_path / "JB1"))
    assert isinstance(record, Journal)


def test_a_rescue_with_more_damage_than_its_map_can_tell_stops_with_a_map_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acquire.record_size.MAXIMUM_BLOCKS", 2000)
    result = rescue_disk(FaultyDisk(8192, Faults(bad=EVERY_SECOND)), tmp_path / "JB1", options=RescueOptions())
    assert "blocks, more than are read back" in (result.stopped or "")
    kept = decode_mapfile((tmp_path / "JB1.map").read_text(), 512, "JB1.map")
    assert 1000 <= kept.block_count <= 2000
