"""Small virtual disks made by qemu-img, and what they hold."""

import random
from functools import cache
from pathlib import Path

from image.findings import Finding
from image.opening import OpenImage, open_image
from tests.sim.block_devices import needs_program, tool

MIB = 1024 * 1024
SIZE_BYTES = 3 * MIB
needs_qemu = needs_program("qemu-img", "qemu-nbd")

FORMATS = [
    ("vmdk", "subformat=monolithicSparse"),
    ("vmdk", "subformat=monolithicFlat"),
    ("vmdk", "subformat=twoGbMaxExtentSparse"),
    ("vmdk", "subformat=twoGbMaxExtentFlat"),
    ("vmdk", "subformat=streamOptimized"),
    ("vpc", "subformat=fixed,force_size=on"),
    ("vpc", "subformat=dynamic,force_size=on"),
    ("vhdx", "subformat=dynamic"),
    ("vhdx", "subformat=fixed"),
    ("vdi", "static=off"),
    ("vdi", "static=on"),
    ("qcow2", "compat=0.10"),
    ("qcow2", "compat=1.1,cluster_size=512"),
    ("qcow2", "extended_l2=on,cluster_size=128k"),
    ("qcow", ""),
    ("qed", ""),
    ("parallels", ""),
]
"""qemu's name of each format, and how to make it."""


@cache
def content(size_bytes: int = SIZE_BYTES) -> bytes:
    """A disk of three parts: text, zeros and noise, each third of it."""
    third = size_bytes // 3
    text = (b"one sector after another, " * (third // 26 + 1))[:third]
    return text + bytes(third) + random.Random(4).randbytes(size_bytes - 2 * third)


def made_disk(folder: Path, qemu_format: str, options: str = "", data: bytes | None = None) -> Path:
    """A virtual disk that holds these bytes; compressed where the options say `compressed`."""
    raw = folder / "source.bin"
    raw.write_bytes(content() if data is None else data)
    path = folder / f"disk.{qemu_format}"
    words = [word for word in options.split(",") if word and word != "compressed"]
    how = ["-c"] if "compressed" in options.split(",") else []
    how += ["-o", ",".join(words)] if words else []
    tool("qemu-img", "convert", "-f", "raw", "-O", qemu_format, *how, str(raw), str(path))
    raw.unlink()
    return path


def media_of(path: Path) -> tuple[bytes, list[Finding]]:
    """All media of an image and every finding."""
    with open_image(path) as image:
        return read_media(image), list(image.findings.as_tuple())


def read_media(image: OpenImage) -> bytes:
    """All media of an open image."""
    result = bytearray()
    for piece in image.media():
        result += piece.data
        piece.release()
    return bytes(result)


def doubts(findings: list[Finding]) -> list[str]:
    """The codes of findings that are more than the note every virtual disk has."""
    return [item.code for item in findings if item.code != "virtual-disk"]


def break_first_cluster(path: Path) -> None:
    """Damage the first compressed cluster of a QCOW2, so that it does not inflate."""
    data = bytearray(path.read_bytes())
    level_one = int.from_bytes(data[40:48], "big")
    level_two = int.from_bytes(data[level_one : level_one + 8], "big") & 0xFFFFFFFFFE00
    cluster = int.from_bytes(data[level_two : level_two + 8], "big") & (1 << 54) - 1
    data[cluster : cluster + 16] = b"\xff" * 16
    path.write_bytes(data)
