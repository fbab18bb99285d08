"""The text of a VMDK descriptor: its extents, and whether it has a parent.

Source: VMware, "Virtual Disk Format 5.0", "The descriptor file".
"""

import re
from dataclasses import dataclass

MAXIMUM_DESCRIPTOR_BYTES = 64 * 1024
MAXIMUM_EXTENTS = 4096
NO_PARENT = "ffffffff"
PARENT_HINT = b"parentfilenamehint"
SPARSE_KINDS = frozenset({"SPARSE", "VMFSSPARSE"})
FLAT_KINDS = frozenset({"FLAT", "VMFS"})
KINDS_OF_QEMU = frozenset({"monolithicFlat", "vmfs", "vmfsSparse", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat"})
EXTENT = re.compile(
    r'(RW|RDONLY|NOACCESS)\s+(\d{1,18})\s+([A-Z0-9]+)(?:\s+"([^"\r\n]*)"(?:\s+(\d{1,18}))?)?(?:\s.*)?', re.ASCII
)
BEGINS_EXTENT = re.compile(r"(RW|RDONLY|NOACCESS)\b", re.IGNORECASE | re.ASCII)


class DescriptorError(Exception):
    """A descriptor that is not followed, and why."""


@dataclass(frozen=True, slots=True)
class Extent:
    """A part of the media: its sectors, how it is stored, in which file, from which sector of that on."""

    sector_count: int
    kind: str
    file_name: str
    first_sector: int


@dataclass(frozen=True)
class Descriptor:
    """What a descriptor says."""

    create_type: str
    extents: tuple[Extent, ...]


def decode_descriptor(data: bytes) -> Descriptor:
    """The descriptor in these bytes.

    Raises:
        DescriptorError: it has a parent, or names an extent that is not read.
    """
    refuse_parent(data)
    text = data.partition(b"\0")[0].decode("utf-8", errors="surrogateescape")
    extents = []
    create_type = ""
    for line in text.splitlines():
        key, _, value = line.partition("=")
        if key.strip() == "createType":
            create_type = value.strip().strip('"')
        elif BEGINS_EXTENT.match(line.strip()):
            extents.append(_extent(line.strip()))
    if len(extents) > MAXIMUM_EXTENTS:
        raise DescriptorError(f"it names {len(extents)} extents")
    return Descriptor(create_type, tuple(extents))


def refuse_parent(data: bytes) -> None:
    """Refuse a descriptor that names a parent anywhere.

    Raises:
        DescriptorError: it does.
    """
    lowered = data.lower()
    parents = re.findall(rb"parentcid\s*=\s*\"?([^\s\"\0]*)", lowered)
    if PARENT_HINT in lowered or any(parent != NO_PARENT.encode() for parent in parents):
        raise DescriptorError("it holds only what differs from its parent: it is not read alone")


def encode_descriptor(descriptor: Descriptor, names: tuple[str, ...]) -> bytes:
    """A descriptor of the same extents under other names, with nothing else in it."""
    kind = descriptor.create_type if descriptor.create_type in KINDS_OF_QEMU else "twoGbMaxExtentSparse"
    lines = ["# Disk DescriptorFile", "version=1", "CID=fffffffe", f"parentCID={NO_PARENT}", f'createType="{kind}"']
    for extent, name in zip(descriptor.extents, names, strict=True):
        first = f" {extent.first_sector}" if extent.kind == "FLAT" else ""
        lines.append(f'RW {extent.sector_count} {extent.kind} "{name}"{first}')
    return ("\n".join(lines) + "\n").encode("ascii")


def _extent(line: str) -> Extent:
    """One line that names an extent."""
    found = EXTENT.fullmatch(line)
    if found is None:
        raise DescriptorError(f"an extent that is not understood: {line[:100]!a}")
    access, sectors, kind, name, first = found.groups()
    if access == "NOACCESS" or kind not in SPARSE_KINDS | FLAT_KINDS or name is None:
        raise DescriptorError(f"an extent of a kind that is not read: {access} {kind}")
    if not int(sectors):
        raise DescriptorError("an extent without sectors")
    return Extent(int(sectors), kind, _plain_name(name), int(first or 0) if kind == "FLAT" else 0)


def _plain_name(name: str) -> str:
    """The name of an extent, where it is one in the same folder."""
    if not name or name in (".", "..") or set(name) & set("/\\") or "\0" in name:
        raise DescriptorError(f"an extent outside the folder of the image: {name[:200]!a}")
    return name
