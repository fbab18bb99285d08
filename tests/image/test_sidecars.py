"""Which names belong to an image."""

from pathlib import Path

import pytest

from image.sidecars import Sidecar, is_file_of_image, stem_of


def test_every_sidecar_stands_beside_the_segments_and_is_the_images_own() -> None:
    for item in Sidecar:
        path = item.beside(Path("/evidence/JB1"))
        assert (path.parent, path.name) == (Path("/evidence"), "JB1" + item.value)
        assert is_file_of_image(path.name, "JB1")


def test_a_dot_in_the_name_of_an_image_is_no_extension_of_it() -> None:
    assert Sidecar.MAP.beside(Path("drive.2026")) == Path("drive.2026.map")
    assert stem_of(Path("drive.2026.E01")) == Path("drive.2026")


@pytest.mark.parametrize("name", ["JB1.E01", "JB1.e01", "JB1.EAA", "JB1.ZZZ", "JB1.raw", "JB1.001", "JB1.1000"])
def test_a_segment_belongs_to_its_image(name: str) -> None:
    assert is_file_of_image(name, "JB1")


@pytest.mark.parametrize("name", ["JB1", "JB10.E01", "JB1-2.E01", "JB1.notes.docx", "JB1.jpeg", "XJB1.E01"])
def test_other_names_do_not(name: str) -> None:
    assert not is_file_of_image(name, "JB1")
