"""The data of the bench is what the table says it is, each time."""

from pathlib import Path

from bench.data import RUN_BYTES, write_data

SIZE_BYTES = 40 * RUN_BYTES


def test_three_runs_in_ten_are_zeros_and_the_rest_are_not(tmp_path: Path) -> None:
    write_data(tmp_path / "data", SIZE_BYTES)
    content = (tmp_path / "data").read_bytes()
    runs = [content[first : first + RUN_BYTES] for first in range(0, SIZE_BYTES, RUN_BYTES)]
    assert runs.count(bytes(RUN_BYTES)) == 12
    assert len(set(runs)) == 29


def test_the_same_data_comes_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_data(tmp_path / name, SIZE_BYTES)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_size_that_is_no_whole_run_is_kept_to_the_byte(tmp_path: Path) -> None:
    write_data(tmp_path / "data", RUN_BYTES + 512)
    assert (tmp_path / "data").stat().st_size == RUN_BYTES + 512
