"""An acquisition that was interrupted at any step goes on to the image that it would have been."""

import hashlib
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquire.journal import Journal, journal_bytes
from acquire.request import JobHooks
from acquire.result import OutputState
from acquire.resume import gather
from acquire.resume_aside import set_aside
from acquire.resume_journal import read_journal
from acquire.resume_look import Remains, look_at_output
from acquire.sample_comparison import sample_sectors
from image.errors import DestinationError
from image.folder_row import FolderRow
from image.manifest import Manifest
from image.manifest_file import read_manifest
from image.sectors import SectorRange, merge_ranges
from image.sidecars import Sidecar
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.faulty_disk import sector_set
from tests.sim.memory_disk import MemoryDisk
from tests.sim.resuming import HurriedClock, killed_at, resume_disk, stopped_at

MIB = 1024 * 1024
BAD = frozenset({3, 4, 5, 4095, 4096, 5000, 5002, 9000})
CONTENT = (hashlib.shake_256(b"disk").digest(2 * MIB) + bytes(MIB) + b"The quick brown fox. " * 200_000)[: 5 * MIB]
KINDS = {
    "e01": Options(segment_size_bytes=MIB),
    "one e01": Options(compression="none"),
    "split raw": Options(raw=True, segment_size_bytes=3 * MIB // 2),
    "raw": Options(raw=True),
}


def disk_with_bad_sectors() -> MemoryDisk:
    """A disk of 5 MiB, some of its sectors unreadable."""
    return MemoryDisk(CONTENT, bad=BAD)


def hurried(options: Options) -> Options:
    """The same acquisition, with a journal after every batch."""
    return replace(options, hooks=JobHooks(HurriedClock(), threading.Event()))


def require_whole(folder: Path, disk: MemoryDisk) -> Manifest:
    """See that the image of a folder is whole, and what the disk gives; its manifest."""
    manifest = read_manifest(folder / "JB1.manifest.json")
    digests = {name: hashlib.new(name, disk.imaged_content()).hexdigest() for name in manifest.media.digests}
    assert manifest.media.digests == digests
    assert sector_set(manifest.read.unreadable) == BAD
    for segment in manifest.segments:
        contents = (folder / segment.file).read_bytes()
        assert hashlib.sha256(contents).hexdigest() == segment.sha256
        start, size_bytes = segment.first_sector * 512, segment.sector_count * 512
        media = disk.imaged_content()[start : start + size_bytes]
        assert hashlib.sha256(media).hexdigest() == segment.media_sha256
    names = {path.name for path in folder.iterdir() if "stale" not in path.name}
    sidecars = {"JB1.manifest.json", "JB1.sha256", "JB1.map"}
    assert names == sidecars | {segment.file for segment in manifest.segments}
    return manifest


def walk_steps(tmp_path: Path, options: Options, steps: range) -> int:
    """Kill an acquisition at each of these steps and go on with it; how many steps it really had."""
    disk = disk_with_bad_sectors()
    reached = 0
    for step in steps:
        folder = tmp_path / str(step)
        folder.mkdir()
        acquire = partial(acquire_disk, disk, folder / "JB1", options=hurried(options))
        if not killed_at(step, acquire, folder):
            break
        reached = step
        resume_disk(disk, folder / "JB1", options=options)
        require_whole(folder, disk)
    return reached


@pytest.mark.parametrize("kind", KINDS)
def test_an_acquisition_killed_at_some_steps_becomes_the_same_image(tmp_path: Path, kind: str) -> None:
    assert walk_steps(tmp_path, KINDS[kind], range(3, 40, 17)) > 0


@pytest.mark.parametrize("kind", ["e01", "split raw"])
def test_an_image_in_two_folders_killed_at_some_steps_becomes_whole(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FolderRow, "rooms", lambda row: (0, *(2**40 for _ in row.folders[1:])))
    disk, reached = disk_with_bad_sectors(), 0
    for step in range(2, 60, 7):
        folder, other = tmp_path / str(step), tmp_path / f"{step}-next"
        folder.mkdir()
        other.mkdir()
        options = replace(KINDS[kind], output_next=(str(other),))
        acquire = partial(acquire_disk, disk, folder / "JB1", options=hurried(options))
        if not killed_at(step, acquire, folder):
            break
        reached += bool(list(other.iterdir()))
        resume_disk(disk, folder / "JB1", options=options)
        manifest = read_manifest(folder / "JB1.manifest.json")
        assert manifest.media.digests["md5"] == hashlib.md5(disk.imaged_content()).hexdigest()
        files = [Path(item.folder or folder) / item.file for item in manifest.segments]
        assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in files] == [
            item.sha256 for item in manifest.segments
        ]
        assert {path.name for path in other.iterdir()} == {path.name for path in files[1:]} | {"JB1.sha256"}
    assert reached


