"""The media at any place: what random access gives is what the walk in order gives."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image import chunk_cache
from image.ewf import chunk_access
from image.opening import OpenImage, open_image
from image.segment_files import SegmentReadError
from tests.sim.acquisitions import Options
from tests.verify.evidence import Evidence, disk_content, make_evidence

CONTENT = disk_content(700 * 1024)
FORMS = {
    "one file": Options(),
    "segments": Options(compression="none", segment_size_bytes=200 * 1024),
    "raw": Options(raw=True),
    "split raw": Options(raw=True, segment_size_bytes=250 * 1024),
}


@pytest.fixture(scope="module", params=FORMS)
def evidence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return make_evidence(tmp_path_factory.mktemp("image"), CONTENT, FORMS[request.param])


def walked(image: OpenImage) -> bytes:
    return b"".join(bytes(piece.data) for piece in image.media())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(offset=st.integers(0, len(CONTENT) + 5000), size=st.integers(0, 200_000))
def test_any_place_gives_what_the_source_held_there(evidence: Evidence, offset: int, size: int) -> None:
    with open_image(evidence.first) as image:
        access = image.access()
        assert (access.size_bytes, access.sector_size_bytes) == (len(CONTENT), 512)
        assert access.read_at(offset, size) == CONTENT[offset : offset + size]


def test_a_place_in_front_of_the_media_is_refused(evidence: Evidence) -> None:
    with open_image(evidence.first) as image, pytest.raises(ValueError, match="no such place"):
        image.access().read_at(-1, 10)


def test_full_caches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk_cache, "CHUNK_CACHE_BYTES", 70_000)
    monkeypatch.setattr(chunk_access, "TABLE_CACHE_ENTRIES", 3)
    evidence = make_evidence(tmp_path, CONTENT, FORMS["segments"])
    places = [random.Random(1).randrange(len(CONTENT)) for _ in range(50)]
    with open_image(evidence.first) as image:
        access = image.access()
        assert all(access.read_at(place, 3000) == CONTENT[place : place + 3000] for place in places)


def test_damaged_chunks_are_what_the_walk_gives_for_them(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT).without_manifest().writable()
    data = bytearray(evidence.first.read_bytes())
    for place in random.Random(3).sample(range(3000, len(data) - 5000), 40):
        data[place] ^= 0x55
    evidence.first.write_bytes(data)
    with open_image(evidence.first) as image:
        media = walked(image)
        assert media != CONTENT
        assert image.access().read_at(0, len(CONTENT)) == media


@pytest.mark.parametrize("form", ["segments", "split raw"])
def test_a_missing_segment_counts_as_zeros(form: str, tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT, FORMS[form])
    with open_image(evidence.first) as image:
        lost = image.segment_ranges()[1]
        behind = image.segment_ranges()[2]
    assert lost is not None
    assert behind is not None
    evidence.segments[1].unlink()
    with open_image(evidence.first) as image:
        access = image.access()
        assert access.read_at(lost.first_sector * 512 - 512, 1024) == CONTENT[
            lost.first_sector * 512 - 512 : lost.first_sector * 512
        ] + bytes(512)
        assert not any(access.read_at(lost.first_sector * 512, lost.sector_count * 512))
        start = behind.first_sector * 512
        assert access.read_at(start, 9000) == CONTENT[start : start + 9000]


def test_chunks_whose_place_is_unknown_count_as_zeros(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT, FORMS["segments"])
    _, second, _, fourth, *_ = evidence.segments
    second.unlink()
    fourth.unlink()
    with open_image(evidence.first) as image:
        access = image.access()
        assert access.read_at(0, 512) == CONTENT[:512]
        assert len(access.read_at(0, len(CONTENT))) == len(CONTENT)


def test_a_file_that_shrinks_cannot_be_read(evidence: Evidence, tmp_path: Path) -> None:
    path = tmp_path / evidence.first.name
    path.write_bytes(evidence.first.read_bytes())
    with open_image(path) as image:
        path.write_bytes(path.read_bytes()[:100])
        with pytest.raises(SegmentReadError):
            image.access().read_at(64 * 1024, 512)


def test_a_large_chunk_is_read_at_any_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk_access, "BIG_CHUNK_BYTES", 16 * 1024)
    evidence = make_evidence(tmp_path, CONTENT)
    with open_image(evidence.first) as image:
        assert image.access().read_at(100_000, 300_000) == CONTENT[100_000:400_000]
