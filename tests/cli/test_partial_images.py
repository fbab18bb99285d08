"""`verify` on an acquisition that ended before its end: never passed, never a source that cannot be used."""

from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.cli.killed_program import Moment, run_until_killed

ENDED = {
    "before the first read": (Moment("acquire.imager", "_read_all"), ()),
    "before anything was written": (Moment("acquire.imager", "_read_timed"), ()),
    "before the digests were stored": (Moment("acquire.imager", "_finished"), ()),
    "before the checksum file": (Moment("acquire.imager", "write_sidecars"), ()),
    "before the manifest": (Moment("acquire.imager", "encode_record"), ()),
    "before the manifest had its name": (Moment("acquire.journal_file", "make_read_only"), ()),
    "in the passes of a rescue": (Moment("acquire.rescue_image", "RescueExecutor"), ("--rescue",)),
    "before the image of a rescue": (Moment("acquire.rescue_image", "acquire_image"), ("--rescue",)),
}


@pytest.mark.parametrize("image_format", ["e01", "raw"])
@pytest.mark.parametrize("when", ENDED)
def test_an_acquisition_that_ended_early_leaves_its_verdict_open(
    station: Workstation, source: Path, when: str, image_format: str
) -> None:
    moment, way = ENDED[when]
    run_until_killed(
        station, moment, "acquire", source, "--output", "JB1", "--format", image_format, "--no-second-opinion", *way
    )
    answer = station.run_json("verify", "JB1.E01" if image_format == "e01" else "JB1.raw")
    assert (answer["exit_code"], answer["verdict"]) == (7, "INDETERMINATE")
    assert "acquisition-incomplete" in {item["code"] for item in answer["findings"]}


def test_an_image_that_was_begun_is_told_by_its_name_alone(station: Workstation, source: Path) -> None:
    run_until_killed(station, Moment("acquire.imager", "_read_all"), "acquire", source, "--output", "JB1")
    result = station.run("verify", "JB1")
    assert result.exit_code == 7
    assert "INDETERMINATE" in result.stdout
    assert "nothing of the image is durable yet; acquire --resume goes on" in result.stdout
    assert station.run("verify", "JB2").exit_code == 3
