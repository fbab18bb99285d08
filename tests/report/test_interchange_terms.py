"""The CASE form against CASE itself: its terms, and the validator of case-utils."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from report.interchange.formats import ExportFormat
from tests.report.test_interchange import RECORDS, case_objects, written

VERSION = "case-1.5.0"
VALIDATOR = Path(sys.executable).with_name("case_validate")


def validated(path: Path) -> "subprocess.CompletedProcess[str]":
    """The answer of case_validate, which brings the ontology along and needs no network."""
    if not VALIDATOR.exists():
        pytest.skip("no case_validate: Python package case-utils")
    words = [str(VALIDATOR), "--built-version", VERSION, str(path)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)


@pytest.mark.long
@pytest.mark.parametrize("name", RECORDS)
def test_the_validator_of_case_accepts_the_export(tmp_path: Path, name: str) -> None:
    path = tmp_path / "record.jsonld"
    path.write_text(written(RECORDS[name](), ExportFormat.CASE), encoding="utf-8")
    answer = validated(path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "Conforms: True" in answer.stdout
    assert "warning" not in answer.stderr.lower()


@pytest.mark.long
def test_the_validator_of_case_finds_an_export_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonld"
    text = written(RECORDS["healthy"](), ExportFormat.CASE)
    path.write_text(
        text.replace('"uco-types:hashMethod": "SHA256"', '"uco-types:hashMethod": 256'), encoding="utf-8"
    )
    answer = validated(path)
    assert answer.returncode != 0
    assert "Conforms: False" in answer.stdout


@pytest.mark.parametrize("name", RECORDS)
def test_every_term_of_the_export_is_one_of_case(name: str) -> None:
    found = find_spec("case_utils")
    if found is None or found.origin is None:
        pytest.skip("no case-utils: Python package case-utils")
    ontology = (Path(found.origin).parent / "ontology" / f"{VERSION}.ttl").read_text(encoding="utf-8")
    declared = {line for line in ontology.splitlines() if ":" in line and not line.startswith(("\t", " ", "@"))}
    objects = case_objects(RECORDS[name]())
    terms = {term for item in objects for term in (*item, item["@type"]) if not term.startswith("@")}
    short = {term.removeprefix("uco-").removeprefix("case-") for term in terms}
    assert short <= declared
