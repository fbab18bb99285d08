"""Every failure of a destination at every step: a clear reason, no file that lies, what is there can go on."""

import hashlib
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from acquire.job_parts import form_of
from acquire.journal import Journal
from acquire.result import AcquisitionResult, OutputState
from acquire.resume_journal import read_journal
from image.manifest import Manifest
from image.manifest_file import read_manifest
from image.part_proof import prove_part
from image.sidecars import Sidecar
from tests.sim.acquisitions import Options, acquire_disk, request_for
from tests.sim.failing_mounts import FailingMount, failing_folder
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock
from verify.request import VerificationRequest
from verify.verdict import Verdict
from verify.verification import verify_image

MIB = 1024 * 1024
DISK = MemoryDisk(hashlib.shake_256(b"media").digest(5 * MIB))
RAW = Options(raw=True, segment_size_bytes=2 * MIB)
E01 = Options(compression="none", segment_size_bytes=2 * MIB)
FORMATS = {"raw": (RAW, "JB1.002"), "e01": (E01, "JB1.E02")}
NAMES = itertools.count(1)

STEPS = {
    "segment made": ("create", "SEGMENT", 0),
    "segment written": ("write", "SEGMENT", 1),
    "segment synced": ("fsync", "SEGMENT", 0),
    "segment closed": ("close", "SEGMENT", 0),
    "journal made": ("create", ".partial.new", 2),
    "journal written": ("write", ".partial.new", 2),
    "journal synced": ("fsync", ".partial.new", 2),
    "journal renamed": ("rename", ".partial", 2),
    "names synced": ("fsyncdir", "", 3),
    "checksums written": ("write", ".sha256", 0),
    "checksums synced": ("fsync", ".sha256", 0),
    "map made": ("create", ".map", 0),
    "map written": ("write", ".map", 0),
    "manifest named": ("rename", ".manifest.json", 0),
}
"""Step: the call that fails, the end of the file's name, how many such calls pass before."""

ERRORS = {
    "EIO": "what was written last cannot be trusted",
    "ENOSPC": "free space there, or write to a larger disk",
    "EDQUOT": "free space there, or have the quota raised",
    "EROFS": "look at the kernel's messages",
    "EFBIG": "choose a smaller --segment-size",
}
"""Error, and what the examiner is advised to do."""


@pytest.fixture(scope="module")
def mount(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FailingMount]:
    """A folder that fails."""
    with failing_folder(tmp_path_factory.mktemp("failing")) as found:
        yield found


@pytest.fixture
def folder(mount: FailingMount) -> str:
    """The name of a new folder in it, which does not fail yet."""
    mount.set_rules()
    name = f"job{next(NAMES)}"
    (mount.backing / name).mkdir()
    return name


def fail_at(mount: FailingMount, step: str, segment: str, error: str, times: int = 1 << 30) -> None:
    """Let one step fail."""
    call, name, after = STEPS[step]
    fault = {"call": call, "name": name.replace("SEGMENT", segment), "errno": error, "after": after, "times": times}
    mount.set_rules(faults=[fault])


def require_truth(folder: Path, options: Options) -> Journal | Manifest | None:
    """See that nothing in the folder of an image says more than is there; what its journal or manifest says."""
    output = folder / "JB1"
    manifest, journal = Sidecar.MANIFEST.beside(output), Sidecar.JOURNAL.beside(output)
    checksums = Sidecar.CHECKSUMS.beside(output)
    for line in checksums.read_text().splitlines() if checksums.exists() else ():
        digest, name = line.split()
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    if manifest.exists():
        assert verify_image(VerificationRequest(_first(folder)), clock=StillClock()).verdict is Verdict.PASSED
        return read_manifest(manifest)
    if not journal.exists() or not journal.stat().st_size:
        return None
    said, _ = read_journal(journal)
    if isinstance(said, Manifest):
        for item in said.segments:
            assert hashlib.sha256((folder / item.file).read_bytes()).hexdigest() == item.sha256
    else:
        prove_part(output, said.durable_part, form_of(request_for(DISK, (output,), options)), ("md5",))
    return said


def _first(folder: Path) -> Path:
    return min(path for path in folder.iterdir() if path.suffix in (".E01", ".001"))


def lost(result: AcquisitionResult, error: str) -> bool:
    """Whether the first output was lost, with the reason of this error."""
    output = result.outputs[0]
    return output.state is OutputState.FAILED and ERRORS[error] in (output.reason or "")


CASES = [
    (step, error, image_format)
    for number, step in enumerate(STEPS)
    for error, image_format in zip(
        (list(ERRORS)[number % 5], list(ERRORS)[(number + 1) % 5]), ("raw", "e01"), strict=True
    )
]
"""Every step in both formats, with errors in turn."""
EVERY_CASE = [case for case in itertools.product(STEPS, ERRORS, FORMATS) if case not in CASES]


@pytest.mark.parametrize(("step", "error", "image_format"), CASES)
def test_a_step_that_fails_loses_the_output_and_no_file_lies(
    mount: FailingMount, folder: str, step: str, error: str, image_format: str
) -> None:
    options, segment = FORMATS[image_format]
    fail_at(mount, step, segment, error)
    result = acquire_disk(DISK, mount.path / folder / "JB1", options=options)
    assert result.manifest is None or step == "manifest named"
    assert lost(result, error)
    said = require_truth(mount.backing / folder, options)
    assert said is not None
    assert not Sidecar.MANIFEST.beside(mount.backing / folder / "JB1").exists()


