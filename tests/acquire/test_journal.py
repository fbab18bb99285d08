"""The journal is the first file of an image, or there is none."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acquire.journal_file import create_journal
from image.errors import DestinationError
from tests.sim.resuming import killed_at


@contextmanager
def one_more_file() -> Iterator[None]:
    """The system lets this process open one more file, and no second one."""
    next_descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(next_descriptor)
    earlier = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_descriptor + 1, earlier[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, earlier)


def test_a_journal_whose_folder_cannot_be_made_durable_is_not_left(tmp_path: Path) -> None:
    with one_more_file(), pytest.raises(OSError, match="Too many open files"):
        create_journal(tmp_path / "JB1", b"{}")
    assert list(tmp_path.iterdir()) == []
    create_journal(tmp_path / "JB1", b"{}").remove()


def test_a_pipe_in_the_journals_place_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "JB1.manifest.json.partial")

    with pytest.raises(DestinationError, match="stopped acquisition"):
        create_journal(tmp_path / "JB1", b"{}")


def test_a_file_that_also_bears_the_name_of_the_next_journal_keeps_its_bytes(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"somebody's own")
    (tmp_path / "JB1.manifest.json.partial.new").hardlink_to(foreign)
    journal = create_journal(tmp_path / "JB1", b"{}")

    journal.replace(b"{}")
    journal.close()

    assert foreign.read_bytes() == b"somebody's own"
    assert (tmp_path / "JB1.manifest.json.partial").read_bytes() == b"{}"


def test_a_journal_has_its_contents_before_it_has_its_name(tmp_path: Path) -> None:
    seen = 0
    while killed_at(seen, lambda: create_journal(tmp_path / "JB1", b"contents"), tmp_path):
        assert {path.read_bytes() for path in tmp_path.iterdir()} <= {b"contents"}
        for path in tmp_path.iterdir():
            path.unlink()
        seen += 1
    assert seen >= 2
    assert (tmp_path / "JB1.manifest.json.partial").read_bytes() == b"contents"


def test_a_journal_is_made_where_a_file_cannot_be_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY)
    create_journal(tmp_path / "JB1", b"contents").close()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"contents"]
    with pytest.raises(DestinationError, match="stopped acquisition"):
        create_journal(tmp_path / "JB1", b"others")
