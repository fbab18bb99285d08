"""The answers of `report sign` and `report verify` as JSON: every field at every depth is documented."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.cli.test_json_everywhere import DOCUMENTED
from tests.sim.signing_authority import PASSPHRASE, SigningAuthority, TimeAuthority, served


@pytest.fixture
def stamped(station: Workstation) -> Iterator[Path]:
    """A case with a report, in the current folder, and an authority for certificates and for time."""
    authority = SigningAuthority()
    os.chdir(station.begin_case())
    (station.folder / "ca.pem").write_bytes(authority.pem)
    (station.folder / "pass").write_bytes(PASSPHRASE + b"\n")
    (station.folder / "examiner.p12").write_bytes(authority.signer("A. Doe").p12)
    issued = station.run_json("report", "issue", "JB1", "--kind", "custody")
    with served(TimeAuthority(station.folder / "tsa", authority.time_stamper())) as url:
        trusted = f'"{station.folder}/ca.pem"'
        lines = (f"[signing]\ntrust = [{trusted}]", f'[timestamps]\nurl = "{url}"\nauthority = {trusted}')
        station.configure("\n".join(lines))
        yield Path(issued["path"])


def names(value: object) -> set[str]:
    """Every name of a field in an answer, at every depth."""
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    return set().union(*map(names, value)) if isinstance(value, list) else set()


def test_every_field_of_a_signed_and_a_checked_report_is_documented(station: Workstation, stamped: Path) -> None:
    key = ("--p12", "../examiner.p12", "--passphrase-file", "../pass")
    signed = station.run_json("report", "sign", stamped, "--as", "examiner", *key)
    assert signed["level"] == "PAdES-B-LTA"
    checked = station.run_json("report", "verify", signed["path"])
    assert checked["signatures"]
    assert checked["timestamps"]
    assert checked["recorded_signatures"]
    altered = station.folder / "altered.pdf"
    altered.write_bytes(Path(signed["path"]).read_bytes()[:-2] + b"\nx")
    failed = station.run_json("report", "verify", altered)
    assert failed["findings"]
    undocumented = (names(signed) | names(checked) | names(failed)) - DOCUMENTED
    assert not undocumented
