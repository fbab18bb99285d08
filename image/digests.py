"""Digests of one stream: several algorithms fed together, each in its own thread where the stream is long.

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


class DigestSet:
    """Several digests of one stream, updated together."""

    def __init__(self, algorithms: tuple[str, ...]) -> None:
        self._hashers = {algorithm: new_hasher(algorithm) for algorithm in algorithms}

    def update(self, data: memoryview | bytes) -> None:
        """Take in more of the stream."""
        for hasher in self._hashers.values():
            hasher.update(data)

    def hasher(self, algorithm: str) -> Hasher:
        """The hasher of one algorithm, to be fed by a thread of its own."""
        return self._hashers[algorithm]

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The algorithms, in the order they were asked for."""
        return tuple(self._hashers)

    def hexdigests(self) -> dict[str, str]:
        """Algorithm to digest in hex, of the stream so far."""
        return {algorithm: hasher.hexdigest() for algorithm, hasher in self._hashers.items()}
