"""Virtual disks of every format that qemu makes: the media that went in comes out, and nothing is passed over."""

import hashlib
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from image.errors import ImageNotReadError
from image.opening import open_image
from image.sectors import SectorRange
from image.virtual import media_server
from tests.image.virtual.disks import (
    FORMATS,
    MIB,
    SIZE_BYTES,
    break_first_cluster,
    content,
    doubts,
    made_disk,
    media_of,
    needs_qemu,
    read_media,
)
from tests.sim.block_devices import tool

pytestmark = needs_qemu


@pytest.mark.parametrize(("qemu_format", "options"), FORMATS)
def test_what_qemu_put_in_comes_out(qemu_format: str, options: str, tmp_path: Path) -> None:
    media, findings = media_of(made_disk(tmp_path, qemu_format, options))
    assert media == content()
    assert doubts(findings) == []


def test_compressed_clusters_come_out(tmp_path: Path) -> None:
    media, findings = media_of(made_disk(tmp_path, "qcow2", "compressed"))
    assert media == content()
    assert doubts(findings) == []


def test_a_pool_reads_the_same_in_order(tmp_path: Path) -> None:
    data = content(24 * MIB)
    path = made_disk(tmp_path, "qcow2", "compressed", data)
    with ThreadPoolExecutor(3) as pool, open_image(path) as image:
        offsets, digest = [], hashlib.sha256()
        for piece in image.media(pool):
            offsets.append(piece.media_offset_bytes)
            digest.update(piece.data)
            piece.release()
    assert offsets == list(range(0, len(data), MIB))
    assert digest.digest() == hashlib.sha256(data).digest()


def test_the_media_is_read_at_any_place(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vhdx")
    with open_image(path) as image:
        access = image.access()
        assert access.read_at(MIB - 3, 7) == content()[MIB - 3 : MIB + 4]
        assert access.read_at(SIZE_BYTES - 5, 100) == content()[-5:]
        assert access.read_at(SIZE_BYTES + 5, 100) == b""
        access.close()


TRUNCATED = [
    ("vmdk", "subformat=monolithicSparse", 768),
    ("vpc", "subformat=dynamic,force_size=on", 1792),
    ("vhdx", "subformat=dynamic,block_size=1M", 768),
    ("vdi", "static=off", 768),
    ("qcow2", "", 768),
    ("qcow", "", 768),
    ("qed", "", 768),
    ("parallels", "", 768),
]


@pytest.mark.parametrize(("qemu_format", "options", "cut_kib"), TRUNCATED)
def test_what_a_truncated_file_has_lost_is_named_and_not_read_as_zeros(
    qemu_format: str, options: str, cut_kib: int, tmp_path: Path
) -> None:
    path = made_disk(tmp_path, qemu_format, options)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - cut_kib * 1024)
    media, findings = media_of(path)
    lost = [item.sectors for item in findings if item.code == "virtual-truncated" and item.sectors]
    assert lost
    wrong = {at for at in range(0, len(media), 512) if media[at : at + 512] != content()[at : at + 512]}
    told = {sector * 512 for item in lost for sector in range(item.first_sector, item.end_sector)}
    assert wrong <= told
    assert media == b"" or wrong


CUT_INSIDE = [
    ("qcow2", ""),
    ("qcow2", "compat=0.10"),
    ("qcow2", "cluster_size=2M"),
    ("qcow2", "extended_l2=on,cluster_size=128k"),
    ("qcow2", "compressed"),
    ("qcow2", "compression_type=zstd,compressed"),
    ("qcow", ""),
    ("qed", ""),
    ("vmdk", "subformat=streamOptimized"),
    ("vmdk", "subformat=monolithicSparse"),
    ("vdi", ""),
    ("vhdx", ""),
    ("parallels", ""),
]


@pytest.mark.parametrize("cut_bytes", [1, 512, 1536])
@pytest.mark.parametrize(("qemu_format", "options"), CUT_INSIDE)
def test_a_cut_inside_the_last_stored_block_is_found(
    qemu_format: str, options: str, cut_bytes: int, tmp_path: Path
) -> None:
    path = made_disk(tmp_path, qemu_format, options)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - cut_bytes)
    try:
        media, findings = media_of(path)
    except ImageNotReadError:
        return
    named = {"virtual-truncated", "virtual-unreadable", "decoder-lost"}
    assert named & set(doubts(findings)) or media == content()


