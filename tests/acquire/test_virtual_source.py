"""A virtual disk as a source: what it holds is read, and what cannot be decoded is a bad sector."""

import errno
from pathlib import Path

import pytest

from acquire.media import ReadFailure, SourceLostError
from acquire.source import open_source
from acquire.source_options import SourceOptions
from image.errors import SourceError
from tests.image.udif.making import RAW, Made, Table
from tests.image.virtual.disks import SIZE_BYTES, break_first_cluster, content, made_disk, needs_qemu
from tests.sim.block_devices import tool

CLUSTER_SECTORS = 128


def sectors_of(path: Path, first: int, count: int) -> bytes:
    """Some sectors of a source."""
    with open_source(str(path)) as opened:
        view = memoryview(bytearray(count * 512))
        opened.media.read_into(view, first)
        return bytes(view)


@needs_qemu
@pytest.mark.parametrize("qemu_format", ["qcow2", "vmdk", "vpc", "vhdx", "vdi"])
def test_the_media_of_a_virtual_disk_is_the_source(qemu_format: str, tmp_path: Path) -> None:
    options = "force_size=on" if qemu_format == "vpc" else ""
    path = made_disk(tmp_path, qemu_format, options)
    assert sectors_of(path, 3, 7) == content()[3 * 512 : 10 * 512]
    with open_source(str(path)) as opened:
        facts = opened.facts
        assert (facts.size_bytes, facts.sector_size_bytes) == (SIZE_BYTES, 512)
        assert facts.kind.startswith("virtual disk (")
        assert facts.reports[0].program == "qemu-nbd"


@needs_qemu
def test_the_bytes_of_its_file_are_the_source_where_that_is_asked_for(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "qcow2")
    with open_source(str(path), SourceOptions(as_stored=True)) as opened:
        assert (opened.facts.kind, opened.facts.size_bytes) == ("file", path.stat().st_size)


@needs_qemu
def test_a_cluster_that_does_not_decode_fails_the_read_of_its_sectors(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "qcow2", "compressed")
    break_first_cluster(path)
    with pytest.raises(ReadFailure) as failed:
        sectors_of(path, CLUSTER_SECTORS - 1, 2)
    assert failed.value.error_number == errno.EIO
    assert sectors_of(path, CLUSTER_SECTORS, 2) == content()[CLUSTER_SECTORS * 512 :][:1024]


@needs_qemu
def test_sectors_behind_the_end_of_a_truncated_file_fail_and_are_no_zeros(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vmdk", "subformat=monolithicFlat")
    with (tmp_path / "disk-flat.vmdk").open("r+b") as file:
        file.truncate(SIZE_BYTES - 4096)
    last = SIZE_BYTES // 512 - 8
    assert len(sectors_of(path, last - 1, 1)) == 512
    for first, count in ((last - 1, 2), (last, 1), (last + 7, 1)):
        with pytest.raises(ReadFailure):
            sectors_of(path, first, count)


@needs_qemu
def test_a_virtual_disk_with_a_backing_file_is_no_source(tmp_path: Path) -> None:
    base, overlay = made_disk(tmp_path, "qcow2"), tmp_path / "overlay.qcow2"
    tool("qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", str(base), str(overlay))
    with pytest.raises(SourceError, match=r"not read alone.*--source-format raw"):
        open_source(str(overlay)).__enter__()


@needs_qemu
def test_a_source_whose_qemu_died_is_lost(tmp_path: Path) -> None:
    with open_source(str(made_disk(tmp_path, "qcow2"))) as opened:
        view = memoryview(bytearray(512))
        opened.media.read_into(view, 0)
        opened.media.media._server._server._tool._process.kill()  # type: ignore[attr-defined]
        with pytest.raises(SourceLostError, match="qemu ended"):
            opened.media.read_into(view, 0)


def test_a_dmg_is_converted_and_not_acquired(tmp_path: Path) -> None:
    path = tmp_path / "a.dmg"
    path.write_bytes(Made([Table([(RAW, bytes(1024))])]).as_bytes())
    with pytest.raises(SourceError, match="diskwitness convert"):
        open_source(str(path)).__enter__()
