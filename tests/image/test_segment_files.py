"""Segment files that several threads read while others close what is done with."""

import threading
from pathlib import Path

from image.segment_files import SegmentFiles, SegmentReadError

READS = 3000


def test_a_file_is_never_closed_under_a_thread_that_reads_it(tmp_path: Path) -> None:
    paths = [tmp_path / f"JB1.{number:03d}" for number in range(1, 4)]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number]) * 4096)
    problems: list[str] = []

    def read(files: SegmentFiles, index: int) -> None:
        for _ in range(READS):
            try:
                if files.read(index, 0, 4096) != bytes([index]) * 4096:
                    problems.append(f"segment {index} gave the bytes of another file")
            except SegmentReadError as error:
                problems.append(str(error))

    with SegmentFiles(paths) as files:
        readers = [threading.Thread(target=read, args=(files, index)) for index in (0, 0, 1, 2)]
        for reader in readers:
            reader.start()
        while any(reader.is_alive() for reader in readers):
            files.close_before(2)
            files.close()
    assert problems == []


def test_closing_leaves_no_file_open(tmp_path: Path) -> None:
    path = tmp_path / "JB1.001"
    path.write_bytes(b"media")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with SegmentFiles([path]) as files:
        assert files.read(0, 1, 3) == b"edi"
        files.close_before(1)
        assert files.read(0, 0, 5) == b"media"
    assert len(list(Path("/proc/self/fd").iterdir())) == before
