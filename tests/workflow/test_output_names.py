"""What `--output` may be."""

from pathlib import Path

import pytest

from image.errors import UsageError
from workflow.output_names import check_outputs


def test_a_folder_is_no_name_for_an_image(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    with pytest.raises(UsageError) as refused:
        check_outputs((folder,))
    assert "the output is a folder" in refused.value.what
    assert refused.value.do == f"Give the image a name in it: {folder / 'JB1'}"


def test_an_image_that_stands_beside_a_folder_of_its_name_may_be_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "JB1").mkdir()
    (tmp_path / "JB1.manifest.json.partial").touch()
    check_outputs((tmp_path / "JB1",))


@pytest.mark.parametrize("name", ["JB1.E01", "JB1.raw", "JB\n1", ".."])
def test_a_name_that_no_image_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        check_outputs((tmp_path / name,))
