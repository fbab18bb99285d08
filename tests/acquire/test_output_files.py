"""The files beside the segments: whole, or not there."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from acquire.output_files import write_new

LIMIT_BYTES = 4096


@pytest.fixture
def no_large_files() -> Iterator[None]:
    """The system lets no file grow beyond the limit: a write is cut short, the next one fails."""
    earlier = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, earlier[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, earlier)


@pytest.mark.usefixtures("no_large_files")
def test_a_file_that_cannot_be_written_whole_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File too large"):
        write_new(tmp_path / "JB1.txt", bytes(2 * LIMIT_BYTES))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "JB1.txt"
    path.write_text("earlier")
    with pytest.raises(FileExistsError):
        write_new(path, b"later")
    assert path.read_text() == "earlier"
