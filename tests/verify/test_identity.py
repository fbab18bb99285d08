"""What is acquired is what is verified: any content, geometry, compression and split gives the same media back."""

import tempfile
from hashlib import sha256
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image.formats import ImageFormat
from image.opening import open_image
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock
from verify.request import VerificationRequest
from verify.verdict import Verdict
from verify.verification import verify_image

pieces = st.one_of(
    st.binary(max_size=600),
    st.builds(lambda byte, count: bytes([byte]) * count, st.integers(0, 255), st.integers(1, 200_000)),
    st.builds(lambda seed: sha256(bytes([seed])).digest() * 3000, st.integers(0, 255)),
)
contents = st.lists(pieces, min_size=1, max_size=6).map(b"".join)
geometries = st.tuples(
    st.sampled_from([512, 4096]),
    st.sampled_from([64, 128, 1024]),
    st.sampled_from(["none", "fast", "best"]),
    st.sampled_from([None, 600 * 1024, 5 * 1024 * 1024]),
    st.booleans(),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(content=contents, geometry=geometries, data=st.data())
def test_an_image_gives_back_what_was_acquired_and_passes(
    content: bytes, geometry: tuple[int, int, str, int | None, bool], data: st.DataObject
) -> None:
    sector_bytes, chunk_sectors, compression, segment_bytes, raw = geometry
    if segment_bytes is not None and chunk_sectors * sector_bytes > segment_bytes // 2:
        chunk_sectors = 64
    content = content.ljust(-(-max(len(content), 1) // sector_bytes) * sector_bytes, b"\0")
    sectors = len(content) // sector_bytes
    # A drive that answers nowhere is taken for dead: at least one sector reads.
    bad = data.draw(st.frozensets(st.integers(0, sectors - 1), max_size=min(3, sectors - 1)))
    disk = MemoryDisk(content, sector_bytes, bad)
    options = Options(compression, chunk_sectors, segment_bytes, raw=raw)
    with tempfile.TemporaryDirectory() as folder:
        acquired = acquire_disk(disk, Path(folder) / "JB1", options=options)
        assert acquired.manifest is not None
        first = Path(folder) / acquired.manifest.segments[0].file
        result = verify_image(VerificationRequest(first), clock=StillClock())
        assert (result.verdict, result.findings) == (Verdict.PASSED, ())
        assert result.segments == acquired.manifest.segments
        with open_image(first, image_format=ImageFormat(result.format)) as image:
            assert b"".join(bytes(piece.data) for piece in image.media()) == disk.imaged_content()
