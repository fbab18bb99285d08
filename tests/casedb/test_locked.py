"""The lock at which writers queue is a plain file, or an error."""

import os
from pathlib import Path

import pytest

from casedb.ledger import locked


def test_a_pipe_in_the_place_of_the_lock_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "case.lock")
    with pytest.raises(OSError, match="No such device or address"), locked(tmp_path / "case.lock"):
        pytest.fail("a pipe was locked")


def test_a_link_in_the_place_of_the_lock_makes_no_file_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "case.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"), locked(tmp_path / "case.lock"):
        pytest.fail("a link was followed")
    assert not (tmp_path / "elsewhere").exists()
