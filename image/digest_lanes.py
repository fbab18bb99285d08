"""Digests of one stream, each in a thread of its own, fed with the buffers of a pool."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from image.buffers import Buffer
from image.digests import Hasher, new_hasher
from image.lanes import Lane


class DigestLanes:
    """Takes buffers in order; each digest releases a buffer when it is done with it.

    `begun` are hashers that have taken in the stream so far; without one a digest begins here.
    """

    def __init__(self, algorithms: Iterable[str], begun: Mapping[str, Hasher] = MappingProxyType({})) -> None:
        self._hashers = {name: begun[name] if name in begun else new_hasher(name) for name in algorithms}
        self._lanes = tuple(_lane(algorithm, hasher) for algorithm, hasher in self._hashers.items())

    def __len__(self) -> int:
        """How many digests there are: so many users has each buffer here."""
        return len(self._lanes)

    def put(self, buffer: Buffer) -> None:
        """Hand the next buffer to every digest."""
        for lane in self._lanes:
            lane.put(buffer)

    def close(self) -> None:
        """Wait until every buffer is digested."""
        for lane in self._lanes:
            lane.close()

    def abandon(self) -> None:
        """Stop the threads, whatever state they are in."""
        for lane in self._lanes:
            lane.abandon()

    def hexdigests(self) -> dict[str, str]:
        """Algorithm to digest in hex, in the order they were asked for; to be asked after `close`."""
        return {algorithm: hasher.hexdigest() for algorithm, hasher in self._hashers.items()}


def _lane(algorithm: str, hasher: Hasher) -> Lane[Buffer]:
    """The thread of one digest."""

    def digest(buffer: Buffer) -> None:
        hasher.update(buffer.view)
        buffer.release()

    return Lane(digest, algorithm, drop=Buffer.release)
