"""The end of a very large drive, imaged for real from a sparse loop device of 14 TiB."""

import hashlib
import os
from pathlib import Path

import pyewf
import pytest

from tests.cli.conftest import Workstation
from tests.sim.block_devices import loop_device, needs_program, needs_root, tool

TIB = 1024**4
MIB = 1024**2
TAIL_BYTES = 64 * MIB


def sparse_drive(path: Path, size_bytes: int, tail: bytes) -> Path:
    """A file of this size, empty but for its end."""
    with path.open("wb") as file:
        file.truncate(size_bytes)
        os.pwrite(file.fileno(), tail, size_bytes - len(tail))
    return path


@pytest.mark.root
@needs_root
@needs_program("losetup", "ewfverify", "blockdev")
def test_the_last_64_mib_of_a_14_tib_drive_are_imaged(station: Workstation, tmp_path: Path) -> None:
    tail = hashlib.shake_256(b"tail").digest(3 * MIB + 512)
    drive = sparse_drive(tmp_path / "drive", 14 * TIB, tail)
    first, count = (14 * TIB - TAIL_BYTES) // 512, TAIL_BYTES // 512
    with loop_device(drive) as device:
        answer = station.run_json(
            "acquire",
            device,
            "--output",
            tmp_path / "JB1",
            "--start",
            first,
            "--sectors",
            count,
            "--no-second-opinion",
        )
        assert tool("blockdev", "--getro", device) == "0"
    media = bytes(TAIL_BYTES - len(tail)) + tail
    assert (answer["verdict"], answer["exit_code"]) == ("PASSED", 0)
    assert answer["image"]["media_size"] == TAIL_BYTES
    assert answer["digests"]["sha256"] == hashlib.sha256(media).hexdigest()
    assert "ewfverify: SUCCESS" in tool("ewfverify", "-q", str(tmp_path / "JB1.E01"))


@pytest.mark.root
@needs_root
@needs_program("losetup", "blockdev")
@pytest.mark.parametrize(("tebibytes", "chunk_sectors"), [(4, 128), (14, 256)])
def test_a_dry_run_on_a_large_drive_plans_chunks_that_readers_can_open(
    station: Workstation, tmp_path: Path, tebibytes: int, chunk_sectors: int
) -> None:
    with loop_device(sparse_drive(tmp_path / "drive", tebibytes * TIB, b"end")) as device:
        answer = station.run_json("acquire", device, "--output", tmp_path / "JB1", "--dry-run")
    assert answer["exit_code"] == 0
    assert f"chunks of {chunk_sectors} sectors" in str(answer)
    assert not list(tmp_path.glob("JB1*"))


@pytest.mark.long
@pytest.mark.big
@pytest.mark.root
@needs_root
@needs_program("losetup", "ewfinfo", "blockdev")
def test_a_whole_drive_of_4_1_tib_becomes_an_e01_that_libewf_reads(station: Workstation, tmp_path: Path) -> None:
    size_bytes = 41 * TIB // 10 // MIB * MIB
    marks = {0: b"first", 2 * TIB - 7: b"two tebibytes", 4 * TIB - 9: b"four tebibytes", size_bytes - 4: b"last"}
    drive = sparse_drive(tmp_path / "drive", size_bytes, b"last")
    with drive.open("r+b") as file:
        for offset, mark in marks.items():
            os.pwrite(file.fileno(), mark, offset)
    with loop_device(drive) as device:
        answer = station.run_json(
            "acquire", device, "--output", tmp_path / "JB1", "--hash", "sha256", "--no-verify"
        )
    assert (answer["exit_code"], answer["image"]["media_size"]) == (0, size_bytes)
    printed = tool("ewfinfo", str(tmp_path / "JB1.E01"))
    assert f"({size_bytes} bytes)" in printed
    handle = pyewf.handle()
    handle.open(pyewf.glob(str(tmp_path / "JB1.E01")))
    for offset, mark in marks.items():
        assert handle.read_buffer_at_offset(len(mark), offset) == mark
    handle.close()
