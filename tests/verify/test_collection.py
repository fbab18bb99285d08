"""Images that other programs made: each gets the verdict and the digests that its list says.

The collection stands in DISKWITNESS_IMAGES, or in ../shared/images beside the checkout.
"""

import contextlib
import csv
import gzip
import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from image.errors import ImageNotReadError
from image.sectors import SectorRange
from tests.image.virtual.disks import needs_qemu
from tests.sim.still_clock import StillClock
from verify.request import Expectation, VerificationRequest
from verify.verdict import Verdict, VerificationResult
from verify.verification import verify_image

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("DISKWITNESS_IMAGES", CHECKOUT.parent / "shared" / "images"))
NOT_READ = frozenset({"unread"})


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    path: Path
    unpacked_name: str
    expect: str
    digests: dict[str, str]


def listed(*expect: str) -> list[Listed]:
    """The images of which one of these is expected; none without the collection."""
    if not (FOLDER / "MANIFEST.csv").is_file():
        return []
    with (FOLDER / "MANIFEST.csv").open(newline="", encoding="utf-8") as lines:
        return [
            Listed(
                FOLDER / row["path"],
                Path(row["unpacks_to"] or row["path"]).name,
                row["expect"],
                {name: row[name] for name in ("md5", "sha1", "sha256")},
            )
            for row in csv.DictReader(lines)
            if row["expect"] in expect
        ]


def named(value: object) -> str:
    return value.path.name if isinstance(value, Listed) else ""


def cases(*expect: str) -> pytest.MarkDecorator:
    """The tests of these images, or one that says why there are none."""
    found: list[object] = list(listed(*expect))
    absent = pytest.param(None, marks=pytest.mark.skip(reason="the shared images folder is absent"))
    return pytest.mark.parametrize("item", found or [absent], ids=named)


def unpacked(item: Listed, folder: Path) -> Path:
    """The first file of an image, unpacked with its siblings where it is packed."""
    if item.path.suffixes[-2:] == [".tar", ".xz"]:
        with tarfile.open(item.path) as archive:
            archive.extractall(folder, filter="data")
        return folder / item.unpacked_name
    if item.expect in ("virtual", "refused"):
        return unpacked_disk(item, folder)
    if item.path.suffix != ".gz":
        return item.path
    stem = item.path.name.split(".")[0]
    for path in item.path.parent.glob(f"{stem}.*.gz"):
        with gzip.open(path) as packed, (folder / path.stem).open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    return folder / item.unpacked_name


def unpacked_disk(item: Listed, folder: Path) -> Path:
    """A virtual disk with all files of its name, unpacked where they are packed."""
    for path in item.path.parent.glob(f"{item.path.name.split('.')[0]}*"):
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as packed:
            (folder / path.name.removesuffix(".gz")).write_bytes(packed.read())
    return folder / item.unpacked_name


def verified(path: Path, *expectations: Expectation) -> VerificationResult:
    return verify_image(VerificationRequest(path, expectations=expectations), clock=StillClock())


def codes(result: VerificationResult) -> set[str]:
    return {finding.code for finding in result.findings}


@cases("passed", "ex01")
def test_a_sound_image_passes_with_its_digests(item: Listed, tmp_path: Path) -> None:
    result = verified(unpacked(item, tmp_path))
    assert result.verdict is Verdict.PASSED
    assert result.digests == item.digests
    assert result.compared_with == ("stored",)


@cases("damaged", "ex01-damaged")
def test_a_damaged_image_never_passes(item: Listed, tmp_path: Path) -> None:
    assert verified(unpacked(item, tmp_path)).verdict is not Verdict.PASSED


@cases("raw")
def test_a_raw_image_passes_only_when_its_digest_is_given_or_logged_beside_it(item: Listed, tmp_path: Path) -> None:
    path = unpacked(item, tmp_path)
    logs = tuple(log.name for log in sorted(path.parent.glob(f"{path.stem}.*log")))
    alone = verified(path)
    assert alone.digests == item.digests
    assert (alone.verdict, alone.compared_with) == (Verdict.PASSED if logs else Verdict.INDETERMINATE, logs)
    assert ("nothing-to-compare" in codes(alone)) is not bool(logs)
    given = Expectation("sha256", item.digests["sha256"])
    assert verified(path, given).verdict is Verdict.PASSED


@needs_qemu
@cases("virtual")
def test_a_virtual_disk_gives_its_digests_and_passes_when_one_is_expected(item: Listed, tmp_path: Path) -> None:
    path = unpacked(item, tmp_path)
    given = verified(path, Expectation("sha256", item.digests["sha256"]))
    assert (given.verdict, given.digests) == (Verdict.PASSED, item.digests)


@cases("refused")
def test_an_image_that_takes_data_from_elsewhere_is_refused(item: Listed, tmp_path: Path) -> None:
    with pytest.raises(ImageNotReadError):
        verified(unpacked(item, tmp_path))


@cases(*NOT_READ)
def test_a_format_that_is_not_read_is_refused_by_name(item: Listed, tmp_path: Path) -> None:
    with pytest.raises(ImageNotReadError) as refusal:
        verified(unpacked(item, tmp_path))
    assert "is recognised but not read yet" in str(refusal.value)


@cases("any")
def test_an_image_the_tools_disagree_on_never_passes_wrongly(item: Listed, tmp_path: Path) -> None:
    path = unpacked(item, tmp_path)
    with contextlib.suppress(ImageNotReadError):
        assert verified(path).verdict is not Verdict.PASSED
        given = verified(path, Expectation("sha256", item.digests["sha256"] or "0" * 64))
        assert given.verdict is not Verdict.PASSED or given.digests == item.digests


DAMAGE = [
    ("bitflip_compressed_chunk.E01", "chunk-damaged", SectorRange(28864, 64)),
    ("smart_bitflip.s01", "chunk-damaged", SectorRange(26560, 64)),
    ("stored_hash_tampered.E01", "stored-digest", None),
    ("trailing_garbage.E01", "unowned-bytes", None),
    ("truncated_mid_sectors.E01", "segment-truncated", None),
    ("table_and_table2_damaged.E01", "table-section", SectorRange(0, 40960)),
    ("missing_E02.tar.xz", "media-missing", SectorRange(1984, 1984)),
    ("missing_last.tar.xz", "set-incomplete", None),
]


@pytest.mark.parametrize(("name", "code", "sectors"), DAMAGE, ids=[name for name, _, _ in DAMAGE])
def test_damage_is_named_with_its_sectors(
    name: str, code: str, sectors: SectorRange | None, tmp_path: Path
) -> None:
    item = next((item for item in listed("damaged") if item.path.name == name), None)
    if item is None:
        pytest.skip("the shared images folder is absent")
    result = verified(unpacked(item, tmp_path))
    assert (code, sectors) in {(finding.code, finding.sectors) for finding in result.findings}
