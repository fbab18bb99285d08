"""Media for the torture runs: zeros, text, noise and sectors that carry their own number, in random turn."""

import random

from image.sectors import SectorRange
from tests.sim.faulty_disk import sector_content

LONGEST_STRETCH = 400


def make_media(seed: int, sector_count: int, sector_size_bytes: int, longest: int = LONGEST_STRETCH) -> bytes:
    """The bytes of a disk in stretches of at most so many sectors; the same seed gives the same disk."""
    chance = random.Random(seed)
    parts: list[bytes] = []
    done = 0
    while done < sector_count:
        count = min(chance.randint(1, longest), sector_count - done)
        parts.append(_stretch(chance, done, count, sector_size_bytes))
        done += count
    return b"".join(parts)


def zeroed(media: bytes, sectors: frozenset[int], sector_size_bytes: int) -> bytes:
    """The media with zeros in these sectors: what an image holds of a disk that could not give them."""
    image = bytearray(media)
    for sector in sectors:
        start = sector * sector_size_bytes
        image[start : start + sector_size_bytes] = bytes(sector_size_bytes)
    return bytes(image)


def sectors_in(media: bytes, sectors: SectorRange, sector_size_bytes: int) -> bytes:
    """The bytes of these sectors."""
    return media[sectors.first_sector * sector_size_bytes : sectors.end_sector * sector_size_bytes]


def _stretch(chance: random.Random, first_sector: int, count: int, sector_size_bytes: int) -> bytes:
    size_bytes = count * sector_size_bytes
    match chance.randrange(4):
        case 0:
            return bytes(size_bytes)
        case 1:
            return chance.randbytes(size_bytes)
        case 2:
            return (b"the quick brown fox jumps over the lazy dog\n" * (size_bytes // 44 + 1))[:size_bytes]
        case _:
            numbers = range(first_sector, first_sector + count)
            return b"".join(sector_content(number, sector_size_bytes) for number in numbers)