def test_a_folder_that_is_new_on_resuming_must_be_free(tmp_path: Path) -> None:
    disk, other = disk_with_bad_sectors(), tmp_path / "next"
    (tmp_path / "own").mkdir()
    other.mkdir()
    (other / "JB1.E05").write_bytes(b"of another image")
    stopped_at(4 * MIB, disk, tmp_path / "own" / "JB1", options=KINDS["e01"])
    options = replace(KINDS["e01"], output_next=(str(other),))
    with pytest.raises(DestinationError, match="already there"):
        resume_disk(disk, tmp_path / "own" / "JB1", options=options)
    assert (other / "JB1.E05").read_bytes() == b"of another image"


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_an_acquisition_killed_at_any_step_becomes_the_same_image(tmp_path: Path, kind: str) -> None:
    assert walk_steps(tmp_path, KINDS[kind], range(1000)) > 20


@pytest.mark.long
@pytest.mark.parametrize("kind", ["e01", "raw"])
def test_a_resumed_acquisition_killed_at_any_step_becomes_the_same_image(tmp_path: Path, kind: str) -> None:
    disk, options = disk_with_bad_sectors(), KINDS[kind]
    for step in range(1000):
        folder = tmp_path / str(step)
        folder.mkdir()
        stopped_at(4 * MIB, disk, folder / "JB1", options=options)
        if not killed_at(step, partial(resume_disk, disk, folder / "JB1", options=options), folder):
            break
        resume_disk(disk, folder / "JB1", options=options)
        require_whole(folder, disk)
    assert step > 10


@pytest.mark.parametrize("kind", KINDS)
def test_a_stopped_acquisition_goes_on_and_tells_of_both(tmp_path: Path, kind: str) -> None:
    disk = disk_with_bad_sectors()
    stopped_at(2 * MIB, disk, tmp_path / "JB1", options=KINDS[kind])
    resume_disk(disk, tmp_path / "JB1", options=KINDS[kind])
    manifest = require_whole(tmp_path, disk)
    assert [event.kind for event in manifest.read.events] == ["stopped", "resumed"]
    assert "at sector 4096 of 10240" in manifest.read.events[1].detail
    (tmp_path / "whole").mkdir()
    whole = acquire_disk(disk, tmp_path / "whole" / "JB1", options=KINDS[kind]).manifest
    assert whole is not None
    assert manifest.read.zero_sectors == whole.read.zero_sectors
    assert manifest.read.incompressible_sectors == whole.read.incompressible_sectors
    assert manifest.read.error_count == whole.read.error_count
    assert manifest.findings == whole.findings


@pytest.mark.parametrize("kind", ["e01", "raw"])
def test_an_output_that_got_further_is_cut_back_to_the_other(tmp_path: Path, kind: str) -> None:
    disk, options = disk_with_bad_sectors(), KINDS[kind]
    outputs = (tmp_path / "one" / "JB1", tmp_path / "two" / "JB1")
    for output in outputs:
        output.parent.mkdir()
    stopped_at(2 * MIB, disk, *outputs, options=options)
    shutil.copytree(outputs[0].parent, tmp_path / "earlier")
    resume_disk(disk, *outputs, options=options, stop_bytes=4 * MIB)
    shutil.rmtree(outputs[0].parent)
    (tmp_path / "earlier").rename(outputs[0].parent)
    result = resume_disk(disk, *outputs, options=options)
    assert result is not None
    assert [output.state for output in result.outputs] == [OutputState.COMPLETE] * 2
    manifests = [require_whole(output.parent, disk) for output in outputs]
    assert manifests[0] == manifests[1]
    assert [event.kind for event in manifests[0].read.events] == ["stopped", "resumed"] * 2


