"""The media of an Ex01 at any place is what the walk gives."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from image.opening import open_image
from tests.sim.ewf2_writer import BZIP2, Ex01, write_ex01
from tests.verify.evidence import disk_content

CONTENT = disk_content(40 * 1024 + 512)
FORMS = {
    "plain": Ex01(chunk_sectors=4),
    "segments": Ex01(chunk_sectors=4, segment_tables=2, table_chunks=3),
    "bzip2": Ex01(method=BZIP2, stores=("bare-bzip2", "raw", "unprotected")),
}


@pytest.mark.parametrize("form", FORMS)
def test_any_place_reads_as_it_was_written(form: str, tmp_path: Path) -> None:
    dice = random.Random(form)
    with open_image(write_ex01(tmp_path, CONTENT, FORMS[form])[0]) as image:
        access = image.access()
        assert (access.size_bytes, access.sector_size_bytes) == (len(CONTENT), 512)
        for _ in range(100):
            place, size = dice.randrange(len(CONTENT)), dice.randrange(9000)
            assert access.read_at(place, size) == CONTENT[place : place + size]
        assert access.read_at(len(CONTENT), 10) == b""
        access.close()


def test_patterns_are_filled_in(tmp_path: Path) -> None:
    content = b"\1\2\3\4\5\6\7\x08" * 4096
    options = Ex01(chunk_sectors=4, stores=("pattern", "stored-pattern"))
    with open_image(write_ex01(tmp_path, content, options)[0]) as image:
        assert image.access().read_at(1003, 9000) == content[1003:10003]


def test_what_is_in_no_segment_counts_as_zeros(tmp_path: Path) -> None:
    options = replace(FORMS["segments"], table_chunks=5, segment_tables=1)
    paths = write_ex01(tmp_path, CONTENT, options)
    paths[1].unlink()
    lost = range(5 * 2048, 10 * 2048)
    with open_image(paths[0]) as image:
        data = image.access().read_at(0, len(CONTENT))
    assert data == CONTENT[: lost.start] + bytes(len(lost)) + CONTENT[lost.stop :]
