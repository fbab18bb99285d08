"""Files beside an image that are pipes, devices or links to nowhere: something recorded that cannot be read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verify.evidence import disk_content, make_evidence
from verify.verdict import Verdict

CONTENT = disk_content(64 * 1024)
EXPECTED = {
    "JB1.manifest.json": "manifest-unreadable",
    "JB1.sha256": "checksum-file",
    "JB1.E01.md5": "checksum-file",
    "JB1.info": "checksum-file",
    "SHA256SUMS": "checksum-file",
    "JB1.map": "map-unreadable",
}


def link_to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [os.mkfifo, link_to_nowhere, link_to_itself, link_to_a_device])
@pytest.mark.parametrize(("name", "code"), EXPECTED.items())
def test_what_cannot_be_read_beside_an_image_never_passes(
    name: str, code: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    evidence = make_evidence(tmp_path, CONTENT)
    assert evidence.verify().verdict is Verdict.PASSED
    path = evidence.first.with_name(name)
    path.unlink(missing_ok=True)
    make(path)
    result = evidence.verify()
    assert (result.verdict, [item.code for item in result.findings]) == (Verdict.INDETERMINATE, [code])


def test_a_folder_of_such_a_name_is_none_of_the_images_business(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT)
    evidence.first.with_name("JB1.log").mkdir()
    assert evidence.verify().verdict is Verdict.PASSED