@pytest.mark.long
@pytest.mark.parametrize(("step", "error", "image_format"), EVERY_CASE)
def test_every_error_at_every_step_loses_the_output_and_no_file_lies(
    mount: FailingMount, folder: str, step: str, error: str, image_format: str
) -> None:
    test_a_step_that_fails_loses_the_output_and_no_file_lies(mount, folder, step, error, image_format)


@pytest.mark.parametrize("step", STEPS)
def test_at_every_step_the_other_output_finishes(
    mount: FailingMount, folder: str, tmp_path: Path, step: str
) -> None:
    fail_at(mount, step, "JB1.002", "EIO")
    result = acquire_disk(DISK, mount.path / folder / "JB1", tmp_path / "JB1", options=RAW)
    assert lost(result, "EIO")
    assert result.outputs[1].state is OutputState.COMPLETE
    assert verify_image(VerificationRequest(tmp_path / "JB1.001"), clock=StillClock()).verdict is Verdict.PASSED
    require_truth(mount.backing / folder, RAW)
    assert result.manifest is not None
    kinds = [item.kind for item in result.manifest.read.events]
    assert kinds == ([] if step == "manifest named" else ["output lost"])


@pytest.mark.parametrize("image_format", FORMATS)
@pytest.mark.parametrize("error", ["EIO", "ENODEV"])
def test_where_a_destination_dies_wholly_the_other_output_finishes(
    mount: FailingMount, folder: str, tmp_path: Path, image_format: str, error: str
) -> None:
    options, segment = FORMATS[image_format]
    mount.set_rules(dead={"call": "write", "name": segment, "errno": error})
    result = acquire_disk(DISK, mount.path / folder / "JB1", tmp_path / "JB1", options=options)
    mount.set_rules()
    assert [item.state for item in result.outputs] == [OutputState.FAILED, OutputState.COMPLETE]
    assert verify_image(VerificationRequest(_first(tmp_path)), clock=StillClock()).verdict is Verdict.PASSED
    require_truth(mount.backing / folder, options)


@pytest.mark.parametrize("image_format", FORMATS)
def test_behind_a_failed_sync_nothing_is_kept_though_the_next_sync_succeeds(
    mount: FailingMount, folder: str, image_format: str
) -> None:
    options, segment = FORMATS[image_format]
    fail_at(mount, "segment synced", segment, "EIO", times=1)
    assert lost(acquire_disk(DISK, mount.path / folder / "JB1", options=options), "EIO")
    backing = mount.backing / folder
    journal = require_truth(backing, options)
    assert isinstance(journal, Journal)
    assert "Input/output error" in (journal.reason or "")
    durable = dict(journal.durable_part.files)
    there = {path.name: path.stat().st_size for path in backing.glob("JB1.[E0]*")}
    assert there == dict.fromkeys(there, 0) | durable


@pytest.mark.parametrize("image_format", FORMATS)
def test_short_writes_are_completed(mount: FailingMount, folder: str, image_format: str) -> None:
    mount.set_rules(short=100_000)
    result = acquire_disk(DISK, mount.path / folder / "JB1", options=FORMATS[image_format][0])
    assert result.outputs[0].state is OutputState.COMPLETE
    assert verify_image(VerificationRequest(_first(mount.path / folder)), clock=StillClock()).findings == ()


@pytest.mark.parametrize("error", ["ENOSPC", "EDQUOT"])
def test_on_a_full_disk_the_tail_is_cut_so_that_the_journal_finds_room(
    mount: FailingMount, folder: str, error: str
) -> None:
    mount.set_rules(space=3 * MIB, space_errno=error)
    assert lost(acquire_disk(DISK, mount.path / folder / "JB1", options=RAW), error)
    journal = json.loads(Sidecar.JOURNAL.beside(mount.backing / folder / "JB1").read_text())
    assert (journal["state"], journal["watermark"]["next_sector"]) == ("stopped", 2 * MIB // 512)
    require_truth(mount.backing / folder, RAW)


def test_a_destination_made_read_only_leaves_what_it_has(mount: FailingMount, folder: str) -> None:
    mount.set_rules(faults=[{"call": "write", "name": "JB1.002", "errno": "EROFS"}])
    assert lost(acquire_disk(DISK, mount.path / folder / "JB1", options=RAW), "EROFS")
    mount.set_rules(read_only=True)
    require_truth(mount.backing / folder, RAW)


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_byte_that_rots_on_the_medium_is_found_with_its_place(
    mount: FailingMount, folder: str, image_format: str
) -> None:
    options, segment = FORMATS[image_format]
    result = acquire_disk(DISK, mount.path / folder / "JB1", options=options)
    assert result.outputs[0].state is OutputState.COMPLETE
    mount.set_rules(rot=[[f"{folder}/{segment}", MIB]])
    checked = verify_image(VerificationRequest(_first(mount.path / folder), from_medium=True), clock=StillClock())
    assert checked.verdict is Verdict.FAILED
    codes = {item.code for item in checked.findings if item.segment == segment}
    assert "segment-digest" in codes
    assert any(item.sectors is not None for item in checked.findings)


def test_a_segment_moves_on_where_a_quota_ends_that_nobody_could_foresee(
    mount: FailingMount, folder: str, tmp_path: Path
) -> None:
    mount.set_rules(space=3 * MIB, space_errno="EDQUOT", hidden=True)
    options = Options(raw=True, segment_size_bytes=2 * MIB, output_next=(str(tmp_path),))
    result = acquire_disk(DISK, mount.path / folder / "JB1", options=options)
    assert result.manifest is not None
    assert [item.folder for item in result.manifest.segments] == [None, str(tmp_path), str(tmp_path)]
    assert "Disk quota exceeded" in result.manifest.read.events[0].detail
    assert verify_image(VerificationRequest(_first(mount.path / folder)), clock=StillClock()).findings == ()