def test_outputs_of_different_acquisitions_are_not_resumed_together(tmp_path: Path) -> None:
    disk = disk_with_bad_sectors()
    for name, kind in (("one", "e01"), ("two", "one e01")):
        (tmp_path / name).mkdir()
        stopped_at(4 * MIB, disk, tmp_path / name / "JB1", options=KINDS[kind])
    looks = [look_at_output(tmp_path / name / "JB1") for name in ("one", "two")]
    with pytest.raises(DestinationError, match="different acquisitions"):
        gather(looks)


@pytest.mark.parametrize("kind", ["e01", "raw"])
def test_an_image_that_is_not_what_was_written_is_left_as_it_is(tmp_path: Path, kind: str) -> None:
    disk, options = disk_with_bad_sectors(), KINDS[kind]
    stopped_at(4 * MIB, disk, tmp_path / "JB1", options=options)
    segment = next(path for path in sorted(tmp_path.iterdir()) if path.suffix in (".E01", ".raw"))
    segment.chmod(0o644)
    with segment.open("r+b") as file:
        file.seek(100_000)
        file.write(b"\0\1\2\3")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(DestinationError, match="not what was written"):
        resume_disk(disk, tmp_path / "JB1", options=options)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def small_journal(folder: Path) -> Path:
    """The journal of a small acquisition that stopped."""
    stopped_at(2 * MIB, disk_with_bad_sectors(), folder / "JB1", options=KINDS["raw"])
    return Sidecar.JOURNAL.beside(folder / "JB1")


def test_a_journal_with_a_byte_changed_vouches_for_nothing(tmp_path: Path) -> None:
    path = small_journal(tmp_path)
    contents = path.read_bytes()
    for place in [*range(0, len(contents), 3), len(contents) - 1]:
        path.write_bytes(contents[:place] + bytes([contents[place] ^ 1]) + contents[place + 1 :])
        look = look_at_output(tmp_path / "JB1")
        look.close()
        assert look.remains is Remains.UNVOUCHED, contents[max(0, place - 20) : place + 20]


def test_a_journal_cut_at_any_place_vouches_for_nothing(tmp_path: Path) -> None:
    path = small_journal(tmp_path)
    contents = path.read_bytes()
    for length in range(0, len(contents) - 1, 31):
        path.write_bytes(contents[:length])
        look = look_at_output(tmp_path / "JB1")
        look.close()
        assert look.remains is Remains.UNVOUCHED


def rewritten(path: Path, change: Callable[[Journal], Journal]) -> None:
    """Put a changed journal in the place of one, whole in itself."""
    journal, _ = read_journal(path)
    assert isinstance(journal, Journal)
    path.write_bytes(journal_bytes(change(journal)))


HOSTILE: dict[str, Callable[[Journal], Journal]] = {
    "behind the end": lambda item: replace(item, watermark=replace(item.watermark, next_sector=2**40)),
    "before the beginning": lambda item: replace(item, watermark=replace(item.watermark, next_sector=-512)),
    "no algorithm": lambda item: with_parameters(item, algorithms=("crc32",)),
    "no sectors": lambda item: with_parameters(item, sector_count=0),
    "huge chunks": lambda item: with_parameters(item, format="e01", chunk_sectors=2**40),
    "foreign format": lambda item: with_parameters(item, format="aff4"),
    "no identifier": lambda item: with_parameters(item, set_identifier="../../x"),
    "bad sectors elsewhere": lambda item: replace(
        item, read=replace(item.read, unreadable=(SectorRange(2**50, 1),))
    ),
    "other steps": lambda item: replace(item, prefix_step_bytes=1),
}
UNTRUE: dict[str, Callable[[Journal], Journal]] = {
    "outside the folder": lambda item: replace(item, watermark=replace(item.watermark, file="../secret")),
    "another file": lambda item: replace(item, watermark=replace(item.watermark, file="JB2.raw")),
    "longer than it is": lambda item: replace(item, watermark=replace(item.watermark, length_bytes=2**50)),
    "no proof": lambda item: replace(item, watermark=replace(item.watermark, media_sha256=None)),
    "further than it is": lambda item: replace(item, watermark=replace(item.watermark, next_sector=8192)),
}


