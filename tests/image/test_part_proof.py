"""The proof of a partial image: what differs is found on the medium and named; looking changes nothing."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zlib import adler32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image.durable_part import NOTHING_DURABLE, DurablePart, least_advanced
from image.errors import DestinationError
from image.ewf.header import CaseHeader
from image.ewf.plan import plan_ewf
from image.ewf.sections import CompressionLevel
from image.ewf.writer import EwfSettings
from image.forms import EwfForm, RawForm
from image.part_proof import ProvenPart, prove_part
from image.writing import ClosedSegment
from tests.sim.block_devices import loop_device, mounted, needs_program, needs_root, tool
from tests.sim.partial_images import ALGORITHMS, Session, open_session

Form = EwfForm | RawForm
KIB, MIB = 1024, 1024 * 1024
SECTORS = 1600
WRITTEN = 1280
EWF = EwfForm(
    replace(plan_ewf(SECTORS, 512, 64, 200 * KIB), chunks_per_group=2),
    EwfSettings(CaseHeader(case_number="2026-17"), CompressionLevel.FAST, bytes(range(16))),
)
RAW = RawForm(SECTORS, 512, 400 * 512)
FORMS: dict[str, Form] = {"E01": EWF, "split raw": RAW, "one raw": RawForm(SECTORS, 512)}
DISK = hashlib.shake_256(b"disk").digest(600 * 512) + bytes(100 * 512) + hashlib.shake_256(b"2").digest(900 * 512)


def partial_image(output: Path, form: Form) -> DurablePart:
    """An image of which 1280 sectors are durable, and the part that says so."""
    session = open_session([output], form)
    session.write(DISK[: WRITTEN * 512], 128 * 512)
    session.writer.flush()
    part = session.durable_part()
    session.segments.close()
    assert part.next_sector == WRITTEN
    return part


def contents_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Mode and bytes of every file."""
    return {path.name: (path.stat().st_mode, path.read_bytes()) for path in folder.iterdir()}


def prove(output: Path, part: DurablePart, form: Form) -> ProvenPart:
    """The proof with the usual digests."""
    return prove_part(output, part, form, ALGORITHMS)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(FORMS)))
def test_a_flipped_bit_before_the_watermark_is_found_and_nothing_is_changed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, name: str
) -> None:
    output = tmp_path_factory.mktemp("part") / "JB1"
    part = partial_image(output, FORMS[name])
    file, length_bytes = data.draw(st.sampled_from(part.files))
    flip(output.with_name(file), data.draw(st.integers(0, length_bytes - 1)), 1 << data.draw(st.integers(0, 7)))
    before = contents_of(output.parent)
    with pytest.raises(DestinationError, match="not what was written") as caught:
        prove(output, part, FORMS[name])
    assert "JB1" in str(caught.value)
    assert contents_of(output.parent) == before


