"""A quick look at media data: is it zeros, does it look incompressible?"""

SAMPLE_SIZE_BYTES = 128
# 128 random bytes hold 101 +/- 4 different values; text under 50, programs under 85, a ramp 128.
RANDOM_VALUES = range(87, 117)
_ZEROS = bytes(64 * 1024)


def is_zero(block: memoryview) -> bool:
    """Whether the block holds zeros only; most that do not show it at their ends or in their middle."""
    size = len(block)
    if block[0] or block[size // 2] or block[size - 1]:
        return False
    step = len(_ZEROS)
    return all(block[at : at + step].tobytes() == _ZEROS[: size - at] for at in range(0, size, step))


def looks_incompressible(block: memoryview) -> bool:
    """Whether two small samples look like random bytes: encrypted or already compressed content."""
    middle = len(block) // 2
    return (
        len(set(block[:SAMPLE_SIZE_BYTES].tobytes())) in RANDOM_VALUES
        and len(set(block[middle : middle + SAMPLE_SIZE_BYTES].tobytes())) in RANDOM_VALUES
    )
