"""Digest, hash and xhash: the digests an image itself stores of its media data."""

import re
import zlib
from dataclasses import dataclass, fields

from image.ewf.defects import DefectError
from image.ewf.inflation import inflate_bounded
from image.ewf.layout import DIGEST, HASH, pack, unpack

MAXIMUM_XHASH_BYTES = 64 * 1024
DIGEST_BYTES = DIGEST.stored_bytes
HASH_BYTES = HASH.stored_bytes
_XHASH_VALUE = re.compile(rb"<(md5|sha1|sha256)>\s*([^<]*?)\s*</", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StoredDigests:
    """MD5, SHA-1 and SHA-256 as stored, 16, 20 and 32 bytes; all zero means that none is stored.

    Only xhash has room for SHA-256.
    """

    md5: bytes = bytes(16)
    sha1: bytes = bytes(20)
    sha256: bytes = bytes(32)

    def as_hex(self) -> dict[str, str]:
        """The digests that are really there, by algorithm, in hex."""
        return {item.name: value.hex() for item in fields(self) if any(value := getattr(self, item.name))}


@dataclass(frozen=True, slots=True)
class StoredHash:
    """The MD5 of the media data; what the other 16 bytes mean nobody knows (specification, "Hash section")."""

    md5: bytes
    unknown: bytes = bytes(16)


def encode_digest(md5: bytes, sha1: bytes) -> bytes:
    """Lay out the contents of a digest section: 80 bytes. A digest that was not computed is given as zeros."""
    return pack(DIGEST, StoredDigests(md5, sha1))


def decode_digest(data: bytes) -> StoredDigests:
    """Read the contents of a digest section.

    Raises:
        DefectError: `digest-section`: short, or the checksum is wrong.
    """
    return unpack(DIGEST, data, StoredDigests, code="digest-section")


def encode_hash(md5: bytes) -> bytes:
    """Lay out the contents of a hash section: 36 bytes."""
    return pack(HASH, StoredHash(md5))


def decode_hash(data: bytes) -> StoredHash:
    """Read the contents of a hash section.

    Raises:
        DefectError: `digest-section`: short, or the checksum is wrong.
    """
    return unpack(HASH, data, StoredHash, code="digest-section")


def encode_xhash(digests: StoredDigests) -> bytes:
    """Lay out the contents of an xhash section of EWF-X: zlib-compressed XML."""
    lines = "".join(f"\t<{name}>{value}</{name}>\n" for name, value in digests.as_hex().items())
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<xhash>\n{lines}</xhash>\n\n'
    return zlib.compress(text.encode())


def decode_xhash(data: bytes) -> StoredDigests:
    """Read the digests in an xhash section of EWF-X; anything else in it is passed over.

    Raises:
        DefectError: `digest-section`: it does not inflate, or not to digests in at most 64 KiB.
    """
    text = inflate_bounded(data, MAXIMUM_XHASH_BYTES, "digest-section")
    found: dict[str, bytes] = {}
    for element, value in _XHASH_VALUE.findall(text):
        name = element.lower().decode()
        if not re.fullmatch(rb"[0-9a-fA-F]{%d}" % (2 * len(getattr(StoredDigests(), name))), value):
            raise DefectError("digest-section", f"xhash stores no {name} under that name")
        found[name] = bytes.fromhex(value.decode())
    return StoredDigests(**found)