def flip(path: Path, offset_bytes: int, bits: int) -> None:
    """Change a byte of a file."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        byte = os.pread(descriptor, 1, offset_bytes)[0]
        os.pwrite(descriptor, bytes([byte ^ bits]), offset_bytes)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def test_a_forged_chunk_with_a_right_checksum_is_found_by_the_digest_of_its_file(tmp_path: Path) -> None:
    part = replace(partial_image(tmp_path / "JB1", EWF), closed_media_sha256=(), prefix_sha256=())
    path = tmp_path / "JB1.E01"
    stored, chunk = bytearray(path.read_bytes()), b"forged" + DISK[6 : 64 * 512]
    place = stored.index(DISK[: 64 * 512])
    stored[place : place + len(chunk) + 4] = chunk + adler32(chunk).to_bytes(4, "little")
    path.write_bytes(stored)
    with pytest.raises(DestinationError, match="SHA-256") as caught:
        prove(tmp_path / "JB1", part, EWF)
    assert caught.value.where == f"{path}, bytes 0 to {len(stored) - 1}"


def test_a_damaged_chunk_is_named_by_its_sectors(tmp_path: Path) -> None:
    part = partial_image(tmp_path / "JB1", EWF)
    path = tmp_path / part.closed[1].file
    flip(path, 20_000, 1)
    first = part.closed[1].first_sector
    with pytest.raises(DestinationError, match="chunk-checksum") as caught:
        prove(tmp_path / "JB1", part, EWF)
    assert caught.value.where == f"{tmp_path}/JB1, sectors {first} to {first + 63}"


@pytest.mark.parametrize(("offset_bytes", "first", "last"), [(70 * MIB, 131_072, 262_143), (129 * MIB, 262_144, 0)])
def test_media_that_differs_is_named_to_64_mib_and_the_watermark(
    tmp_path: Path, offset_bytes: int, first: int, last: int
) -> None:
    form = RawForm(150 * MIB // 512, 512)
    session = open_session([tmp_path / "JB1"], form)
    session.write(bytes(130 * MIB), MIB)
    part = session.durable_part()
    session.segments.close()
    assert len(part.prefix_sha256) == 2
    flip(tmp_path / "JB1.raw", offset_bytes, 1)
    with pytest.raises(DestinationError) as caught:
        prove(tmp_path / "JB1", part, form)
    assert caught.value.where.endswith(f"sectors {first} to {last or part.next_sector - 1}")


@needs_root
@needs_program("mkfs.ext4", "mount", "losetup")
def test_what_stands_on_the_medium_counts_and_not_what_is_cached(tmp_path: Path) -> None:
    backing = tmp_path / "medium"
    backing.write_bytes(bytes(32 * MIB))
    tool("mkfs.ext4", "-q", "-F", str(backing))
    with loop_device(backing) as device, mounted(device, tmp_path / "folder") as folder:
        output = folder / "JB1"
        part = partial_image(output, RAW)
        assert output.with_name("JB1.001").read_bytes() == DISK[: 400 * 512]
        place = backing.read_bytes().index(DISK[4096:8192])
        flip(backing, place, 1)
        assert output.with_name("JB1.001").read_bytes() == DISK[: 400 * 512]
        with pytest.raises(DestinationError, match="sectors 0 to 399"):
            prove(output, part, RAW)


def be_a_link(path: Path) -> None:
    """A link to another file of the same bytes."""
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def have_a_second_name(path: Path) -> None:
    """The same file by another name."""
    path.with_name("elsewhere").hardlink_to(path)


def be_a_pipe(path: Path) -> None:
    """A pipe, which would block whoever opens it."""
    path.unlink()
    os.mkfifo(path)


def be_shorter(path: Path) -> None:
    """One byte less."""
    path.chmod(0o644)
    os.truncate(path, path.stat().st_size - 1)


TRICKS: list[Callable[[Path], None]] = [be_a_link, have_a_second_name, be_a_pipe, be_shorter, Path.unlink]


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("name", ["JB1.001", "JB1.004"])
def test_only_a_regular_file_of_our_own_is_read(tmp_path: Path, trick: Callable[[Path], None], name: str) -> None:
    part = partial_image(tmp_path / "JB1", RAW)
    trick(tmp_path / name)
    with pytest.raises(DestinationError) as caught:
        prove(tmp_path / "JB1", part, RAW)
    assert caught.value.where == str(tmp_path / name)


@pytest.mark.parametrize("trick", [be_a_link, have_a_second_name, be_a_pipe])
def test_a_later_segment_that_is_not_ours_is_never_removed_nor_anything_cut(
    tmp_path: Path, trick: Callable[[Path], None]
) -> None:
    part = partial_image(tmp_path / "JB1", RAW)
    with (tmp_path / "JB1.004").open("ab") as file:
        file.write(b"garbage")
    (tmp_path / "JB1.005").write_bytes(b"later")
    trick(tmp_path / "JB1.005")
    proven = prove(tmp_path / "JB1", part, RAW)
    with pytest.raises(DestinationError):
        open_session([tmp_path / "JB1"], RAW, proven)
    assert (tmp_path / "JB1.004").stat().st_size == part.length_bytes + 7
    assert os.path.lexists(tmp_path / "JB1.005")


VALUES = st.sampled_from([-1, 0, 1, 511, 512, 2**31, 2**62, 2**63 - 1]) | st.integers(-(2**63), 2**63 - 1)
NAMES = st.sampled_from([None, "", "JB1.001", "JB1.004", "JB1.005", "../JB1.004", "/etc/passwd", "JB1.004\0"])
DIGESTS = st.none() | st.sampled_from(["", "zz", "00" * 32])
CLOSED = st.builds(ClosedSegment, NAMES.map(str), VALUES, DIGESTS, VALUES, VALUES)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "closed": st.lists(CLOSED, max_size=4).map(tuple),
        "file": NAMES,
        "length_bytes": VALUES,
        "next_sector": VALUES,
        "file_sha256": DIGESTS,
        "media_sha256": DIGESTS,
        "closed_media_sha256": st.lists(DIGESTS.map(str), max_size=5).map(tuple),
    },
)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, DurablePart]]:
    """One partial image of each form, which no proof changes."""
    outputs = {name: tmp_path_factory.mktemp("standing") / "JB1" for name in FORMS}
    return {name: (output, partial_image(output, FORMS[name])) for name, output in outputs.items()}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=CHANGES, name=st.sampled_from(["E01", "split raw"]))
def test_no_journal_makes_the_proof_do_harm(
    standing: dict[str, tuple[Path, DurablePart]], changes: dict[str, object], name: str
) -> None:
    output, true = standing[name]
    part = replace(true, **changes)  # type: ignore[arg-type]  # any of them
    before = contents_of(output.parent)
    try:
        prove(output, part, FORMS[name])
    except DestinationError:
        pass
    else:
        assert part.next_sector in (0, true.next_sector)
    assert contents_of(output.parent) == before


def test_nothing_durable_is_proven_without_a_file_and_gone_on_with(tmp_path: Path) -> None:
    partial_image(tmp_path / "JB1", EWF)
    proven = prove(tmp_path / "JB1", NOTHING_DURABLE, EWF)
    finish_with(open_session([tmp_path / "JB1"], EWF, proven), DISK)


def finish_with(session: Session, rest: bytes) -> None:
    """End the image with the rest of the disk; its digests are those of the whole."""
    session.write(rest, 128 * 512)
    assert session.finish() == {name: hashlib.new(name, DISK).hexdigest() for name in ALGORITHMS}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_outputs_that_differ_are_cut_back_to_the_lesser_and_end_the_same(tmp_path: Path, name: str) -> None:
    form = FORMS[name]
    outputs = [tmp_path / "one" / "JB1", tmp_path / "two" / "JB1"]
    for output in outputs:
        output.parent.mkdir()
    session = open_session(outputs, form)
    session.write(DISK[: 640 * 512], 128 * 512)
    session.writer.flush()
    first = session.durable_part()
    session.write(DISK[640 * 512 : WRITTEN * 512], 128 * 512)
    part = least_advanced([session.durable_part(), first])
    session.segments.close()
    assert part == first
    proofs = [prove(output, part, form) for output in outputs]
    finish_with(open_session(outputs, form, proofs[0]), DISK[part.next_sector * 512 :])
    assert contents_of(outputs[0].parent) == contents_of(outputs[1].parent)


def test_single_sectors_are_handed_over_as_they_pass(tmp_path: Path) -> None:
    part = partial_image(tmp_path / "JB1", EWF)
    wanted = [0, 1, 63, 64, 700, WRITTEN - 1]
    proven = prove_part(tmp_path / "JB1", part, EWF, ("md5",), wanted)
    assert proven.samples == {sector: DISK[sector * 512 : (sector + 1) * 512] for sector in wanted}
    assert proven.hashers.keys() == {"md5"}


def test_the_reading_can_be_ended_by_the_one_who_listens(tmp_path: Path) -> None:
    part = partial_image(tmp_path / "JB1", RAW)

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prove_part(tmp_path / "JB1", part, RAW, ALGORITHMS, passed=stop)
