"""A report carries the record's checkpoint and its timestamp, and the ledger answers to the PDF itself."""

from pathlib import Path

import pikepdf

from tests.cli.conftest import Workstation
from tests.sim.foreign_programs import run_program
from tests.sim.time_authority import TimeAuthority


def attached(path: Path, folder: Path) -> list[str]:
    """Take the attachments of a PDF out into a folder; their names."""
    with pikepdf.open(path) as pdf:
        for name, item in pdf.attachments.items():
            (folder / name).write_bytes(item.get_file().read_bytes())
        return sorted(pdf.attachments)


def test_the_ledger_answers_to_a_report_and_openssl_to_its_timestamp(
    case: Path, station: Workstation, authority: TimeAuthority, tmp_path: Path
) -> None:
    older = (case / "case.db").read_bytes()
    station.seize(case)
    station.name_authority(authority)
    issued = station.run_json("report", "issue", "JB1", "--kind", "custody", "--case", case)
    assert issued["exit_code"] == 0, issued
    report = Path(issued["path"])
    checked = station.run_json("ledger", "verify", case, "--checkpoint", report)
    assert (checked["verdict"], str(report) in checked["confirmed"]) == ("SOUND", True)
    names = attached(report, tmp_path)
    (token,) = (name for name in names if name.endswith(".tsr"))
    files = ("-in", token, "-data", f"{Path(token).stem}.txt")
    assert "OK" in run_program(tmp_path, "openssl", "ts", "-verify", *files, "-CAfile", str(authority.roots))
    assert station.run("report", "verify", report, "--case", case).exit_code in {0, 7}
    (case / "case.db").write_bytes(older)
    for path in (case / "checkpoints").iterdir():
        path.unlink()
    station.seize(case)
    found = station.run_json("ledger", "verify", case, "--checkpoint", report)
    assert (found["exit_code"], found["findings"][0]["code"]) == (8, "ledger-rewritten")
