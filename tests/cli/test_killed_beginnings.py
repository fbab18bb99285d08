"""A job that was killed at its beginning is known for what it was: `--resume` alone goes on as it was asked for."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation
from tests.cli.killed_program import Moment, run_until_killed

RESCUE = {
    "journal made": Moment("acquire.rescue_state", "create_rescue_file"),
    "rescue file made": Moment("acquire.rescue_state", "replace_whole"),
    "map made": Moment("acquire.rescue_state", "journal_bytes"),
    "passes begin": Moment("workflow.rescue_exhibit", "rescue_image"),
}
PLAIN = {
    "journal made": Moment("acquire.job_parts", "JournalRecorder"),
    "reading begins": Moment("acquire.imager", "_read_all"),
}
RESUME = ("--resume", "--no-second-opinion")


def job_of(station: Workstation) -> dict[str, Any]:
    held: dict[str, Any] = station.manifest()["job"]
    return held


@pytest.mark.parametrize("moment", RESCUE)
def test_a_rescue_killed_before_its_first_read_goes_on_as_a_rescue(
    station: Workstation, source: Path, moment: str
) -> None:
    words = ("acquire", source, "--output", "JB1", "--rescue", "--max-error-rate", "77777", "--format", "raw")
    run_until_killed(station, RESCUE[moment], *words)
    answer = station.run_json("acquire", source, "--output", "JB1", *RESUME)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"]["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    parameters = job_of(station)["parameters"]
    assert (parameters["format"], parameters["rescue"]["max_error_rate"]) == ("raw", 77777)
    left = {path.name.removeprefix("JB1") for path in station.folder.glob("JB1*")}
    assert not left & {".rescue.raw", ".stale-1", ".manifest.json.partial"}


@pytest.mark.parametrize("moment", PLAIN)
def test_a_job_killed_before_its_first_read_goes_on_with_its_own_options(
    station: Workstation, source: Path, moment: str
) -> None:
    words = ("acquire", source, "--output", "JB1", "--format", "raw", "--hash", "md5", "--sectors", "100")
    run_until_killed(station, PLAIN[moment], *words)
    answer = station.run_json("acquire", source, "--output", "JB1", *RESUME)
    assert answer["exit_code"] == 0
    assert answer["digests"] == {"md5": hashlib.md5(source.read_bytes()[:51200]).hexdigest()}


@pytest.mark.parametrize("way", [("--rescue",), ()])
def test_a_job_killed_between_its_journals_goes_on_with_its_own_options(
    station: Workstation, source: Path, way: tuple[str, ...]
) -> None:
    for name in ("one", "two"):
        (station.folder / name).mkdir()
    outputs = ("--output", "one/JB1", "--output", "two/JB1")
    moment = Moment("acquire.first_files", "create_journal", 1)
    run_until_killed(station, moment, "acquire", source, *outputs, "--sectors", "100", *way)
    assert station.run("acquire", source, *outputs, *RESUME, "--sectors", "99").exit_code == 2
    answer = station.run_json("acquire", source, *outputs, *RESUME)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    for name in ("one", "two"):
        manifest = json.loads((station.folder / name / "JB1.manifest.json").read_text())
        assert manifest["job"]["parameters"]["sector_count"] == 100
        assert (manifest["job"]["parameters"]["rescue"] is not None) is bool(way)


def test_a_rescue_that_lost_its_map_is_not_begun_over_what_it_read(station: Workstation, source: Path) -> None:
    run_until_killed(
        station, Moment("acquire.rescue_image", "acquire_image"), "acquire", source, "--output", "JB1", "--rescue"
    )
    (station.folder / "JB1.map").unlink()
    before = (station.folder / "JB1.rescue.raw").read_bytes()
    result = station.run("acquire", source, "--output", "JB1", *RESUME)
    assert (result.exit_code, "no usable map" in result.stderr) == (4, True)
    assert (station.folder / "JB1.rescue.raw").read_bytes() == before
