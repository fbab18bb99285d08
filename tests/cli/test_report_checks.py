"""What a report says under "How to check this report" is typed as it stands, and finds nothing wrong."""

import base64
import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from casedb.merkle import is_included, leaf_hash
from tests.cli.conftest import PROGRAM, Workstation
from tests.sim.time_authority import serving, time_authority
from workflow.rebuild_report import rebuild_report

PACKAGES = {
    "sha256sum": "coreutils",
    "md5sum": "coreutils",
    "sha1sum": "coreutils",
    "ewfverify": "ewf-tools",
    "ddrescuelog": "gddrescue",
    "pdfdetach": "poppler-utils",
    "openssl": "openssl",
}
HEADING = "How to check this report"


def lines_to_type(text: str) -> list[str]:
    """The lines of the section, in order."""
    _, _, behind = text.partition(f" {HEADING}\n")
    lines = behind.split("\n---", 2)[0].splitlines() if "\n---" not in behind[:40] else behind.splitlines()
    found = []
    for line in lines:
        if line.startswith("    ") and not line.startswith("     "):
            found.append(line.strip())
        elif found and line[:1].isdigit():
            break
    return found


def typed(line: str, folder: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run one line by a shell, as a person would; skips where its program is not installed."""
    program = shlex.split(line)[0]
    if program != "diskwitness" and shutil.which(program) is None:
        pytest.skip(f"no {program}: Debian package {PACKAGES.get(program, program)}")
    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    settings = os.environ | environment | {"PATH": path}
    return subprocess.run(["sh", "-c", line], cwd=folder, env=settings, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("image_format", ["e01", "raw"])
def test_every_line_of_the_section_works_in_the_folder_of_the_image(
    station: Workstation, source: Path, image_format: str
) -> None:
    os.chdir(station.begin_case())
    station.run("acquire", source, "--exhibit", "JB1", "--format", image_format, "--no-second-opinion")
    issued = station.run_json("report", "issue", "JB1", "--text")
    folder = Path("images/JB1").absolute()
    shutil.copy(issued["path"], folder / "REPORT.pdf")
    lines = lines_to_type(issued["text"])
    assert {line.split()[0] for line in lines} >= {"sha256sum", "diskwitness", "ddrescuelog", "pdfdetach"}
    failed = {
        line: run.stdout + run.stderr
        for line in lines
        if (run := typed(line, folder, station.environment)).returncode
    }
    assert not failed
    altered = folder / ("JB1.E01" if image_format == "e01" else "JB1.raw")
    altered.chmod(0o600)
    content = bytearray(altered.read_bytes())
    content[len(content) // 2] ^= 1
    altered.write_bytes(content)
    assert typed("sha256sum -c JB1.sha256", folder, station.environment).returncode != 0


def test_a_time_stamped_report_is_checked_by_openssl_and_its_proofs_lead_to_the_stamped_root(
    station: Workstation, source: Path, tmp_path: Path
) -> None:
    with serving(time_authority(tmp_path / "tsa")) as authority:
        station.name_authority(authority)
        os.chdir(station.begin_case())
        station.run("acquire", source, "--exhibit", "JB1", "--no-second-opinion")
        issued = station.run_json("report", "issue", "JB1", "--text")
    shutil.copy(issued["path"], "REPORT.pdf")
    shutil.copy(authority.roots, "AUTHORITY.pem")
    lines = lines_to_type(issued["text"])
    assert [line for line in lines if line.startswith("openssl ts -verify")]
    for line in lines[-4:]:
        run = typed(line, Path.cwd(), station.environment)
        assert run.returncode == 0, run.stderr
    typed("pdfdetach -savefile ledger.jsonl -o ledger.jsonl REPORT.pdf", Path.cwd(), station.environment)
    size, root = Path("checkpoint.txt").read_text().split("\n")[1:3]
    for line in Path("ledger.jsonl").read_text().splitlines():
        item = json.loads(line)
        path = tuple(map(base64.b64decode, item["proof"]))
        leaf = leaf_hash(item["entry"].encode())
        assert is_included(leaf, item["sequence"] - 1, int(size), path, base64.b64decode(root))
    assert rebuild_report(Path.cwd(), "JB1-R1").is_same
