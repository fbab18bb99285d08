"""A VHDX in little: its structures lie megabytes apart, so an input holds them one behind the other."""

PLACES = (0, 0x1_0000, 0x2_0000, 0x3_0000, 0x4_0000, 0x20_0000, 0x21_0000, 0x30_0000)
"""Signature, two headers, two region tables, and, as qemu places them, metadata, its values and the block table."""
PIECE_BYTES = 1024
SIZE_BYTES = 0x40_0000


def spread_vhdx(data: bytes) -> bytes:
    """The file that these pieces of 1 KiB make, each at its place."""
    file = bytearray(SIZE_BYTES)
    for number, place in enumerate(PLACES):
        piece = data[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]
        file[place : place + len(piece)] = piece
    return bytes(file)


def gather_vhdx(file: bytes) -> bytes:
    """The pieces of a file."""
    return b"".join(file[place : place + PIECE_BYTES].ljust(PIECE_BYTES, b"\0") for place in PLACES)
