"""Digest, hash and xhash: the digests an image itself stores of its media data."""

import re
import zlib
from dataclasses import dataclass

from image.ewf.defects import DefectError
from image.ewf.inflation import inflate_bounded
from image.ewf.layout import DIGEST, HASH, pack, unpack

MAXIMUM_XHASH_BYTES = 64 * 1024
DIGEST_BYTES = DIGEST.stored_bytes
HASH_BYTES = HASH.stored_bytes
_XHASH_VALUE = re.compile(rb"<(md5|sha1)>\s*([0-9a-f]{32,40})\s*</", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StoredDigests:
    """MD5 and SHA-1 as stored, 16 and 20 bytes; all zero means that none is stored."""

    md5: bytes = bytes(16)
    sha1: bytes = bytes(20)

    def as_hex(self) -> dict[str, str]:
        """The digests that are really there, by algorithm, in hex."""
        return {name: value.hex() for name, value in (("md5", self.md5), ("sha1", self.sha1)) if any(value)}


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
        DefectError: `digest-section`: it does not inflate, or to more than 64 KiB.
    """
    text = inflate_bounded(data, MAXIMUM_XHASH_BYTES, "digest-section")
    found = {name.lower().decode(): bytes.fromhex(value.decode()) for name, value in _pairs(text)}
    digests = StoredDigests(found.get("md5", bytes(16)), found.get("sha1", bytes(20)))
    if (len(digests.md5), len(digests.sha1)) != (16, 20):
        raise DefectError("digest-section", "a digest of the wrong length in xhash")
    return digests


def _pairs(text: bytes) -> list[tuple[bytes, bytes]]:
    """Element name and hex value of each digest; odd lengths are left out."""
    return [(name, value) for name, value in _XHASH_VALUE.findall(text) if len(value) % 2 == 0]
