"""The reserve gives memory back as the outputs grow, and leaves nothing behind."""

import time
from pathlib import Path

import pytest

from bench import reserve
from bench.host_memory import NEVER, is_handed_back, kept_memory
from bench.reserve import AHEAD_BYTES, Reserve

MIB = 2**20


def test_it_shrinks_by_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "is_handed_back", lambda: True)
    watched = tmp_path / "outputs"
    watched.mkdir()
    with Reserve(tmp_path, watched, AHEAD_BYTES + 32 * MIB):
        (watched / "image").write_bytes(bytes(8 * MIB))
        deadline = time.monotonic() + 5
        while (tmp_path / "reserve").stat().st_size > 24 * MIB and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (tmp_path / "reserve").stat().st_size == 24 * MIB
    assert not (tmp_path / "reserve").exists()


def test_where_memory_stays_it_is_taken_once_and_given_back_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reserve, "is_handed_back", lambda: False)
    with Reserve(tmp_path, tmp_path, 32 * MIB):
        assert not (tmp_path / "reserve").exists()


def test_the_setting_is_put_back(tmp_path: Path) -> None:
    order = tmp_path / "order"
    order.write_text("9\n")
    with kept_memory(order):
        assert order.read_text() == str(NEVER)
        assert not is_handed_back(order)
    assert order.read_text() == "9\n"
    assert is_handed_back(order)


def test_a_kernel_without_the_setting_hands_nothing_back(tmp_path: Path) -> None:
    with kept_memory(tmp_path / "absent"):
        assert not is_handed_back(tmp_path / "absent")
