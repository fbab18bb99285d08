"""A quick look at media data: is it zeros, does it look incompressible?"""

SAMPLE_SIZE_BYTES = 256
# 256 random bytes hold 162 +/- 7 different values; text under 60, programs under 130, a ramp 256.
RANDOM_VALUES = range(140, 186)
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
