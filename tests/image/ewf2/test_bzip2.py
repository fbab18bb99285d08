"""Chunks compressed by bzip2, whole or as EnCase stores them: read right, or refused, never read wrong."""

import bz2
import random
import resource

import pytest

from image.ewf2.bzip2 import decompress
from tests.sim.ewf2_writer import bare_bzip2

DICE = random.Random(5)
CONTENTS = [b"", b"a", bytes(4096), DICE.randbytes(4096), b"abc def " * 512, DICE.randbytes(100) * 12_000]
MIB = 1024 * 1024


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: f"{len(content)}")
def test_both_forms_give_the_content(content: bytes) -> None:
    assert decompress(bz2.compress(content), len(content)) == (content, 0)
    if content:
        assert decompress(bare_bzip2(content), len(content)) == (content, 0)


@pytest.mark.parametrize("content", CONTENTS[2:], ids=lambda content: f"{len(content)}")
def test_bytes_behind_are_found(content: bytes) -> None:
    assert decompress(bz2.compress(content) + b"abc", len(content)) == (content, 3)
    assert decompress(bare_bzip2(content) + b"x", len(content)) == (content, 1)
    with pytest.raises(ValueError, match="does not decompress"):
        decompress(bare_bzip2(content) + b"much behind it", len(content))


@pytest.mark.parametrize("content", CONTENTS[2:5], ids=lambda content: f"{len(content)}")
@pytest.mark.parametrize("packed_by", [bz2.compress, bare_bzip2])
def test_no_changed_bit_gives_other_content(packed_by: object, content: bytes) -> None:
    data = bz2.compress(content) if packed_by is bz2.compress else bare_bzip2(content)
    for _ in range(200):
        changed = bytearray(data)
        changed[DICE.randrange(len(data))] ^= 1 << DICE.randrange(8)
        try:
            found, rest_bytes = decompress(bytes(changed), len(content))
        except ValueError:
            continue
        assert len(found) < len(content) or rest_bytes or found == content


@pytest.mark.parametrize("data", [b"", b"BZ", b"BZh9", bz2.compress(b"abc")[:-4], b"PK"])
def test_what_is_cut_short_or_no_bzip2_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut short|no bzip2"):
        decompress(data, 3)


def test_a_bare_block_that_is_cut_short_gives_less() -> None:
    assert decompress(bare_bzip2(CONTENTS[3])[:-8], 4096) == (b"", 0)


def test_a_stream_without_end_is_cut_off() -> None:
    bomb = bz2.compress(bytes(32 * MIB))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ValueError, match="more than 4096 bytes"):
        decompress(bomb, 4096)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024
