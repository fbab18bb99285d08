"""`--files` as a part of a verification: damage of the image and sectors that the drive did not give, by file."""

import random
from pathlib import Path

import msgspec
import pytest

from image.manifest_file import encode_record
from image.sectors import SectorRange
from tests.sim.acquisitions import Options
from tests.sim.block_devices import needs_program, tool
from tests.verify.evidence import Evidence, make_evidence
from tests.verify.files.making import make_ext4, make_tree, paths, structures
from verify.files.located import DamagedFiles
from verify.verdict import Verdict, VerificationResult

pytestmark = needs_program("mke2fs", "debugfs")
NOISE = random.Random(6).randbytes(400_000)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("medium")
    tree = make_tree(folder / "tree", {"whole.txt": b"whole", "d/noise": NOISE, "d/other": NOISE[::-1]})
    return make_ext4(folder / "fs.raw", tree, 8, "-b", "1024")


def sector_of(image: Path, path: str, block: int) -> int:
    return 2 * int(tool("debugfs", "-R", f"bmap {path} {block}", str(image)))


def files_of(result: VerificationResult) -> DamagedFiles:
    assert result.files is not None
    return result.files


def flipped(evidence: Evidence, content: bytes) -> None:
    """Flip a bit where this content is stored, in whichever segment that is."""
    for segment in evidence.writable().segments:
        data = bytearray(segment.read_bytes())
        place = data.find(content)
        if place >= 0:
            data[place] ^= 1
            segment.write_bytes(data)
            return
    pytest.fail("the content is not stored as it is")


def test_a_damaged_chunk_is_followed_to_its_files(made: Path, tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, made.read_bytes(), Options(segment_size_bytes=300_000))
    flipped(evidence, NOISE[100_000:100_400])
    result = evidence.verify(files=True)
    assert result.verdict is Verdict.FAILED
    assert paths(files_of(result)) == {"/d/noise"}
    damaged = next(item.sectors for item in result.findings if item.code == "chunk-checksum")
    (item,) = files_of(result).affected
    assert damaged is not None
    assert item.damaged_sectors == damaged.sector_count
    assert all(item.segment and item.offset_bytes for item in result.findings if item.code == "chunk-checksum")


def test_unread_sectors_are_followed_to_their_files(made: Path, tmp_path: Path) -> None:
    sector = sector_of(made, "/d/other", 50)
    evidence = make_evidence(tmp_path, made.read_bytes(), bad=frozenset({sector, sector + 1, 3}))
    result = evidence.verify(files=True)
    found = files_of(result)
    assert result.verdict is Verdict.PASSED
    assert (found.unread_sectors, found.damaged_sectors) == (3, 0)
    (item,) = found.affected
    assert (item.paths, item.unread_sectors) == (("/d/other",), 2)
    assert item.parts[0].sectors == SectorRange(sector, 2)


def test_a_missing_segment_is_followed_to_its_files(made: Path, tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, made.read_bytes(), Options(segment_size_bytes=300_000))
    evidence.segments[1].unlink()
    found = files_of(evidence.verify(files=True))
    assert {"/d/noise"} <= paths(found) | set(structures(found))
    assert found.damaged_sectors > 100


def test_an_altered_raw_image_is_said_to_be_known_no_closer(made: Path, tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, made.read_bytes(), Options(raw=True)).writable()
    flipped(evidence, NOISE[:400])
    result = evidence.verify(files=True)
    assert result.verdict is Verdict.FAILED
    assert [item.where for item in files_of(result).not_walked] == ["sectors 0 to 16383"]


def test_nothing_is_looked_for_where_it_is_not_asked_for(made: Path, tmp_path: Path) -> None:
    assert make_evidence(tmp_path, made.read_bytes(), bad=frozenset({3})).verify().files is None


def test_the_record_gives_back_what_was_found(made: Path, tmp_path: Path) -> None:
    sector = sector_of(made, "/d/other", 50)
    found = files_of(make_evidence(tmp_path, made.read_bytes(), bad=frozenset({sector})).verify(files=True))
    assert msgspec.json.decode(encode_record(found), type=DamagedFiles) == found


@needs_program("qemu-img", "qemu-nbd")
def test_lost_clusters_of_a_virtual_disk_are_followed_to_their_files(made: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.qcow2"
    tool("qemu-img", "convert", "-f", "raw", "-O", "qcow2", str(made), str(image))
    with image.open("r+b") as file:
        file.truncate(image.stat().st_size - 3 * 65536)
    result = Evidence(tmp_path, image, b"").verify(files=True)
    found = files_of(result)
    assert result.verdict is Verdict.FAILED
    assert [partition.file_system for partition in found.partitions] == ["ext4"]
    assert found.damaged_sectors >= 3 * 128
    assert found.affected or found.structures
