"""Drives that die while they are read, once and again: nothing is spoiled, and the image is whole in the end."""

import random

import pytest

from image.sidecars import Sidecar
from tests.cli.conftest import Workstation
from tests.torture.conftest import Count
from tests.torture.fault_scripts import MIB, make_script, seeded
from tests.torture.media import zeroed
from tests.torture.simulated_source import SimulatedSource, make_small_pieces, simulate_source
from tests.torture.truth import check_not_whole, check_whole, journal_unreadable, listed_unreadable, sectors_of_map

NO_ANSWER, STOPPED = 3, 9
"""The exit codes for a source that answers nothing from the beginning, and for one that is lost."""
DEATHS = 4
FRESH_REQUESTS = 60


@seeded(short=4, long=60)
def test_a_drive_that_dies_again_and_again_is_imaged_all_the_same(
    seed: int, station: Workstation, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    make_small_pieces(monkeypatch)
    monkeypatch.setattr("acquire.life_check.SECOND_LOOK_SECONDS", 0.0)
    script, chance = make_script(seed, largest_bytes=2 * MIB, rescue=seed % 4 == 3), random.Random(seed)
    source = simulate_source(monkeypatch, station.folder / "disk", script)
    source.disk.dies_silently = bool(seed % 2)
    deaths = 0
    for left in (*(chance.randrange(FRESH_REQUESTS) for _ in range(DEATHS)), None):
        source.disk.requests_left = left
        answer = source.acquire(station, [station.folder / "JB1"], "--resume", *script.words())
        if answer["exit_code"] not in (NO_ANSWER, STOPPED):
            break
        deaths += 1
        check_died(source, station)
    assert answer["verdict"] == "PASSED", answer
    lost = listed_unreadable(station.folder / "JB1")
    assert script.given_up() <= lost <= source.disk.given_up()
    check_whole(station.folder / "JB1", zeroed(script.media, lost, script.sector_size_bytes), lost)
    count("dying drives", drives=1, deaths=deaths, wrong=0)


def check_died(source: SimulatedSource, station: Workstation) -> None:
    """See that what a dead drive leaves is no whole image, and that no sector is called bad that is not."""
    output = station.folder / "JB1"
    check_not_whole(output)
    if not any(station.folder.glob("JB1*")):
        return  # it was dead before anything was begun
    assert journal_unreadable(output) <= source.disk.given_up()
    map_of_rescue = Sidecar.MAP.beside(output)
    if map_of_rescue.exists():
        assert sectors_of_map(map_of_rescue, source.disk.sector_size_bytes) <= source.disk.given_up(tries=1)
