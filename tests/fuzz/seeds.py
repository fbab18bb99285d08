"""The first inputs of every target: what real programs write, small, and what this one writes."""

import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zlib import compress

from casedb.entry import Entry, EntryClock, EntryTool, encode_entry, encode_payload
from image.badmap import map_of_bad_ranges
from image.ewf.digest_sections import StoredDigests, encode_digest, encode_hash, encode_xhash
from image.ewf.range_sections import encode_error2
from image.ewf.sections import decode_descriptor
from image.ewf.table_section import encode_table
from image.mapfile import encode_mapfile
from image.sectors import SectorRange
from tests.fuzz.kept import keep
from tests.fuzz.targets import TARGETS
from tests.fuzz.vhdx import gather_vhdx
from tests.image.ewf.editing import take_apart
from tests.image.udif.making import ADC, BZIP2, FREE, LZMA, RAW, ZEROS, ZLIB, Made, Table
from tests.sim.acquisitions import Options
from tests.sim.ewf2_writer import BZIP2 as EX01_BZIP2
from tests.sim.ewf2_writer import Ex01, write_ex01
from tests.verify.evidence import disk_content, make_evidence

EWFACQUIRE = Path(__file__).resolve().parents[1] / "data" / "ewfacquire"
E01_SEEDS = ("encase1.E01", "encase6.E01", "encase6-optical.E01", "encase7.E01", "ewfx.e01", "linen5.E01")
STORES = ("bzip2", "bare-bzip2", "pattern", "stored-pattern", "unprotected")
QEMU_SEEDS = (
    "-f qcow2 -o cluster_size=512",
    "-f qcow",
    "-f qed -o cluster_size=4096",
    "-f vdi",
    "-f vpc -o subformat=dynamic",
    "-f vpc -o subformat=fixed",
    "-f vhdx",
    "-f vmdk",
    "-f vmdk -o subformat=monolithicFlat",
    "-f vmdk -o subformat=streamOptimized",
    "-f parallels",
)
DIGEST = "d41d8cd98f00b204e9800998ecf8427e"
CHECKSUMS = (
    f"{DIGEST}  JB1.raw\n{DIGEST} *JB1.E02\n",
    f"MD5 (JB1.raw) = {DIGEST}\n",
    f"{DIGEST}\n",
    f"%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n##\n1024,{DIGEST},/x/JB1.raw\n",
    f"Created By AccessData FTK Imager 4.7\n\n[Computed Hashes]\n MD5 checksum:    {DIGEST} : verified\n",
    f"ewfacquire 20140813\n\nMD5 hash calculated over data:\t\t{DIGEST}\n",
    f"GUYMAGER ACQUISITION INFO FILE\n\nMD5 hash : {DIGEST}\nMD5 hash verified source : --\n",
    f"dc3dd 7.2.646 started\ninput results for device `/dev/sdb':\n   {DIGEST} (md5)\n",
)
CONFIGURATION = """[letterhead]
name = "Lab"

[defaults]
format = "raw"
second_opinion = true

[hook]
command = ["/bin/true"]
"""


ENTRY = Entry(
    actor="examiner",
    clock=EntryClock(3, "chrony"),
    exhibit=None,
    host="workstation",
    ledger="0" * 32,
    mono_ms=5,
    payload_sha256="0" * 64,
    prev="0" * 64,
    role="examiner",
    seq=1,
    tool=EntryTool("0" * 64, "0.1.0"),
    ts_local_offset=60,
    ts_utc="2026-11-22T09:00:00.000000Z",
    type="case-created",
)


def make_seeds() -> None:
    """Keep the seeds of every target."""
    for name, data in _all():
        keep(TARGETS[name], [data])


