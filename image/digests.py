"""Which digests there are, and what computes them.

MD5 and SHA-1 are made for the formats that store them; neither is relied on for security (FIPS hosts refuse
them otherwise).
"""

import hashlib
from typing import Protocol

from image.errors import UsageError

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")
DEFAULT_ALGORITHMS = ("md5", "sha1", "sha256")


class Hasher(Protocol):
    """What hashlib gives."""

    def update(self, data: memoryview | bytes, /) -> None:
        """Take in more of the stream."""
        ...

    def hexdigest(self) -> str:
        """The digest so far, in hex."""
        ...

    def copy(self) -> "Hasher":
        """Another hasher that stands where this one stands."""
        ...


def new_hasher(algorithm: str) -> Hasher:
    """A fresh hasher.

    Raises:
        UsageError: an algorithm that is not offered.
    """
    if algorithm not in ALGORITHMS:
        raise UsageError(f"no such digest algorithm: {algorithm}", do=f"Choose from {', '.join(ALGORITHMS)}")
    return hashlib.new(algorithm, usedforsecurity=False)
