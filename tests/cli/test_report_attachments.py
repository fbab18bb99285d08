"""What a report carries with it, taken out by another program and checked without the report."""

import hashlib
from pathlib import Path

import pytest

from casedb.checkpoint import Checkpoint, decode_checkpoint
from casedb.ledger_excerpt import excerpt_problems
from casedb.signed_note import decode_note
from tests.cli.conftest import Workstation
from tests.report.test_pdf import looked_at
from tests.sim.foreign_programs import run_program
from tests.sim.time_authority import serving, time_authority
from tests.sim.verapdf import require_compliance


def taken_out(station: Workstation, folder: Path, *words: str) -> tuple[Path, Path]:
    """A report, and a folder with what was attached to it."""
    path = Path(station.run_json("report", "issue", *words)["path"])
    folder.mkdir()
    looked_at("pdfdetach", "-saveall", "-o", folder, path)
    return path, folder


def require_proven(attached: Path) -> Checkpoint:
    """See that the attached checkpoint proves the attached entries; the checkpoint."""
    checkpoint = decode_checkpoint(decode_note((attached / "checkpoint.txt").read_bytes()).text)
    excerpt = (attached / "ledger.jsonl").read_bytes()
    assert len(excerpt.splitlines()) > 5
    assert excerpt_problems(excerpt, checkpoint.size, checkpoint.root) == ()
    return checkpoint


def test_the_files_of_the_image_are_attached_as_they_lie_beside_it(
    station: Workstation, case: Path, tmp_path: Path
) -> None:
    _, attached = taken_out(station, tmp_path / "attached", "JB1")
    beside = case / "images" / "JB1"
    for name in ("JB1.manifest.json", "JB1.sha256", "JB1.map", "JB1.verification.json"):
        assert (attached / name).read_bytes() == (beside / name).read_bytes()


def test_the_attached_checkpoint_proves_the_attached_entries_and_the_record(
    station: Workstation, case: Path, tmp_path: Path
) -> None:
    path, attached = taken_out(station, tmp_path / "attached", "JB1", "--kind", "custody")
    assert sorted(item.name for item in attached.iterdir()) == ["checkpoint.txt", "ledger.jsonl"]
    checkpoint = require_proven(attached)
    assert f"{checkpoint.size} entries, root {checkpoint.root.hex()[:16]}" in looked_at(
        "pdftotext", "-layout", path, "-"
    )
    assert station.run("ledger", "verify", "--checkpoint", attached / "checkpoint.txt").exit_code == 0


def test_the_report_lists_its_attachments_with_their_digests(
    station: Workstation, case: Path, tmp_path: Path
) -> None:
    path, attached = taken_out(station, tmp_path / "attached", "JB1")
    printed = "".join(looked_at("pdfinfo", "-struct-text", path).split())
    for item in attached.iterdir():
        assert hashlib.sha256(item.read_bytes()).hexdigest() in printed


@pytest.mark.long
def test_reports_of_a_real_case_are_pdf_a_3a_and_pdf_ua_1(station: Workstation, case: Path, tmp_path: Path) -> None:
    kinds = ("acquisition", "verification")
    require_compliance(
        *(Path(station.run_json("report", "issue", "JB1", "--kind", kind)["path"]) for kind in kinds)
    )


@pytest.mark.parametrize("name", ["checkpoint", "stamped-checkpoint"])
def test_a_timestamp_is_attached_with_the_checkpoint_that_was_stamped(
    name: str, station: Workstation, case: Path, tmp_path: Path
) -> None:
    with serving(time_authority(tmp_path / "tsa")) as authority:
        station.name_authority(authority)
        assert station.run("custody", "add", "JB1", "--kind", "seal", "--seal-in", "S1").exit_code == 0
    if name == "stamped-checkpoint":
        assert station.run("custody", "add", "JB1", "--kind", "unseal", "--seal-out", "S1").exit_code == 0
    _, attached = taken_out(station, tmp_path / "attached", "JB1")
    require_proven(attached)
    words = ("-in", f"{name}.tsr", "-data", f"{name}.txt", "-CAfile", str(authority.roots))
    assert "Verification: OK" in run_program(attached, "openssl", "ts", "-verify", *words)
    assert station.run("ledger", "verify", "--checkpoint", attached / f"{name}.txt").exit_code == 0
