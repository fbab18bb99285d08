"""Lanes keep order, hand errors back to where they are fed, and buffers come back to their pool."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from image.buffers import BufferPool
from image.lanes import Lane, map_in_order


def test_a_lane_works_in_the_order_of_its_items() -> None:
    seen: list[int] = []
    lane = Lane(seen.append, "test")
    for number in range(1000):
        lane.put(number)
    lane.close()
    assert seen == list(range(1000))


def test_an_error_in_a_lane_comes_back_and_later_items_are_dropped() -> None:
    dropped: list[int] = []

    def work(number: int) -> None:
        if number == 3:
            raise OSError(28, "No space left on device")

    lane = Lane(work, "test", drop=dropped.append)

    def feed() -> None:
        for number in range(10**6):
            lane.put(number)

    with pytest.raises(OSError, match="No space left"):
        feed()
    assert lane.failed
    with pytest.raises(OSError, match="No space left"):
        lane.close()
    assert dropped[:1] in ([], [4])


def test_results_come_in_the_order_of_the_items_however_long_each_takes() -> None:
    first_may_end = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            assert first_may_end.wait(5)
        else:
            first_may_end.set()
        return number * 2

    with ThreadPoolExecutor(2) as pool:
        assert list(map_in_order(work, range(50), pool, ahead=4)) == [number * 2 for number in range(50)]


def test_no_more_items_are_under_way_than_asked_for() -> None:
    taken: list[int] = []

    def watched() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(2) as pool:
        results = map_in_order(abs, watched(), pool, ahead=4)
        assert next(iter(results)) == 0
        assert len(taken) == 5
        assert list(results) == list(range(1, 100))


def test_a_buffer_is_free_again_when_its_last_user_is_done() -> None:
    pool = BufferPool(1, 4096)
    buffer = pool.take(512, users=2)
    assert len(buffer.view) == 512
    buffer.release()
    waiting = threading.Thread(target=lambda: pool.take(4096, users=1).release())
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    buffer.release()
    waiting.join(5)
    assert not waiting.is_alive()
