"""Virtual disks whose first table names one second table again and again: little work, and never a pass."""

import hashlib
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from acquire.virtual_source import open_virtual_source
from image.description import describe_image
from image.errors import ImageNotReadError, SourceError, StoppedError
from image.finding_list import FindingList
from image.findings import Finding
from image.formats import ImageFormat
from image.scan_watch import ScanWatch, watch_nothing
from image.sectors import SectorRange
from image.segment_files import SegmentFiles
from image.virtual.lost_media import find_lost_media
from image.virtual.reader import LOOKS
from tests.image.virtual.disks import MIB, needs_qemu
from tests.sim.block_devices import tool
from tests.sim.still_clock import StillClock
from verify.request import Expectation, VerificationRequest
from verify.verdict import Verdict
from verify.verification import verify_image

pytestmark = needs_qemu

TIB = 1024**4
CLUSTER = 64 * 1024
QCOW2_TABLE_COVERS_SECTORS = CLUSTER // 8 * CLUSTER // 512


def empty_disk(folder: Path, qemu_format: str, size_bytes: int, options: str = "") -> bytearray:
    """A disk that holds nothing, of one file."""
    path = folder / f"disk.{qemu_format}"
    how = ["-o", options] if options else []
    tool("qemu-img", "create", "-q", "-f", qemu_format, *how, str(path), str(size_bytes))
    return bytearray(path.read_bytes())


