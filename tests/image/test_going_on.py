"""An image left in the middle is gone on with: whatever stands behind the watermark, it becomes the disk."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image.durable_part import DurablePart
from image.ewf.header import CaseHeader
from image.ewf.plan import plan_ewf
from image.ewf.reader import open_ewf
from image.ewf.sections import CompressionLevel
from image.ewf.writer import EwfSettings
from image.forms import EwfForm, RawForm
from image.opening import OpenImage
from image.part_proof import prove_part
from image.raw_reader import open_raw
from tests.sim.block_devices import needs_program, tool
from tests.sim.partial_images import ALGORITHMS, Session, open_session

KIB = 1024
Form = EwfForm | RawForm


def content(size_bytes: int) -> bytes:
    """Text, zeros and noise in turn."""
    noise = hashlib.shake_256(b"noise").digest(37_000)
    unit = b"The quick brown fox. " * 3000 + bytes(90_000) + noise
    return (unit * (size_bytes // len(unit) + 1))[:size_bytes]


def ewf_form(
    sector_count: int,
    sector_size_bytes: int,
    compression: CompressionLevel,
    segment_size_bytes: int,
    per_group: int,
) -> EwfForm:
    """An E01 set with small groups."""
    plan = plan_ewf(sector_count, sector_size_bytes, 64, segment_size_bytes)
    header = CaseHeader(case_number="2026-17", exhibit_reference="JB1", examiner="J. Baker")
    return EwfForm(replace(plan, chunks_per_group=per_group), EwfSettings(header, compression, bytes(range(16))))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Any form of image, one file or several, of up to 1.2 MB or, in larger sectors, 5 MB."""
    sector_size_bytes = draw(st.sampled_from([512, 4096]))
    sector_count = draw(st.integers(1, 1300 if sector_size_bytes == 4096 else 2500))
    if draw(st.booleans()):
        segment_sectors = draw(st.sampled_from([0, 1, 37, 200, 512]))
        return RawForm(
            sector_count,
            sector_size_bytes,
            max(segment_sectors, sector_count // 90) * sector_size_bytes if segment_sectors else 0,
        )
    compression = draw(st.sampled_from(CompressionLevel))
    segment_size_bytes = draw(st.sampled_from([0, 400 * KIB, 1000 * KIB]))
    return ewf_form(sector_count, sector_size_bytes, compression, segment_size_bytes, draw(st.integers(1, 9)))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(form=forms(), data=st.data())
def test_an_image_cut_anywhere_and_gone_on_with_holds_the_disk(
    tmp_path_factory: pytest.TempPathFactory, form: Form, data: st.DataObject
) -> None:
    output = tmp_path_factory.mktemp("part") / "JB1"
    limits = form.limits
    disk = content(limits.sector_count * limits.sector_size_bytes)
    batch = limits.sector_size_bytes * 64 * data.draw(st.integers(1, 7))
    session, start = open_session([output], form), 0
    for _ in range(data.draw(st.integers(1, 3))):
        end = min(len(disk), start + batch * data.draw(st.integers(0, 12)))
        session.write(disk[start:end], batch)
        if data.draw(st.booleans()):
            session.writer.flush()
        part = session.durable_part()
        go_beyond(session, disk[end:], batch * data.draw(st.integers(0, 9)), batch)
        leave(session, output, part, data.draw(st.binary(max_size=50)))
        proven = prove_part(output, part, form, ALGORITHMS)
        session, start = open_session([output], form, proven), part.next_sector * limits.sector_size_bytes
    session.write(disk[start:], batch)
    digests = session.finish()
    assert digests == {name: hashlib.new(name, disk).hexdigest() for name in ALGORITHMS}
    check(output, session, disk)


@pytest.mark.parametrize(
    "form",
    [
        ewf_form(2500, 512, CompressionLevel.NONE, 300 * KIB, 3),
        ewf_form(700, 4096, CompressionLevel.FAST, 700 * KIB, 2),
        RawForm(2500, 512, 600 * 512),
        RawForm(2500, 512),
    ],
)
@pytest.mark.parametrize("beyond_bytes", [200_000, 2**40])
def test_closed_segments_and_the_end_of_an_image_behind_the_watermark_are_taken_back(
    tmp_path: Path, form: Form, beyond_bytes: int
) -> None:
    disk, output = content(form.limits.sector_count * form.limits.sector_size_bytes), tmp_path / "JB1"
    batch = 64 * form.limits.sector_size_bytes
    half = len(disk) // 2 // batch * batch
    session = open_session([output], form)
    session.write(disk[:half], batch)
    session.writer.flush()
    part = session.durable_part()
    go_beyond(session, disk[half:], beyond_bytes, batch)
    leave(session, output, part, b"garbage")
    session = open_session([output], form, prove_part(output, part, form, ALGORITHMS))
    session.write(disk[half:], batch)
    session.finish()
    check(output, session, disk)


def go_beyond(session: Session, media: bytes, size_bytes: int, batch_bytes: int) -> None:
    """Write what no journal will speak of; where the media ends, the end of the image too."""
    session.write(media[:size_bytes], batch_bytes)
    if size_bytes >= len(media):
        session.finish()


def leave(session: Session, output: Path, part: DurablePart, garbage: bytes) -> None:
    """Break off as a kill would, with garbage at the end of the open file."""
    session.segments.close()
    if part.file is not None:
        path = output.with_name(part.file)
        path.chmod(0o644)
        with path.open("ab") as file:
            file.write(garbage)


def check(output: Path, session: Session, disk: bytes) -> None:
    """The finished image reads as the disk, without a finding; every digest that is kept is right."""
    names = [item.file for item in session.writer.closed]
    assert sorted(path.name for path in output.parent.iterdir()) == sorted(names)
    for item, media_sha256 in zip(session.writer.closed, session.media.segment_digests, strict=True):
        stored = output.with_name(item.file).read_bytes()
        assert item.size_bytes == len(stored)
        assert item.sha256 in (None, hashlib.sha256(stored).hexdigest())
        size = session.form.limits.sector_size_bytes
        media = disk[item.first_sector * size : (item.first_sector + item.sector_count) * size]
        assert hashlib.sha256(media).hexdigest() == media_sha256
    with opened(output.with_name(names[0]), session.form) as image:
        assert b"".join(bytes(piece.data) for piece in image.media()) == disk
        assert image.findings.as_tuple() == ()


def opened(first: Path, form: Form) -> OpenImage:
    """The finished image, open."""
    return open_ewf(first) if isinstance(form, EwfForm) else open_raw(first, (), form.sector_size_bytes)


@pytest.mark.long
@needs_program("ewfverify")
@pytest.mark.parametrize("compression", list(CompressionLevel))
@pytest.mark.parametrize("sector_size_bytes", [512, 4096])
def test_ewfverify_accepts_a_set_that_was_gone_on_with(
    tmp_path: Path, compression: CompressionLevel, sector_size_bytes: int
) -> None:
    form = ewf_form(10_000, sector_size_bytes, compression, 800 * KIB, 5)
    disk, output = content(10_000 * sector_size_bytes), tmp_path / "JB1"
    session, start = open_session([output], form), 0
    for sectors in (64, 1_600, 4_800, 8_960):
        session.write(disk[start : sectors * sector_size_bytes], form.plan.chunk_size_bytes * 5)
        part = session.durable_part()
        go_beyond(session, disk[sectors * sector_size_bytes :], 1_000_000, form.plan.chunk_size_bytes * 3)
        session.segments.close()
        session = open_session([output], form, prove_part(output, part, form, ALGORITHMS))
        start = part.next_sector * sector_size_bytes
    session.write(disk[start:], form.plan.chunk_size_bytes * 5)
    session.finish()
    tool("ewfverify", "-q", "-d", "sha1", f"{output}.E01")
    check(output, session, disk)
