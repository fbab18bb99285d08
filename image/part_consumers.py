"""What looks at the media of an unfinished image while it is read back: the proof of it, and single sectors."""

from collections.abc import Collection
from pathlib import Path

from image.durable_part import ADVICE, DurablePart
from image.errors import DestinationError
from image.media_digest import PREFIX_STEP_BYTES, MediaDigester
from image.media_pieces import MediaPiece

END_OF_SEGMENT = (memoryview(b""), (0,))


class MediaProof:
    """Rebuilds the SHA-256 of the media and holds it against the journal wherever that has one."""

    def __init__(self, output: Path, part: DurablePart, sector_size_bytes: int) -> None:
        self._output = output
        self._part = part
        self._sector_size_bytes = sector_size_bytes
        self._position_bytes = 0
        self._proven_bytes = 0
        self._prefixes = 0
        self.digester = MediaDigester()

    def take(self, piece: MediaPiece) -> None:
        """Take in the next piece.

        Raises:
            DestinationError: it could not be read, is damaged, or is not what was written.
        """
        self._end_segments(piece.segment_index)
        for defect in piece.defects:
            reason = f"{defect.code}: {defect.detail}"
            first = self._position_bytes // self._sector_size_bytes
            last = first + max(1, len(piece.data) // self._sector_size_bytes) - 1
            if defect.sectors is not None:
                first, last = defect.sectors.first_sector, defect.sectors.last_sector
            raise self._error(reason, first, last)
        if not piece.is_read:
            raise self._error("it cannot be read back", self._position_bytes // self._sector_size_bytes, None)
        self.digester.update(memoryview(piece.data), ())
        self._position_bytes += len(piece.data)
        self._compare_prefixes()

    def finish(self) -> None:
        """Take in the end of the part.

        Raises:
            DestinationError: it is not what was written, or media is missing.
        """
        self._end_segments(len(self._part.closed))
        end_bytes = self._part.next_sector * self._sector_size_bytes
        if self._position_bytes != end_bytes:
            raise self._error("media is missing", self._position_bytes // self._sector_size_bytes, None)
        promised = self._part.media_sha256
        if promised is not None and end_bytes and self.digester.hexdigest() != promised:
            raise self._differs(end_bytes)

    def _end_segments(self, index: int) -> None:
        """End the segments before this one, and compare their digests."""
        promised = self._part.closed_media_sha256
        while (ended := len(self.digester.segment_digests)) < index:
            self.digester.update(*END_OF_SEGMENT)
            if ended < len(promised) and self.digester.segment_digests[ended] != promised[ended]:
                raise self._differs(self._position_bytes)

    def _compare_prefixes(self) -> None:
        """Compare the digests at each 64 MiB that were passed."""
        made, promised = self.digester.prefix_digests, self._part.prefix_sha256
        while self._prefixes < min(len(made), len(promised)):
            border_bytes = (self._prefixes + 1) * PREFIX_STEP_BYTES
            if made[self._prefixes] != promised[self._prefixes]:
                raise self._differs(border_bytes)
            self._proven_bytes = border_bytes
            self._prefixes += 1

    def _differs(self, end_bytes: int) -> DestinationError:
        """The error for media that differs between what is proven and here."""
        first, end = self._proven_bytes // self._sector_size_bytes, end_bytes // self._sector_size_bytes
        return self._error("its SHA-256 differs", first, max(first, end - 1))

    def _error(self, reason: str, first_sector: int, last_sector: int | None) -> DestinationError:
        """The error for these sectors; without a last one, for all from the first on."""
        rest = "on" if last_sector is None else f"to {last_sector}"
        where = f"{self._output}, sectors {first_sector} {rest}"
        return DestinationError(f"the image is not what was written ({reason})", where, ADVICE)


class SampledSectors:
    """Keeps these sectors, by number, as they pass."""

    def __init__(self, sectors: Collection[int], sector_size_bytes: int) -> None:
        self._wanted = sorted(set(sectors), reverse=True)
        self._sector_size_bytes = sector_size_bytes
        self._position_bytes = 0
        self.found: dict[int, bytes] = {}

    def take(self, piece: MediaPiece) -> None:
        """Keep the wanted sectors of the next piece."""
        size = self._sector_size_bytes
        end_bytes = self._position_bytes + len(piece.data)
        while self._wanted and (self._wanted[-1] + 1) * size <= end_bytes:
            sector = self._wanted.pop()
            offset = sector * size - self._position_bytes
            self.found[sector] = bytes(piece.data[offset : offset + size])
        self._position_bytes = end_bytes

    def finish(self) -> None:
        """Nothing is left to do."""
