"""The reserve gives memory back as the outputs grow, and leaves nothing behind."""

import time
from pathlib import Path

from bench.reserve import AHEAD_BYTES, Reserve

MIB = 2**20


def test_it_shrinks_by_what_was_written(tmp_path: Path) -> None:
    watched = tmp_path / "outputs"
    watched.mkdir()
    with Reserve(tmp_path, watched, AHEAD_BYTES + 32 * MIB):
        (watched / "image").write_bytes(bytes(8 * MIB))
        deadline = time.monotonic() + 5
        while (tmp_path / "reserve").stat().st_size > 24 * MIB and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (tmp_path / "reserve").stat().st_size == 24 * MIB
    assert not (tmp_path / "reserve").exists()