def shared_qcow2(
    folder: Path, size_bytes: int, *, block: bytes = b"evidence", step: int = 0, cluster: int = CLUSTER
) -> Path:
    """A QCOW2 each of whose first entries names one second table, whose entries all name one cluster.

    With a `step` each names a place so many bytes behind the one before; without a `block` nothing is stored.
    """
    data = empty_disk(folder, "qcow2", size_bytes, f"cluster_size={cluster}")
    entries, first = *struct.unpack_from(">I", data, 36), *struct.unpack_from(">Q", data, 40)
    table = -(-max(len(data), first + entries * 8) // cluster) * cluster
    data += bytes(table - len(data))
    struct.pack_into(f">{entries}Q", data, first, *(table + step * number for number in range(entries)))
    entry = table + cluster if block else 0
    data += struct.pack(">Q", entry) * (cluster // 8) + (block or bytes(8)) * (cluster // 8)
    data += bytes(step * entries)
    path = folder / "disk.qcow2"
    path.write_bytes(data)
    return path


def shared_qcow(folder: Path, size_bytes: int) -> Path:
    """The same of version 1: clusters of 4 KiB, 512 entries."""
    data = empty_disk(folder, "qcow", size_bytes)
    (first,) = struct.unpack_from(">Q", data, 40)
    return with_tables(folder / "disk.qcow", data, first, size_bytes // (512 * 4096), ">Q", 1, 512, 4096)


def shared_qed(folder: Path, size_bytes: int) -> Path:
    """The same of a QED: clusters of 64 KiB, tables of four."""
    data = empty_disk(folder, "qed", size_bytes)
    (first,) = struct.unpack_from("<Q", data, 40)
    entries = 4 * CLUSTER // 8
    return with_tables(
        folder / "disk.qed", data, first, size_bytes // (entries * CLUSTER), "<Q", 1, entries, CLUSTER
    )


def shared_vmdk(folder: Path, size_bytes: int) -> Path:
    """The same of a sparse VMDK: grains of 64 KiB, 512 entries, places in sectors."""
    data = empty_disk(folder, "vmdk", size_bytes)
    (first,) = struct.unpack_from("<Q", data, 56)
    firsts = size_bytes // (512 * CLUSTER)
    return with_tables(folder / "disk.vmdk", data, first * 512, firsts, "<I", 512, 512, CLUSTER)


def with_tables(
    path: Path, data: bytearray, first: int, firsts: int, code: str, unit: int, entries: int, block: int
) -> Path:
    """Put a second table and a block behind a disk, and let every first entry name that table."""
    table = -(-max(len(data), first + firsts * struct.calcsize(code)) // CLUSTER) * CLUSTER
    behind = table + -(-entries * struct.calcsize(code) // CLUSTER) * CLUSTER
    data += bytes(behind + block - len(data))
    struct.pack_into(f"{code[0]}{firsts}{code[1]}", data, first, *[table // unit] * firsts)
    struct.pack_into(f"{code[0]}{entries}{code[1]}", data, table, *[behind // unit] * entries)
    path.write_bytes(data)
    return path


@pytest.fixture
def read_bytes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size of every read of an image's structures, in bytes."""
    sizes: list[int] = []
    read = SegmentFiles.read

    def counted(self: SegmentFiles, index: int, offset_bytes: int, size_bytes: int) -> bytes:
        sizes.append(size_bytes)
        return read(self, index, offset_bytes, size_bytes)

    monkeypatch.setattr(SegmentFiles, "read", counted)
    return sizes


def scanned(path: Path, image_format: ImageFormat, watch: ScanWatch = watch_nothing) -> list[Finding]:
    """The findings of the tables alone."""
    findings = FindingList()
    find_lost_media(LOOKS[image_format](path), findings, watch)
    return list(findings.as_tuple())


@pytest.mark.parametrize(
    ("make", "image_format", "size_bytes", "covered_sectors"),
    [
        (shared_qcow2, ImageFormat.QCOW2, 64 * TIB, QCOW2_TABLE_COVERS_SECTORS),
        (shared_qcow, ImageFormat.QCOW, TIB // 16, 512 * 8),
        (shared_qed, ImageFormat.QED, 32 * TIB, 4 * CLUSTER // 8 * CLUSTER // 512),
        (shared_vmdk, ImageFormat.VMDK, TIB // 16, 512 * 128),
    ],
)
def test_a_table_named_everywhere_is_looked_at_once_and_told(
    make: Callable[[Path, int], Path],
    image_format: ImageFormat,
    size_bytes: int,
    covered_sectors: int,
    tmp_path: Path,
    read_bytes: list[int],
) -> None:
    path = make(tmp_path, size_bytes)
    found = scanned(path, image_format)
    rest = SectorRange(covered_sectors, size_bytes // 512 - covered_sectors)
    assert [(item.code, item.sectors) for item in found] == [("virtual-table", rest)]
    assert sum(read_bytes) <= path.stat().st_size + 2 * MIB


def test_tables_that_overlap_are_told_and_read_no_more_than_the_file(tmp_path: Path, read_bytes: list[int]) -> None:
    path = shared_qcow2(tmp_path, TIB, step=512)
    found = {item.code for item in scanned(path, ImageFormat.QCOW2)}
    assert "virtual-table" in found
    assert sum(read_bytes) <= path.stat().st_size + 2 * MIB


def test_a_table_that_tells_of_nothing_may_be_named_again(tmp_path: Path, read_bytes: list[int]) -> None:
    path = shared_qcow2(tmp_path, 64 * TIB, block=b"")
    assert scanned(path, ImageFormat.QCOW2) == []
    assert sum(read_bytes) <= path.stat().st_size + 2 * MIB


def test_one_extent_named_twice_shares_its_tables(tmp_path: Path) -> None:
    tool(
        "qemu-img", "create", "-q", "-f", "vmdk", "-o", "subformat=twoGbMaxExtentSparse", f"{tmp_path}/a.vmdk", "1M"
    )
    tool("qemu-io", "-f", "vmdk", "-c", "write -P 7 0 64k", f"{tmp_path}/a.vmdk")
    descriptor = tmp_path / "a.vmdk"
    line = 'RW 2048 SPARSE "a-s001.vmdk"'
    (tmp_path / "other.vmdk").symlink_to("a-s001.vmdk")
    text = descriptor.read_text()
    assert line in text
    descriptor.write_text(text.replace(line, line + '\nRW 2048 SPARSE "other.vmdk"'))
    found = [(item.code, item.sectors) for item in scanned(descriptor, ImageFormat.VMDK)]
    assert found == [("virtual-table", SectorRange(2048, 2048))]


def test_media_that_shares_a_table_never_passes(tmp_path: Path) -> None:
    path = shared_qcow2(tmp_path, 96 * 1024, cluster=512)
    expected = Expectation("sha256", hashlib.sha256(b"evidence" * (96 * 1024 // 8)).hexdigest())
    result = verify_image(VerificationRequest(path, expectations=(expected,)), clock=StillClock())
    assert result.verdict is Verdict.FAILED
    assert [item.sectors for item in result.findings if item.code == "virtual-table"] == [SectorRange(64, 128)]


def test_a_stop_is_looked_for_at_each_read(tmp_path: Path, read_bytes: list[int]) -> None:
    path = shared_qcow2(tmp_path, 64 * TIB)
    looks = iter(range(3))

    def watch(_done_bytes: int, _total_bytes: int) -> None:
        if next(looks, None) is None:
            raise StoppedError("stopped")

    with pytest.raises(StoppedError):
        scanned(path, ImageFormat.QCOW2, watch)
    assert sum(read_bytes) < MIB // 2


def test_a_wish_to_stop_is_heard_while_tables_are_looked_at(tmp_path: Path, read_bytes: list[int]) -> None:
    path = shared_qcow2(tmp_path, 64 * TIB)
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoppedError):
        verify_image(VerificationRequest(path), clock=StillClock(), stop=stop)
    assert sum(read_bytes) < MIB


def test_a_wish_to_stop_is_heard_while_the_media_is_read(tmp_path: Path) -> None:
    path = shared_qcow2(tmp_path, 64 * TIB)
    stop, told = threading.Event(), []

    def listener(progress: object) -> None:
        told.append(progress)
        stop.set()

    with pytest.raises(StoppedError):
        verify_image(VerificationRequest(path), clock=StillClock(), listener=listener, stop=stop)
    assert len(told) == 1


def test_an_image_that_shares_a_table_is_no_source(tmp_path: Path) -> None:
    path = shared_qcow2(tmp_path, 64 * TIB)
    with pytest.raises(SourceError, match="is damaged"), open_virtual_source(str(path), ImageFormat.QCOW2):
        pass


def test_info_looks_at_no_table(tmp_path: Path, read_bytes: list[int]) -> None:
    path = shared_qcow2(tmp_path, 64 * TIB)
    assert describe_image(path).media_size_bytes == 64 * TIB
    assert sum(read_bytes) < MIB


def test_more_tables_than_any_disk_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("image.virtual.named_tables.MAXIMUM_TABLES", 1)
    path = shared_qcow2(tmp_path, TIB // 256, step=CLUSTER)
    with pytest.raises(ImageNotReadError, match="more than 1 tables"):
        scanned(path, ImageFormat.QCOW2)