def _all() -> Iterator[tuple[str, bytes]]:
    """Every seed with the name of its target."""
    yield from _of_images()
    yield from _of_sections()
    yield from _of_virtual_disks()
    with tempfile.TemporaryDirectory() as folder:
        yield from _of_our_files(Path(folder))
    for text in CHECKSUMS:
        yield "checksums", text.encode()
        yield "checksums-beside", text.encode()
    yield "checksums", b"\xff\xfe" + CHECKSUMS[0].encode("utf-16-le")
    yield "configuration", CONFIGURATION.encode()
    yield "ledger-entry", encode_entry(ENTRY)
    yield "ledger-entry", encode_payload(bytes(32), {"name": "x"}, "examiner")
    yield "e01-chunks", compress(bytes(1024))


def _of_images() -> Iterator[tuple[str, bytes]]:
    """Images by ewfacquire, and their single sections."""
    for name in E01_SEEDS:
        path = EWFACQUIRE / name
        yield "e01", path.read_bytes()
        yield "e01-sealed", path.read_bytes()
        for section in take_apart(path)[1]:
            if section.kind in ("header", "header2", "xheader"):
                yield "e01-headers", section.contents
            elif section.kind == "table":
                yield "e01-tables", section.contents
            elif section.kind == "volume":
                yield "e01-sections", section.contents
    with tempfile.TemporaryDirectory() as folder:
        (plain,) = write_ex01(Path(folder), disk_content(16 * 512), Ex01(errors=((3, 2),)))
        bzip2 = Ex01(stores=STORES, method=EX01_BZIP2, sessions=((0, 0),))
        (other,) = write_ex01(Path(folder), bytes(40 * 512), bzip2)
        for path in (plain, other):
            yield "ex01", path.read_bytes()
            yield "ex01-sealed", path.read_bytes()
    for kind in (ADC, BZIP2, LZMA, RAW, ZLIB):
        blocks = [(kind, b"a sentence. " * 128), (ZEROS, bytes(1024)), (kind, b"x" * 512)]
        yield "dmg", Made([Table(blocks), Table([(FREE, bytes(512))])]).as_bytes()
    yield "s01", (EWFACQUIRE / "smart.s01").read_bytes()
    yield "raw", bytes(512) + b"x" * 100


def _of_virtual_disks() -> Iterator[tuple[str, bytes]]:
    """Small virtual disks by qemu-img, where it is installed; of larger ones their first bytes."""
    for words in QEMU_SEEDS if shutil.which("qemu-img") else ():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "JB1.disk"
            subprocess.run(["qemu-img", "create", "-q", *words.split(), path, "64K"], check=True)
            data = path.read_bytes()
            yield "virtual-headers", data[:2048] if "subformat=fixed" not in words else data[-512:]
            if "vhdx" in words:
                yield "vhdx-headers", gather_vhdx(data)


def _of_sections() -> Iterator[tuple[str, bytes]]:
    """Sections as this program writes them."""
    data = (EWFACQUIRE / "encase6.E01").read_bytes()
    decode_descriptor(data[13:89])
    yield "e01-sections", data[:13]
    yield "e01-sections", data[13:89]
    yield "e01-sections", encode_digest(bytes(16), bytes(20))
    yield "e01-sections", encode_hash(bytes(16))
    yield "e01-sections", encode_xhash(StoredDigests(md5=bytes(16)))
    yield "e01-sections", encode_error2([SectorRange(3, 2), SectorRange(9, 1)])
    yield "e01-tables", encode_table(76, [0, 100, 0x8000_0100])
    yield "e01-tables", struct.pack("<4I", 1, 2, 3, 4)


def _of_our_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What stands beside an image of ours."""
    evidence = make_evidence(folder, disk_content(96 * 512), Options(), bad=frozenset({7, 8, 30}))
    manifest = (folder / "JB1.manifest.json").read_bytes()
    for name in ("manifest", "manifest-beside", "journal"):
        yield name, manifest
    yield "e01", evidence.first.read_bytes()
    text = encode_mapfile(map_of_bad_ranges(96, [SectorRange(7, 2)]), 512).encode()
    for name in ("map", "map-beside"):
        yield name, text
