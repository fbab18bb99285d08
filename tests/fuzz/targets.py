"""Every parser of what strangers wrote, as a function of some bytes that may raise nothing of its own making.

A target ends quietly, whatever the bytes are: a defect is a finding, a refusal is one of our errors.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from acquire.resume_journal import UnusableJournalError, read_journal
from casedb.entry import decode_entry, decode_payload
from image.checksum_files import parse_checksums
from image.description import describe_image
from image.errors import DiskwitnessError
from image.ewf.chunks import inflate
from image.ewf.defects import DefectError
from image.ewf.digest_sections import decode_digest, decode_hash, decode_xhash
from image.ewf.header import decode_header, decode_header2
from image.ewf.header_xml import decode_xheader
from image.ewf.range_sections import decode_error2, decode_session
from image.ewf.sections import decode_descriptor, decode_file_header, decode_volume
from image.ewf.table_section import decode_entries, decode_footed_entries, decode_table
from image.finding_list import FindingList
from image.foreign_text import decode_text
from image.manifest_file import decode_manifest
from image.mapfile import decode_mapfile
from image.virtual.lost_media import find_lost_media
from image.virtual.reader import LOOKS
from tests.fuzz.sealing import seal_e01, seal_ex01
from tests.fuzz.vhdx import spread_vhdx
from tests.fuzz.watch import watched
from tests.sim.still_clock import StillClock
from verify.request import VerificationRequest
from verify.segments_only import verify_segments
from verify.verification import verify_image
from workflow.laboratory import decode_laboratory

Parser = Callable[[bytes], object]


@dataclass(frozen=True)
class Target:
    """A parser by name: `maximum_bytes` of the longest input worth trying, `short_runs` inputs in a short run."""

    name: str
    run: Callable[[bytes], None]
    maximum_bytes: int = 4096
    short_runs: int = 10_000


def memory_folder() -> Path | None:
    """Where files are made in memory, where there is such a place."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else None


class _Place:
    """Where the files of the inputs are made, if somebody said so."""

    folder: Path | None = None


def work_in(folder: Path) -> None:
    """Make the files of the inputs in this folder; who made it removes it."""
    _Place.folder = folder


@cache
def _folder() -> Path:
    """A folder for the files of the inputs."""
    return _Place.folder or Path(tempfile.mkdtemp(prefix="diskwitness-fuzz-", dir=memory_folder()))


def remove_folder() -> None:
    """Remove what the inputs left."""
    shutil.rmtree(_folder(), ignore_errors=True)
    _folder.cache_clear()


def _decoding(parsers: Iterable[Parser], *refusals: type[Exception]) -> Callable[[bytes], None]:
    """Give the bytes to each of these parsers; what they raise must be one of the refusals."""

    def run(data: bytes) -> None:
        with watched(_folder()):
            for parser in parsers:
                try:
                    parser(data)
                except refusals:
                    continue

    return run


def _verifying(name: str, prepare: Callable[[bytes], bytes] = bytes) -> Callable[[bytes], None]:
    """Describe and verify an image of one file that has these bytes."""

    def run(data: bytes) -> None:
        path = _folder() / name
        path.write_bytes(prepare(data))
        with watched(_folder()):
            for work in (describe_image, _verify, _verify_files):
                try:
                    work(path)
                except DiskwitnessError:
                    continue

    return run


def _verify(path: Path) -> object:
    """A verification of the media."""
    return verify_image(VerificationRequest(path), clock=StillClock())


def _verify_files(path: Path) -> object:
    """A verification of the files alone."""
    return verify_segments(VerificationRequest(path, jobs=1), clock=StillClock())


def _looking_at(name: str, prepare: Callable[[bytes], bytes] = bytes) -> Callable[[bytes], None]:
    """Read the headers of a virtual disk that has these bytes, in whatever format; nothing is decoded."""

    def run(data: bytes) -> None:
        path = _folder() / name
        path.write_bytes(prepare(data))
        with watched(_folder()):
            for look in LOOKS.values():
                try:
                    find_lost_media(look(path), FindingList())
                except DiskwitnessError:
                    continue

    return run


def _beside(name: str) -> Callable[[bytes], None]:
    """Verify a small raw image with these bytes in a file of this name beside it."""

    def run(data: bytes) -> None:
        folder = _folder() / "beside"
        folder.mkdir(exist_ok=True)
        (folder / "JB1.raw").write_bytes(bytes(1024))
        beside = folder / name
        beside.write_bytes(data)
        with watched(folder):
            for work in (_verify, _verify_files):
                try:
                    work(folder / "JB1.raw")
                except DiskwitnessError:
                    continue
        beside.unlink()

    return run


def _journal(data: bytes) -> None:
    """A journal as a resumption reads it."""
    path = _folder() / "JB1.manifest.json.partial"
    path.write_bytes(data)
    with watched(_folder()):
        try:
            read_journal(path)
        except (UnusableJournalError, DiskwitnessError):
            return


_E01_SECTIONS: tuple[Parser, ...] = (
    decode_file_header,
    decode_descriptor,
    decode_volume,
    decode_digest,
    decode_hash,
    decode_xhash,
    decode_error2,
    decode_session,
)

TARGETS = {
    target.name: target
    for target in (
        Target("e01-sections", _decoding(_E01_SECTIONS, DefectError), 2048),
        Target("e01-headers", _decoding((decode_header, decode_header2, decode_xheader), DefectError)),
        Target("e01-tables", _decoding((decode_table, decode_entries, decode_footed_entries), DefectError)),
        Target("e01-chunks", _decoding((lambda data: inflate(data, 65536),), ValueError)),
        Target("e01", _verifying("JB1.E01"), 8192, 100),
        Target("e01-sealed", _verifying("JB1.E01", seal_e01), 8192, 150),
        Target("s01", _verifying("JB1.s01", seal_e01), 8192, 100),
        Target("ex01", _verifying("JB1.Ex01"), 8192, 150),
        Target("ex01-sealed", _verifying("JB1.Ex01", seal_ex01), 8192, 200),
        Target("dmg", _verifying("JB1.dmg"), 8192, 150),
        Target("virtual-headers", _looking_at("JB1.disk"), 8192, 600),
        Target("vhdx-headers", _looking_at("JB1.vhdx", spread_vhdx), 8192, 50),
        Target("raw", _verifying("JB1.raw"), 2048, 200),
        Target("manifest", _decoding((lambda data: decode_manifest(data, "JB1.manifest.json"),), DiskwitnessError)),
        Target("manifest-beside", _beside("JB1.manifest.json"), short_runs=300),
        Target("journal", _journal),
        Target("map", _decoding((lambda data: decode_mapfile(data, 512, "JB1.map"),), DiskwitnessError), 2048),
        Target("map-beside", _beside("JB1.map"), 2048, 400),
        Target("checksums", _decoding((lambda data: tuple(parse_checksums(decode_text(data))),))),
        Target("checksums-beside", _beside("JB1.raw.txt"), short_runs=400),
        Target("ledger-entry", _decoding((decode_entry, decode_payload), ValueError)),
        Target(
            "configuration", _decoding((lambda data: decode_laboratory(data, "config.toml"),), DiskwitnessError)
        ),
    )
}
