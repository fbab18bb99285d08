"""Each structure of EWF: decode(encode(x)) is x, and a changed byte is a defect."""

import struct
import zlib
from array import array
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.ewf import layout
from image.ewf.defects import DefectError
from image.ewf.digest_sections import (
    StoredDigests,
    StoredHash,
    decode_digest,
    decode_hash,
    decode_xhash,
    encode_digest,
    encode_hash,
    encode_xhash,
)
from image.ewf.layout import ERROR2_HEADER, pack, seal
from image.ewf.range_sections import (
    MAXIMUM_ERROR2_BYTES,
    MAXIMUM_ERROR2_ENTRIES,
    EntryCount,
    Session,
    decode_error2,
    decode_session,
    encode_error2,
    fits_error2,
)
from image.ewf.sections import (
    DESCRIPTOR_BYTES,
    SHORT_VOLUME_BYTES,
    VOLUME_BYTES,
    FileHeader,
    SectionDescriptor,
    Volume,
    decode_descriptor,
    decode_file_header,
    decode_volume,
    encode_descriptor,
    encode_file_header,
    encode_volume,
)
from image.ewf.table_section import COMPRESSED_BIT, TableHeader, decode_entries, decode_table, encode_table
from image.sectors import SectorRange, SectorRanges

U8, U32, U64 = st.integers(0, 2**8 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)

volumes = st.builds(
    Volume,
    chunk_count=U32,
    sectors_per_chunk=U32,
    bytes_per_sector=U32,
    sector_count=U64,
    media_type=U8,
    media_flags=U8,
    compression_level=U8,
    error_granularity=U32,
    set_identifier=st.binary(min_size=16, max_size=16),
    cylinders=U32,
    heads=U32,
    sectors_per_track=U32,
    palm_first_sector=U32,
    smart_logs_sector=U32,
)
descriptors = st.builds(
    SectionDescriptor,
    kind=st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=16),
    next_offset_bytes=U64,
    size_bytes=U64,
)
error_ranges = st.lists(st.builds(SectorRange, U32, st.integers(1, 2**32 - 1)), max_size=20).map(tuple)

SMALL_VOLUME = Volume(chunk_count=1, sectors_per_chunk=64, bytes_per_sector=512, sector_count=64)
SEALED: list[tuple[bytes, Callable[[bytes], object]]] = [
    (encode_descriptor(SectionDescriptor("volume", 1992, 1128)), decode_descriptor),
    (encode_volume(SMALL_VOLUME), decode_volume),
    (encode_table(1992, [76, 160 | COMPRESSED_BIT]), decode_table),
    (encode_error2([SectorRange(5, 2)]), decode_error2),
    (encode_digest(bytes(range(16)), bytes(range(20))), decode_digest),
    (encode_hash(bytes(range(16))), decode_hash),
    (encode_file_header(3), decode_file_header),
]


def decoded_or_none(decode: Callable[[bytes], object], data: bytes) -> object | None:
    try:
        return decode(data)
    except DefectError:
        return None


@given(st.integers(1, 65535))
def test_a_file_header_comes_back(segment_number: int) -> None:
    assert decode_file_header(encode_file_header(segment_number)) == FileHeader(segment_number)


@given(descriptors)
def test_a_section_descriptor_comes_back(descriptor: SectionDescriptor) -> None:
    data = encode_descriptor(descriptor)
    assert len(data) == DESCRIPTOR_BYTES
    assert decode_descriptor(data) == descriptor


@given(volumes)
def test_a_volume_comes_back(volume: Volume) -> None:
    data = encode_volume(volume)
    assert len(data) == VOLUME_BYTES == 1052
    assert decode_volume(data) == volume


