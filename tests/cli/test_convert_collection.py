"""Every sound image of the shared collection becomes raw with the digests that its list says, and E01 again."""

from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.verify.test_collection import Listed, cases, unpacked

QUICK = ("--no-second-opinion", "--progress", "none")


@pytest.mark.long
@cases("passed", "ex01")
def test_a_sound_image_becomes_raw_with_its_digests(item: Listed, station: Workstation, tmp_path: Path) -> None:
    image = unpacked(item, tmp_path)
    answer = station.run_json("convert", image, "raw", "--format", "raw", "--no-verify", *QUICK)
    assert answer["exit_code"] == 0
    assert answer["digests"] == item.digests
    again = station.run_json("convert", "raw.raw", "back", "--no-verify", *QUICK)
    assert (again["digests"], again["exit_code"]) == (item.digests, 0)
    (station.folder / "raw.raw").unlink()


@pytest.mark.long
@cases("raw", "virtual")
def test_an_image_without_digests_is_converted_as_its_list_says(
    item: Listed, station: Workstation, tmp_path: Path
) -> None:
    image = unpacked(item, tmp_path)
    expected = ("--expect", f"sha256:{item.digests['sha256']}")
    answer = station.run_json("convert", image, "JB1", *expected, "--no-verify", *QUICK)
    if answer["exit_code"] == 3 and "--pad-last-sector" in answer["error"]["do"]:
        answer = station.run_json("convert", image, "JB1", *expected, "--pad-last-sector", "--no-verify", *QUICK)
        assert answer["exit_code"] == 0
        return
    assert (answer["exit_code"], answer["digests"]) == (0, item.digests)


@pytest.mark.long
@cases("damaged", "ex01-damaged", "refused", "unread", "any")
def test_what_is_not_sound_is_never_converted_without_a_word(
    item: Listed, station: Workstation, tmp_path: Path
) -> None:
    answer = station.run_json("convert", unpacked(item, tmp_path), "JB1", "--no-verify", *QUICK)
    if item.expect != "any":
        assert answer["exit_code"] in (3, 6, 7)
        assert not (station.folder / "JB1.manifest.json").exists()
    assert answer["exit_code"] != 1
