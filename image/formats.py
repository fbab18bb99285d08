"""The one list of image formats: each recognised by its bytes, by its name only where the bytes are damaged."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath

from image.errors import ImageNotReadError
from image.ewf.layout import EVF_SIGNATURE, LVF_SIGNATURE
from image.segment_files import SegmentFiles, SegmentReadError
from image.segment_names import looks_like_later_ewf_segment, naming_of

HEAD_BYTES = 512
TAIL_BYTES = 512
RAW_EXTENSIONS = frozenset({"raw", "dd", "img", "bin", "iso"})


class ImageFormat(Enum):
    """A format by name; those that are not in READ_FORMATS are recognised and not read."""

    EWF_E01 = "ewf-e01"
    EWF_S01 = "ewf-s01"
    RAW = "raw"
    SPLIT_RAW = "split-raw"
    EWF_L01 = "EWF-L01 (logical evidence)"
    EWF2_EX01 = "ewf2-ex01"
    EWF2_LX01 = "EWF2-Lx01 (logical evidence)"
    AFF = "AFF"
    AFF4 = "AFF4"
    AD1 = "AD1 (logical image)"
    AD_ENCRYPTED = "AD-encrypted image"
    VMDK = "vmdk"
    VHD = "vhd"
    VHDX = "vhdx"
    VDI = "vdi"
    QCOW = "qcow"
    QCOW2 = "qcow2"
    QED = "qed"
    PARALLELS = "parallels"
    DMG = "dmg"
    DMG_ENCRYPTED = "encrypted DMG"
    DMG_SPARSE = "sparse DMG (sparseimage)"


VIRTUAL_DISKS = frozenset(
    {
        ImageFormat.VMDK,
        ImageFormat.VHD,
        ImageFormat.VHDX,
        ImageFormat.VDI,
        ImageFormat.QCOW,
        ImageFormat.QCOW2,
        ImageFormat.QED,
        ImageFormat.PARALLELS,
    }
)
READ_FORMATS = VIRTUAL_DISKS | {
    ImageFormat.EWF_E01,
    ImageFormat.EWF_S01,
    ImageFormat.EWF2_EX01,
    ImageFormat.DMG,
    ImageFormat.RAW,
    ImageFormat.SPLIT_RAW,
}


@dataclass(frozen=True, slots=True)
class Signature:
    """Bytes that a format has at an offset from the start of the file, or from its end where that is negative."""

    offset_bytes: int
    magic: bytes
    format: ImageFormat


SIGNATURES = (
    Signature(0, EVF_SIGNATURE, ImageFormat.EWF_E01),
    Signature(0, LVF_SIGNATURE, ImageFormat.EWF_L01),
    Signature(0, b"EVF2\r\n\x81\x00", ImageFormat.EWF2_EX01),
    Signature(0, b"LEF2\r\n\x81\x00", ImageFormat.EWF2_LX01),
    Signature(0, b"AFF10\r\n\x00", ImageFormat.AFF),
    Signature(0, b"ADSEGMENTEDFILE\x00", ImageFormat.AD1),
    Signature(0, b"ADCRYPT\x00", ImageFormat.AD_ENCRYPTED),
    Signature(0, b"KDMV", ImageFormat.VMDK),
    Signature(0, b"COWD", ImageFormat.VMDK),
    Signature(0, b"# Disk DescriptorFile", ImageFormat.VMDK),
    Signature(0, b"vhdxfile", ImageFormat.VHDX),
    Signature(0, b"conectix", ImageFormat.VHD),
    Signature(0x40, b"\x7f\x10\xda\xbe", ImageFormat.VDI),
    Signature(0, b"QFI\xfb\x00\x00\x00\x01", ImageFormat.QCOW),
    Signature(0, b"QFI\xfb", ImageFormat.QCOW2),
    Signature(0, b"QED\x00", ImageFormat.QED),
    Signature(0, b"WithoutFreeSpace", ImageFormat.PARALLELS),
    Signature(0, b"WithouFreSpacExt", ImageFormat.PARALLELS),
    Signature(0, b"encrcdsa", ImageFormat.DMG_ENCRYPTED),
    Signature(0, b"sprs", ImageFormat.DMG_SPARSE),
    Signature(-512, b"conectix", ImageFormat.VHD),
    Signature(-512, b"koly", ImageFormat.DMG),
    Signature(-8, b"cdsaencr", ImageFormat.DMG_ENCRYPTED),
)

_BY_EXTENSION = {
    "aff": ImageFormat.AFF,
    "afm": ImageFormat.AFF,
    "afd": ImageFormat.AFF,
    "aff4": ImageFormat.AFF4,
    "ad1": ImageFormat.AD1,
    "ex01": ImageFormat.EWF2_EX01,
    "lx01": ImageFormat.EWF2_LX01,
    "l01": ImageFormat.EWF_L01,
}


def recognise(path: Path) -> ImageFormat:
    """The format of an image file.

    Raises:
        ImageNotReadError: the file is not there, is no regular file, or the system refuses to read it.
    """
    extension = path.suffix[1:]
    with SegmentFiles([path]) as files:
        size = files.sizes_bytes[0]
        try:
            head = files.read(0, 0, min(size, HEAD_BYTES))
            tail = files.read(0, size - min(size, TAIL_BYTES), min(size, TAIL_BYTES))
        except (SegmentReadError, OSError) as error:
            raise ImageNotReadError(f"cannot read the image ({error})", str(path)) from error
    found = _by_bytes(head, tail, trust_tail=extension.lower() not in RAW_EXTENSIONS)
    return _named(found, path.name) if found is not None else _by_name(path.name)


def recognise_disk(name: str, head: bytes, tail: bytes) -> ImageFormat | None:
    """The format of a virtual disk or DMG by the first and last 512 bytes of its file; None for any other file."""
    found = _by_bytes(head, tail, trust_tail=PurePath(name).suffix[1:].lower() not in RAW_EXTENSIONS)
    return found if found in VIRTUAL_DISKS or found is ImageFormat.DMG else None


def require_readable(path: Path, image_format: ImageFormat) -> None:
    """Refuse a format that is recognised and not read.

    Raises:
        ImageNotReadError: it is one; names it.
    """
    if image_format not in READ_FORMATS:
        do = "Convert it to E01 or raw with a tool that reads it, or check the file itself with sha256sum"
        raise ImageNotReadError(f"{image_format.value} is recognised but not read yet", str(path), do)


def _by_bytes(head: bytes, tail: bytes, *, trust_tail: bool) -> ImageFormat | None:
    """The first format whose signature stands in its place."""
    for item in SIGNATURES:
        if item.offset_bytes >= 0:
            if head[item.offset_bytes :].startswith(item.magic):
                return item.format
        elif trust_tail and tail[len(tail) + item.offset_bytes :].startswith(item.magic):
            return item.format if len(tail) >= -item.offset_bytes else None
    return None


def _named(image_format: ImageFormat, name: str) -> ImageFormat:
    """SMART images begin as E01 does; their name tells them apart."""
    is_smart = image_format is ImageFormat.EWF_E01 and PurePath(name).suffix.lower().startswith(".s")
    return ImageFormat.EWF_S01 if is_smart else image_format


def _by_name(name: str) -> ImageFormat:
    """The format that a file without a known signature claims by its name; raw if none."""
    extension = name.rpartition(".")[2]
    naming = naming_of(name)
    if naming is not None and naming.kind == "ewf":
        return _BY_EXTENSION.get(extension.lower(), _named(ImageFormat.EWF_E01, name))
    if extension.lower() in _BY_EXTENSION:
        return _BY_EXTENSION[extension.lower()]
    if looks_like_later_ewf_segment(name) and extension[-2:].isdigit():
        return ImageFormat.EWF_E01 if extension[1:].isdigit() else ImageFormat.EWF2_EX01
    return ImageFormat.RAW if naming is None else ImageFormat.SPLIT_RAW