def with_parameters(journal: Journal, **changes: object) -> Journal:
    """A journal of other parameters."""
    parameters = replace(journal.job.parameters, **changes)  # type: ignore[arg-type]  # of the test's choosing
    return replace(journal, job=replace(journal.job, parameters=parameters))


@pytest.mark.parametrize("what", HOSTILE)
def test_a_journal_that_cannot_be_true_vouches_for_nothing(tmp_path: Path, what: str) -> None:
    rewritten(small_journal(tmp_path), HOSTILE[what])
    look = look_at_output(tmp_path / "JB1")
    assert look.remains is Remains.UNVOUCHED
    assert "cannot be" in look.detail or "another kind" in look.detail


@pytest.mark.parametrize("what", UNTRUE)
def test_a_journal_that_is_not_true_of_the_files_changes_nothing(tmp_path: Path, what: str) -> None:
    rewritten(small_journal(tmp_path), UNTRUE[what])
    (tmp_path.parent / "secret").write_bytes(bytes(2 * MIB))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(DestinationError):
        resume_disk(disk_with_bad_sectors(), tmp_path / "JB1", options=KINDS["raw"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_journal_of_a_later_version_is_left_to_that_version(tmp_path: Path) -> None:
    path = small_journal(tmp_path)
    rewritten(path, lambda item: replace(item, version=2))
    with pytest.raises(DestinationError, match="a later version began this image"):
        look_at_output(tmp_path / "JB1")


def test_an_image_that_another_process_writes_is_not_resumed(tmp_path: Path) -> None:
    small_journal(tmp_path)
    first = look_at_output(tmp_path / "JB1")
    with pytest.raises(DestinationError, match="another diskwitness"):
        look_at_output(tmp_path / "JB1")
    first.close()
    look_at_output(tmp_path / "JB1").close()


def test_a_journal_that_is_no_file_is_refused(tmp_path: Path) -> None:
    for kind in ("link", "pipe", "folder"):
        output = tmp_path / kind
        path = Sidecar.JOURNAL.beside(output)
        if kind == "link":
            path.symlink_to("/etc/passwd")
        elif kind == "pipe":
            os.mkfifo(path)
        else:
            path.mkdir()
        with pytest.raises(DestinationError):
            look_at_output(output)


def test_files_that_no_journal_vouches_for_are_kept_aside(tmp_path: Path) -> None:
    disk, options = disk_with_bad_sectors(), KINDS["e01"]
    kept: dict[str, bytes] = {}
    for number in (1, 2):
        stopped_at(4 * MIB, disk, tmp_path / "JB1", options=options)
        kept = {path.name: path.read_bytes() for path in tmp_path.glob("JB1.E*")}
        Sidecar.JOURNAL.beside(tmp_path / "JB1").write_text("{}")
        assert set_aside(tmp_path / "JB1") == tmp_path / f"JB1.stale-{number}"
        assert look_at_output(tmp_path / "JB1").remains is Remains.NOTHING
    assert {path.name: path.read_bytes() for path in (tmp_path / "JB1.stale-2").glob("JB1.E*")} == kept
    assert (tmp_path / "JB1.stale-1" / "JB1.E01").read_bytes() == kept["JB1.E01"]


@given(st.integers(0, 3000), st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 400)), max_size=20))
def test_the_sectors_to_compare_were_all_read(sector_count: int, ranges: list[tuple[int, int]]) -> None:
    unreadable = merge_ranges(SectorRange(*item) for item in ranges)
    bad = sector_set(unreadable)
    chosen = sample_sectors(sector_count, unreadable)
    assert len(chosen) <= 64
    assert all(sector < sector_count and sector not in bad for sector in chosen)
    if sector_count and not unreadable:
        assert {0, sector_count - 1} <= set(chosen)
        assert len(chosen) == min(sector_count, 64)
