"""CRC-32C (Castagnoli), reflected. Source: RFC 3720, appendix B.4."""

POLYNOMIAL = 0x82F63B78


def _table() -> tuple[int, ...]:
    """The checksum of each byte."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return tuple(table)


TABLE = _table()


def crc32c(data: bytes) -> int:
    """The CRC-32C of these bytes."""
    value = 0xFFFF_FFFF
    for byte in data:
        value = value >> 8 ^ TABLE[(value ^ byte) & 0xFF]
    return value ^ 0xFFFF_FFFF
