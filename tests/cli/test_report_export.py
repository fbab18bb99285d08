"""`report export`: the record of a real case, written for other programs."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from report.interchange.dfxml import DFXML, OURS
from report.interchange.formats import SUFFIXES
from tests.cli.conftest import Workstation

NAMES = {item.value: f"JB1{suffix}" for item, suffix in SUFFIXES.items()}
EWF_NAMES = {
    "acquiry_information": {"case_number", "evidence_number", "examiner_name", "description"},
    "media_information": {"bytes_per_sector", "number_of_sectors", "media_size"},
}


@pytest.fixture
def case(station: Workstation, source: Path) -> Path:
    """A case with an imaged exhibit."""
    station.begin_case()
    station.run("custody", "add", "JB1", "--kind", "seize", "--received-by", "M. Roy", "--case", "matter")
    station.run("acquire", source, "--exhibit", "JB1", "--case", "matter", "--no-second-opinion")
    os.chdir(station.folder / "matter")
    return station.folder / "matter"


@pytest.mark.parametrize("export_format", sorted(NAMES))
def test_an_export_goes_into_the_reports_and_the_ledger_stays_as_it_was(
    station: Workstation, case: Path, export_format: str
) -> None:
    before = station.run_json("ledger", "verify")
    done = station.run_json("report", "export", "JB1", "--format", export_format)
    content = (case / "reports" / NAMES[export_format]).read_bytes()
    assert done["path"] == str(case / "reports" / NAMES[export_format])
    assert done["sha256"] == hashlib.sha256(content).hexdigest()
    assert done["size_bytes"] == len(content)
    after = station.run_json("ledger", "verify")
    assert after["entries"] == before["entries"]
    assert after["exit_code"] == 0


def test_an_export_replaces_no_file(station: Workstation, case: Path) -> None:
    (case / "mine").write_text("kept", encoding="utf-8")
    result = station.run("report", "export", "JB1", "--format", "json", "--output", "mine")
    assert result.exit_code != 0
    assert "exists" in result.stderr
    assert (case / "mine").read_text(encoding="utf-8") == "kept"
    assert not list(case.glob("*.partial"))


def test_an_exhibit_that_was_never_imaged_is_exported_too(station: Workstation, case: Path) -> None:
    station.run("exhibit", "add", "JB2", "--description", "found later")
    for export_format in sorted(NAMES):
        assert station.run("report", "export", "JB2", "--format", export_format).exit_code == 0
    assert "NOT ACQUIRED" in (case / "reports" / "JB2.html").read_text(encoding="utf-8")


def test_an_unknown_exhibit_is_refused(station: Workstation, case: Path) -> None:
    result = station.run("report", "export", "JB7", "--format", "html")
    assert result.exit_code == 2
    assert not list((case / "reports").iterdir())


def test_the_record_in_json_is_that_of_exhibit_show(station: Workstation, case: Path) -> None:
    shown = station.run_json("exhibit", "show", "JB1")["record"]
    station.run("report", "export", "JB1", "--format", "json", "--output", "r.json")
    record = json.loads((case / "r.json").read_text(encoding="utf-8"))["record"]
    for item in record["verifications"]:
        assert item["result"].pop("verdict") == "PASSED"
    assert record == shown


def test_dfxml_says_of_the_image_what_libewf_says(station: Workstation, case: Path) -> None:
    program = shutil.which("ewfinfo")
    if program is None:
        pytest.skip("no ewfinfo: Debian package ewf-tools")
    station.run("report", "export", "JB1", "--format", "dfxml", "--output", "r.dfxml")
    image = case / "images" / "JB1" / "JB1.E01"
    run = subprocess.run([program, "-f", "dfxml", image], capture_output=True, text=True, check=True)
    theirs = ET.fromstring(run.stdout)
    ours = ET.parse(case / "r.dfxml").getroot()
    for group, names in EWF_NAMES.items():
        for name in names:
            mine = ours.findtext(f"{{{OURS}}}image/{{{OURS}}}{group}/{{{OURS}}}{name}")
            assert mine == theirs.findtext(f".//{group}/{name}"), name
    digests = {item.get("type"): item.text for item in ours.findall(f"{{{OURS}}}image/{{{DFXML}}}hashdigest")}
    for item in theirs.findall(".//hashdigest"):
        assert digests[item.get("type")] == item.text
