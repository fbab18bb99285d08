"""Virtual disks verified: their format stores nothing to compare with, and what qemu cannot read is no pass."""

import hashlib
from pathlib import Path

from tests.image.virtual.disks import break_first_cluster, content, made_disk, needs_qemu
from tests.sim.still_clock import StillClock
from verify.request import Expectation, VerificationRequest
from verify.verdict import Verdict
from verify.verification import verify_image

pytestmark = needs_qemu


def test_a_virtual_disk_passes_with_the_digest_that_is_expected_and_never_without(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vdi")
    alone = verify_image(VerificationRequest(path), clock=StillClock())
    assert alone.verdict is Verdict.INDETERMINATE
    assert alone.format == "vdi"
    assert "nothing-to-compare" in [item.code for item in alone.findings]
    expected = Expectation("sha256", hashlib.sha256(content()).hexdigest())
    given = verify_image(VerificationRequest(path, expectations=(expected,)), clock=StillClock())
    assert given.verdict is Verdict.PASSED


def test_the_digest_of_the_file_is_never_taken_for_that_of_its_media(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "vdi")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name("disk.vdi.sha256").write_text(f"{digest}  disk.vdi\n")
    path.with_name("disk.sha256").write_text(f"{digest}  disk.vdi\n")
    result = verify_image(VerificationRequest(path), clock=StillClock())
    assert result.verdict is not Verdict.FAILED
    given = verify_image(
        VerificationRequest(path, expectations=(Expectation("sha256", digest),)), clock=StillClock()
    )
    assert given.verdict is Verdict.FAILED


def test_no_digest_is_told_of_media_that_qemu_could_not_read(tmp_path: Path) -> None:
    path = made_disk(tmp_path, "qcow2", "compressed")
    break_first_cluster(path)
    expected = Expectation("sha256", hashlib.sha256(content()).hexdigest())
    result = verify_image(VerificationRequest(path, expectations=(expected,)), clock=StillClock())
    assert (result.verdict, result.digests) == (Verdict.INDETERMINATE, {})
