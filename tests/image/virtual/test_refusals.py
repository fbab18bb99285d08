"""Virtual disks that take data from elsewhere are refused before qemu sees them."""

from pathlib import Path

import pytest

from image.errors import ImageNotReadError
from image.opening import open_image
from image.packages import PACKAGES
from image.virtual import qemu_server
from image.virtual.vmdk_descriptor import (
    Descriptor,
    DescriptorError,
    Extent,
    decode_descriptor,
    encode_descriptor,
)
from tests.image.virtual.disks import made_disk, media_of, needs_qemu
from tests.sim.block_devices import tool


def refusal(path: Path) -> str:
    """Why an image is not opened."""
    with pytest.raises(ImageNotReadError) as refused:
        open_image(path)
    return str(refused.value)


@needs_qemu
@pytest.mark.parametrize("qemu_format", ["qcow2", "qcow", "qed", "vmdk"])
def test_a_disk_with_a_backing_file_is_refused(qemu_format: str, tmp_path: Path) -> None:
    base, overlay = made_disk(tmp_path, qemu_format), tmp_path / f"overlay.{qemu_format}"
    tool("qemu-img", "create", "-q", "-f", qemu_format, "-F", qemu_format, "-b", str(base), str(overlay))
    assert "it is not read alone" in refusal(overlay)


@needs_qemu
def test_a_disk_whose_data_lies_in_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.qcow2"
    options = f"data_file={tmp_path}/a.data,data_file_raw=on"
    tool("qemu-img", "create", "-q", "-f", "qcow2", "-o", options, str(path), "1M")
    assert "external data file" in refusal(path)


@needs_qemu
@pytest.mark.parametrize(("method", "name"), [(1, "AES"), (2, "LUKS")])
def test_an_encrypted_disk_is_refused_by_name(method: int, name: str, tmp_path: Path) -> None:
    path = made_disk(tmp_path, "qcow2")
    data = bytearray(path.read_bytes())
    data[35] = method
    path.write_bytes(data)
    assert f"encrypted ({name})" in refusal(path)


@needs_qemu
def test_an_encrypted_disk_of_qemu_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.qcow2"
    options, secret = "encrypt.format=aes,encrypt.key-secret=key", "secret,id=key,data=geheim"
    tool("qemu-img", "create", "-q", "-f", "qcow2", "--object", secret, "-o", options, str(path), "1M")
    assert "encrypted (AES)" in refusal(path)


@needs_qemu
def test_an_extent_that_is_missing_is_named(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vmdk", "subformat=twoGbMaxExtentSparse")
    (tmp_path / "disk-s001.vmdk").unlink()
    assert "the extent 'disk-s001.vmdk' is not there" in refusal(path)


@needs_qemu
def test_an_extent_that_is_named_alone_is_refused(tmp_path: Path) -> None:
    made_disk(tmp_path, "vmdk", "subformat=twoGbMaxExtentSparse")
    assert "Name the descriptor file" in refusal(tmp_path / "disk-s001.vmdk")


@needs_qemu
def test_an_extent_in_another_folder_is_refused(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vmdk", "subformat=monolithicFlat")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "disk-flat.vmdk").rename(elsewhere / "secret")
    (tmp_path / "disk-flat.vmdk").symlink_to(elsewhere / "secret")
    assert "a link to another folder" in refusal(path)
    path.write_text(path.read_text().replace("disk-flat.vmdk", "elsewhere/secret"))
    assert "outside the folder" in refusal(path)


@needs_qemu
def test_a_sparse_header_without_capacity_does_not_lead_to_its_descriptor(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vmdk")
    data = bytearray(path.read_bytes())
    data[12:20] = bytes(8)
    path.write_bytes(data)
    assert "the header is damaged" in refusal(path)


@needs_qemu
def test_without_qemu_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made_disk(tmp_path, "vdi")
    monkeypatch.setattr(qemu_server, "PROGRAM", "qemu-nbd-that-is-not-there")
    monkeypatch.setitem(PACKAGES, "qemu-nbd-that-is-not-there", "qemu-utils")
    with pytest.raises(ImageNotReadError, match="Install the package qemu-utils"):
        media_of(path)
    assert open_image(path).media_size_bytes


def descriptor(*lines: str) -> bytes:
    return "\n".join(("# Disk DescriptorFile", "parentCID=ffffffff", 'createType="vmfs"', *lines)).encode()


REFUSED_LINES = [
    'RW 10 FLAT "/etc/shadow" 0',
    'RW 10 FLAT "../a" 0',
    'RW 10 FLAT "a\\b" 0',
    'RW 10 FLAT ".." 0',
    'RW 10 FLAT "" 0',
    "RW 10 ZERO",
    'RW 10 VMFSRDM "a"',
    'RW 10 SESPARSE "a"',
    'NOACCESS 10 FLAT "a" 0',
    'RW 0 FLAT "a" 0',
    'rw 10 FLAT "a" 0',
    "RW 10 FLAT a 0",
    'parentFileNameHint="a.vmdk"',
    "parentCID=12345678",
    'PARENTCID="0"',
]


@pytest.mark.parametrize("line", REFUSED_LINES)
def test_a_descriptor_that_leads_elsewhere_is_refused(line: str) -> None:
    with pytest.raises(DescriptorError):
        decode_descriptor(descriptor('RW 10 FLAT "a" 0', line))


def test_qemu_is_given_a_descriptor_of_ours() -> None:
    lines = ('RDONLY 10 FLAT "a: b" 3', 'RW  20  SPARSE  "c"', "nonsense", 'RW 5 VMFS "d"')
    found = decode_descriptor(descriptor(*lines))
    extents = (Extent(10, "FLAT", "a: b", 3), Extent(20, "SPARSE", "c", 0), Extent(5, "VMFS", "d", 0))
    assert found == Descriptor("vmfs", extents)
    ours = encode_descriptor(found, ("e1", "e2", "e3")).decode()
    assert ours.splitlines()[-3:] == ['RW 10 FLAT "e1" 3', 'RW 20 SPARSE "e2"', 'RW 5 VMFS "e3"']
