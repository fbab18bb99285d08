"""The model of a power cut against what is known of file systems."""

import pytest

from tests.sim.power_cut import FolderModel, LeftFile, Loss, Operation

WRITTEN = (
    Operation("create", "state", number=0o644),
    Operation("write", "state", data=b"old"),
    Operation("fsync", "state"),
    Operation("fsyncdir", ""),
    Operation("create", "state.new", number=0o644),
    Operation("write", "state.new", data=b"new"),
    Operation("rename", "state.new", to="state"),
)


def left(operations: tuple[Operation, ...], loss: Loss) -> dict[str, bytes]:
    """The bytes of each file that a power cut leaves."""
    model = FolderModel()
    model.apply(operations)
    files = model.after_power_cut(loss)
    return {name: file.data for name, file in files.items() if isinstance(file, LeftFile)}


@pytest.mark.parametrize(
    ("loss", "state"),
    [(Loss.NOTHING, b"new"), (Loss.EVERYTHING, b"old"), (Loss.BYTES, b""), (Loss.ZEROS, bytes(3))],
)
def test_a_rename_of_a_file_that_was_not_synced_may_leave_an_empty_one(loss: Loss, state: bytes) -> None:
    assert left(WRITTEN, loss) == {"state": state}


@pytest.mark.parametrize("loss", Loss)
def test_nothing_that_was_synced_is_lost(loss: Loss) -> None:
    synced = (*WRITTEN, Operation("fsync", "state"), Operation("fsyncdir", ""))
    assert left(synced, loss) == {"state": b"new"}


@pytest.mark.parametrize("loss", Loss)
def test_a_sync_of_the_folder_alone_makes_no_bytes_durable(loss: Loss) -> None:
    named = (*WRITTEN, Operation("fsyncdir", ""))
    assert set(left(named, loss)) == {"state"}
    assert (left(named, loss)["state"] == b"new") == (loss is Loss.NOTHING) or loss is Loss.RANDOM
