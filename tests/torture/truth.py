"""What a finished image must be, held against the truth to the sector, by others' programs where there are any."""

import hashlib
import re
from contextlib import suppress
from pathlib import Path

import pyewf

from acquire.journal import Journal
from image.errors import ImageNotReadError
from image.manifest import Manifest
from image.manifest_file import decode_record, read_manifest
from image.sidecars import Sidecar
from image.tools import find_tool
from tests.sim.block_devices import tool
from tests.sim.faulty_disk import sector_set
from tests.sim.still_clock import StillClock
from verify.request import VerificationRequest
from verify.verdict import Verdict
from verify.verification import verify_image

FIRST_SEGMENTS = (".E01", ".raw", ".001")
ERROR2_LINE = re.compile(r"at sector\(s\): (\d+) - (\d+)")


def check_whole(output: Path, expected_media: bytes, unreadable: frozenset[int]) -> Manifest:
    """See that a finished image holds exactly this media, and all beside it names exactly these sectors."""
    manifest = read_manifest(Sidecar.MANIFEST.beside(output))
    segments = [Path(item.folder or output.parent) / item.file for item in manifest.segments]
    size, is_raw = manifest.media.sector_size_bytes, manifest.job.parameters.format == "raw"
    wanted = {name: hashlib.new(name, expected_media).hexdigest() for name in manifest.media.digests}
    assert manifest.media.digests == wanted, "the digests of the manifest"
    assert decoded_media(segments, is_raw=is_raw) == expected_media, "the media in the image"
    assert sector_set(manifest.read.unreadable) == unreadable, "the unreadable sectors of the manifest"
    assert sectors_of_map(Sidecar.MAP.beside(output), size) == unreadable, "the unreadable sectors of the map"
    if not is_raw:
        assert sectors_of_error2(segments) in (None, unreadable), "the unreadable sectors of error2"
    check_passed(segments[0], unreadable)
    return manifest


def check_passed(first_segment: Path, unreadable: frozenset[int]) -> None:
    """See that the verifier passes an image and names these sectors."""
    result = verify_image(VerificationRequest(first_segment), clock=StillClock())
    assert result.verdict is Verdict.PASSED, result.findings
    assert sector_set(result.bad_sectors) == unreadable, "the unreadable sectors of the verification"


def check_not_whole(output: Path) -> None:
    """See that nothing takes an unfinished image for a whole one."""
    assert not Sidecar.MANIFEST.beside(output).exists()
    for name in FIRST_SEGMENTS:
        first = output.with_name(output.name + name)
        if first.exists():
            with suppress(ImageNotReadError):
                result = verify_image(VerificationRequest(first), clock=StillClock())
                assert result.verdict is not Verdict.PASSED, f"{name} passes"


def listed_unreadable(output: Path) -> frozenset[int]:
    """The sectors that the manifest of a finished image calls unreadable."""
    return frozenset(sector_set(read_manifest(Sidecar.MANIFEST.beside(output)).read.unreadable))


def journal_unreadable(output: Path) -> frozenset[int]:
    """The sectors that the journal of an unfinished image calls unreadable."""
    path = Sidecar.JOURNAL.beside(output)
    return frozenset(sector_set(decode_record(path.read_bytes(), Journal, str(path)).read.unreadable))


def decoded_media(segments: list[Path], *, is_raw: bool) -> bytes:
    """The media as libewf decodes it, or the raw files one behind the other."""
    if is_raw:
        return b"".join(path.read_bytes() for path in segments)
    handle = pyewf.handle()
    handle.open([str(path) for path in segments])
    try:
        data: bytes = handle.read_buffer(handle.get_media_size())
        return data
    finally:
        handle.close()


def sectors_of_map(path: Path, sector_size_bytes: int) -> frozenset[int]:
    """The sectors that a mapfile calls bad; by ddrescuelog where it is installed."""
    if find_tool("ddrescuelog") is None:
        lines = [line.split() for line in path.read_text().splitlines() if line.endswith("-")]
        numbers = [
            (int(first, 0) // sector_size_bytes, int(size, 0) // sector_size_bytes) for first, size, _ in lines
        ]
        return frozenset(sector for first, count in numbers for sector in range(first, first + count))
    printed = tool("ddrescuelog", f"--block-size={sector_size_bytes}", "--list-blocks=-", str(path))
    return frozenset(map(int, printed.split()))


def sectors_of_error2(segments: list[Path]) -> frozenset[int] | None:
    """The sectors that ewfinfo finds in error2; None where it is not installed."""
    if find_tool("ewfinfo") is None:
        return None
    printed = tool("ewfinfo", "-e", *map(str, segments))
    spans = [(int(first), int(last)) for first, last in ERROR2_LINE.findall(printed)]
    return frozenset(sector for first, last in spans for sector in range(first, last + 1))
