"""What the headers of a virtual disk come to: how qemu is to open it, how large it is, what its files are."""

from dataclasses import dataclass, field
from pathlib import Path

from image.virtual.block_tables import BlockTable


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding that the headers give: its code and text, and both values where two disagree."""

    code: str
    detail: str
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True)
class VirtualDisk:
    """A virtual disk that qemu may open.

    `links` are its files by the names they have for qemu, `first` the one it opens with these `options`. `kind` is
    the sub-format in words. `tables` say where its blocks are stored.
    """

    driver: str
    kind: str
    media_size_bytes: int
    paths: tuple[Path, ...]
    links: dict[str, Path | bytes]
    first: str
    remarks: tuple[Remark, ...] = ()
    tables: tuple[BlockTable, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    sector_size_bytes: int = 512

    @property
    def block_bytes(self) -> int:
        """Bytes of media in its smallest block."""
        return min((table.block_bytes for table in self.tables), default=self.sector_size_bytes)


def single_file(
    driver: str,
    kind: str,
    media_size_bytes: int,
    path: Path,
    remarks: tuple[Remark, ...] = (),
    tables: tuple[BlockTable, ...] = (),
    options: dict[str, str] | None = None,
) -> VirtualDisk:
    """A virtual disk that is one file."""
    return VirtualDisk(
        driver, kind, media_size_bytes, (path,), {"image": path}, "image", remarks, tables, options or {}
    )