def test_a_flat_extent_that_is_too_short_is_named(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vmdk", "subformat=monolithicFlat")
    with (tmp_path / "disk-flat.vmdk").open("r+b") as file:
        file.truncate(SIZE_BYTES - 4096)
    _, findings = media_of(path)
    assert [(item.segment, item.sectors) for item in findings if item.code == "virtual-truncated"] == [
        ("disk-flat.vmdk", SectorRange(SIZE_BYTES // 512 - 8, 8))
    ]


def test_a_cluster_that_does_not_inflate_is_named_with_its_sectors(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "qcow2", "compressed")
    break_first_cluster(path)
    media, findings = media_of(path)
    sectors = [item.sectors for item in findings if item.code == "virtual-unreadable"]
    assert sectors
    assert sectors[0] is not None
    assert sectors[0].first_sector == 0
    assert sum(item.sector_count for item in sectors if item) == 128
    assert len(media) == SIZE_BYTES


@pytest.mark.parametrize("offset", [40, 200])
def test_a_vhd_footer_with_a_wrong_checksum_fails(offset: int, tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vpc", "subformat=fixed,force_size=on")
    data = bytearray(path.read_bytes())
    data[len(data) - 512 + offset] ^= 1
    path.write_bytes(data)
    with open_image(path) as image:
        assert [item.code for item in image.findings.as_tuple()].count("virtual-header") == 1


def test_copies_of_a_vhd_footer_that_differ_fail(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vpc", "subformat=dynamic,force_size=on")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with open_image(path) as image:
        assert [item.code for item in image.findings.as_tuple()] == ["virtual-header"]


def test_the_snapshots_of_a_disk_are_mentioned(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "qcow2")
    tool("qemu-img", "snapshot", "-c", "before", str(path))
    media, findings = media_of(path)
    assert media == content()
    assert doubts(findings) == ["virtual-state"]


def test_a_disk_of_nothing_is_said_to_be_empty(tmp_path: Path) -> None:
    tool("qemu-img", "create", "-q", "-f", "qcow2", str(tmp_path / "a.qcow2"), "0")
    with open_image(tmp_path / "a.qcow2") as image:
        assert read_media(image) == b""
        assert [item.code for item in image.findings.as_tuple()] == ["media-empty"]


def test_a_name_that_means_something_to_qemu_means_nothing_here(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "qcow2")
    odd = path.rename(tmp_path / 'nbd:localhost:1,x="}\udcff.qcow2')
    assert media_of(odd)[0] == content()


def test_a_header_larger_than_any_disk_is_not_believed(tmp_path: Path) -> None:
    tool("qemu-img", "create", "-q", "-f", "qcow2", "-o", "cluster_size=2M", str(tmp_path / "a.qcow2"), "100T")
    with pytest.raises(ImageNotReadError, match="more than 64 TiB"):
        open_image(tmp_path / "a.qcow2")


def test_a_walk_that_is_given_up_leaves_nothing_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made_disk(tmp_path, "qcow2")
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # its name is short enough for a socket, that of tmp_path may not be
        monkeypatch.setattr(tempfile, "tempdir", folder)
        with open_image(path) as image:
            pieces = image.media()
            next(pieces)
            access = image.access()
            assert access.read_at(0, 4) == content()[:4]
            assert len(list(Path(folder).iterdir())) == 2
        assert list(Path(folder).iterdir()) == []


def test_a_disk_of_nothing_but_damage_ends_in_reasonable_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_server, "FAILED_READS_TO_SECTORS", 10)
    monkeypatch.setattr(media_server, "FAILED_READS_TO_BLOCKS", 20)
    held = b"one sector after another. " * (SIZE_BYTES // 26) + bytes(SIZE_BYTES % 26)
    path = made_disk(tmp_path, "qcow2", "compressed", held)
    data = bytearray(path.read_bytes())
    data[5 * 65536 :] = b"\xff" * (len(data) - 5 * 65536)
    path.write_bytes(data)
    media, findings = media_of(path)
    bad = [item.sectors for item in findings if item.code == "virtual-unreadable" and item.sectors]
    told = {sector for item in bad for sector in range(item.first_sector, item.end_sector)}
    wrong = {at // 512 for at in range(0, SIZE_BYTES, 512) if media[at : at + 512] != held[at : at + 512]}
    assert wrong
    assert wrong <= told
