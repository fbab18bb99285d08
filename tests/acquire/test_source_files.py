"""Files as sources, and what is refused as one."""

import mmap
import os
import socket
from pathlib import Path

import pytest

from acquire.media import SourceLostError
from acquire.source import open_source
from acquire.source_options import SourceOptions
from image.errors import SourceError
from tests.sim.block_devices import numbered_image
from tests.sim.faulty_disk import sector_content


def refusal(path: str, options: SourceOptions | None = None) -> SourceError:
    """The error with which a source is refused."""
    with pytest.raises(SourceError) as refused, open_source(path, options or SourceOptions()):
        pass
    return refused.value


def test_a_file_is_read_by_sectors(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk.raw", 100)
    buffer = memoryview(mmap.mmap(-1, 4096))
    with open_source(str(image)) as opened:
        assert (opened.facts.kind, opened.facts.size_bytes, opened.facts.sector_size_bytes) == ("file", 51200, 512)
        opened.media.read_into(buffer[:1024], 98)
    assert bytes(buffer[:1024]) == sector_content(98, 512) + sector_content(99, 512)


def test_the_sector_size_of_a_file_is_what_is_asked_for(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk.raw", 8, 4096)
    with open_source(str(image), SourceOptions(sector_size_bytes=4096)) as opened:
        assert opened.facts.sector_size_bytes == 4096
    assert refusal(str(image), SourceOptions(sector_size_bytes=520)).what == "a sector size of 520 bytes"


def test_a_file_that_ends_within_a_sector_is_refused_or_padded(tmp_path: Path) -> None:
    image = tmp_path / "disk.raw"
    image.write_bytes(b"\x11" * 700)
    assert refusal(str(image)).do == "Give --pad-last-sector, or another --sector-size"
    buffer = memoryview(bytearray(b"\xff" * 1024))
    with open_source(str(image), SourceOptions(pad=True)) as opened:
        assert (opened.padded_bytes, opened.facts.size_bytes) == (324, 1024)
        opened.media.read_into(buffer, 0)
    assert bytes(buffer) == b"\x11" * 700 + bytes(324)


def test_a_file_that_becomes_shorter_is_lost_not_ended(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk.raw", 100)
    with open_source(str(image)) as opened:
        os.truncate(image, 51200 - 512)
        with pytest.raises(SourceLostError, match="the file had 51200 bytes and has 50688"):
            opened.media.read_into(memoryview(bytearray(51200)), 0)


def test_reading_leaves_the_access_time_of_a_file_alone(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk.raw", 100)
    os.utime(image, ns=(1_000_000_000, 2_000_000_000))
    with open_source(str(image)) as opened:
        opened.media.read_into(memoryview(bytearray(512)), 0)
    assert image.stat().st_atime_ns == 1_000_000_000


def test_an_absent_source_is_refused(tmp_path: Path) -> None:
    error = refusal(str(tmp_path / "nothing"))
    assert (error.what, error.exit_code) == ("there is no such source", 3)


def test_what_is_neither_a_device_nor_a_file_is_refused_by_its_kind(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        kinds = {name: refusal(str(tmp_path / name)).what for name in ("", "pipe", "socket")}
    assert kinds == {
        "": "the source is a folder",
        "pipe": "the source is a pipe",
        "socket": "the source is a socket",
    }
    assert refusal(os.devnull).what == "the source is a character device"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert refusal(str(tmp_path / "empty")).what == "the source is empty"


def test_a_path_with_a_zero_byte_is_refused_as_a_path() -> None:
    assert refusal("disk\0.raw").what.startswith("cannot open the source")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk.raw", 1)
    image.chmod(0)
    assert refusal(str(image)).what == "no permission to read the source"


def test_a_path_that_is_no_text_is_recorded_with_visible_escapes(tmp_path: Path) -> None:
    image = tmp_path / os.fsdecode(b"disk\xff.raw")
    image.write_bytes(bytes(512))
    with open_source(str(image)) as opened:
        assert opened.facts.path == f"{tmp_path}/disk\\xff.raw"