@given(U32, U32, U32, U32)
def test_the_short_volume_of_smart_is_read(chunks: int, per_chunk: int, sector_bytes: int, sectors: int) -> None:
    wanted = Volume(
        chunk_count=chunks, sectors_per_chunk=per_chunk, bytes_per_sector=sector_bytes, sector_count=sectors
    )
    data = layout.pack(layout.SHORT_VOLUME, wanted)
    assert len(data) == SHORT_VOLUME_BYTES == 94
    found = decode_volume(data)
    assert (found.chunk_count, found.chunk_bytes) == (chunks, wanted.chunk_bytes)
    assert found.media_size_bytes == wanted.media_size_bytes


@given(U64, st.lists(U32, max_size=300))
def test_a_table_comes_back(base_offset: int, entries: list[int]) -> None:
    header, found = decode_table(encode_table(base_offset, entries))
    assert header == TableHeader(len(entries), base_offset)
    assert found.tolist() == entries


@given(error_ranges)
def test_error2_comes_back(ranges: tuple[SectorRange, ...]) -> None:
    assert decode_error2(encode_error2(ranges)) == ranges


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=20, max_size=20))
def test_digests_come_back(md5: bytes, sha1: bytes) -> None:
    assert decode_digest(encode_digest(md5, sha1)) == StoredDigests(md5, sha1)
    assert decode_xhash(encode_xhash(StoredDigests(md5, sha1))) == StoredDigests(md5, sha1)
    assert decode_hash(encode_hash(md5)) == StoredHash(md5)


def test_sessions_are_read() -> None:
    entries = b"".join(layout.pack(layout.SESSION_ENTRY, item) for item in (Session(16, 0), Session(9000, 1)))
    header = layout.seal((2).to_bytes(4, "little") + bytes(28))
    assert decode_session(header + layout.seal(entries)) == (Session(16, 0), Session(9000, 1))


@pytest.mark.parametrize(("data", "decode"), SEALED, ids=lambda item: getattr(item, "__name__", "bytes"))
def test_a_changed_byte_is_never_read_as_before(data: bytes, decode: Callable[[bytes], object]) -> None:
    wanted = decode(data)
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 0x40
        assert decoded_or_none(decode, bytes(changed)) != wanted


@pytest.mark.parametrize(("data", "decode"), SEALED, ids=lambda item: getattr(item, "__name__", "bytes"))
def test_a_structure_cut_short_is_a_defect(data: bytes, decode: Callable[[bytes], object]) -> None:
    for length in range(len(data)):
        with pytest.raises(DefectError):
            decode(data[:length])


def test_entries_that_are_no_whole_number_are_a_defect() -> None:
    with pytest.raises(DefectError, match="no whole number"):
        decode_entries(b"12345")


def test_a_range_behind_32_bits_does_not_fit_error2() -> None:
    behind = SectorRange(2**32, 1)
    assert not fits_error2(behind)
    with pytest.raises(ValueError, match="does not fit"):
        encode_error2([behind])


def test_an_xhash_that_inflates_without_end_is_refused() -> None:
    with pytest.raises(DefectError, match="more than"):
        decode_xhash(zlib.compress(bytes(10_000_000)))


@pytest.mark.parametrize("structure", layout.STRUCTURES, ids=lambda item: item.specification)
def test_fields_lie_in_order_inside_their_structure(structure: layout.Structure) -> None:
    ends = [field.offset_bytes for field in structure.fields]
    assert ends == sorted(ends)
    assert ends[-1] < structure.size_bytes


def test_error2_has_room_for_as_many_ranges_as_are_ever_listed() -> None:
    many = SectorRanges(array("Q", range(0, 20, 2)), array("Q", [1] * 10))
    assert len(encode_error2(many)) == MAXIMUM_ERROR2_BYTES - 8 * (MAXIMUM_ERROR2_ENTRIES - 10)


def test_empty_entries_of_error2_are_left_out() -> None:
    body = struct.pack("<6I", 3, 1, 7, 0, 9, 2)
    data = pack(ERROR2_HEADER, EntryCount(3)) + seal(body)
    assert decode_error2(data) == (SectorRange(3, 1), SectorRange(9, 2))
