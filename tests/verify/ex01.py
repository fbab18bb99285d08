"""Small Ex01 sets for the tests: several ways of storing, and one image that libewf made."""

import lzma
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sim.ewf2_writer import Ex01, object_text, write_ex01
from tests.verify.evidence import Evidence, disk_content
from verify.verdict import VerificationResult

CARRIED = Path(__file__).resolve().parents[1] / "data" / "libewf2" / "zeros_128s.Ex01.xz"
SMALL = Ex01(chunk_sectors=2, table_chunks=3)
PATTERNS = ("deflate", "stored-pattern", "raw", "pattern", "stored-pattern", "stored-pattern")
KINDS = {
    "plain": SMALL,
    "hashed": replace(SMALL, hashed=True),
    "patterns": replace(SMALL, stores=PATTERNS, table_chunks=4),
    "optical": replace(SMALL, sector_bytes=2048, sessions=((0, 0), (3, 1)), errors=((1, 2),), device={"dt": "c"}),
    "restarted": replace(SMALL, extra=((0x0A, object_text({"p": "0", "sr": "0"}), 0),), digests=("sha1",)),
    "unprotected": replace(SMALL, stores=("unprotected", "raw")),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def media(kind: str) -> bytes:
    """Content that the way of storing can hold."""
    if kind == "patterns":
        return b"\x01\x02\0\x04\xff\0\0\x80" * (9 * 128)
    return disk_content(12 * 1024 if kind == "optical" else 9 * 1024)


def written(folder: Path, kind: str = "plain", **changes: object) -> Evidence:
    """A set of this kind, with other options of the writer where they are given."""
    content = media(kind)
    options = replace(KINDS[kind], **changes)  # type: ignore[arg-type]
    return Evidence(folder, write_ex01(folder, content, options)[0], content)


def by_libewf(folder: Path) -> Evidence:
    """The image that libewf made, unpacked."""
    first = folder / "zeros_128s.Ex01"
    first.write_bytes(lzma.decompress(CARRIED.read_bytes()))
    return Evidence(folder, first, bytes(65536))


def codes(result: VerificationResult) -> list[str]:
    """The codes of its findings."""
    return [finding.code for finding in result.findings]
