"""What is remembered of a reading stays bounded, however long the job lasts."""

from acquire.event_kinds import EventKind
from acquire.read_history import MAXIMUM_EVENTS_OF_A_KIND, ReadHistory
from acquire.reader import MAXIMUM_ERRORS, BatchRead
from image.read_record import ReadErrorEvent
from image.sectors import SectorRange
from tests.sim.still_clock import StillClock

NOW = StillClock().now()


def flooded(history: ReadHistory) -> ReadHistory:
    for number in range(MAXIMUM_EVENTS_OF_A_KIND + 5):
        history.add_event(NOW, EventKind.SOURCE_REFUSED, str(number))
    return history


def test_a_flood_of_one_kind_of_event_is_counted_and_hides_no_stop() -> None:
    history = flooded(ReadHistory(8, 512))
    history.add_event(NOW, EventKind.STOPPED, "stopped by the operator")
    read = history.snapshot()
    assert (len(read.events), read.left_out_events) == (MAXIMUM_EVENTS_OF_A_KIND + 1, 5)
    assert read.events[-1].kind == "stopped"


def test_a_job_that_goes_on_keeps_no_more_events_than_one_session() -> None:
    earlier = flooded(ReadHistory(8, 512)).snapshot()
    read = flooded(ReadHistory(8, 512, earlier)).snapshot()
    assert read.events == earlier.events
    assert read.left_out_events == 5 + MAXIMUM_EVENTS_OF_A_KIND + 5


def test_failed_reads_are_all_counted_and_so_many_kept() -> None:
    history, sector = ReadHistory(8, 512), SectorRange(3, 1)
    error = ReadErrorEvent(NOW, sector, "EIO", 1)
    for _ in range(MAXIMUM_ERRORS + 5):
        history.add_read(sector, BatchRead((), (error,), 1), None)
    read = history.snapshot()
    assert (len(read.errors), read.error_count) == (MAXIMUM_ERRORS, MAXIMUM_ERRORS + 5)
