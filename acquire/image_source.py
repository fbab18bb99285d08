"""An image as the source of another one: its media in order, in batches, each stretch where it belongs.

The bytes stay as the image's reader gives them. Sectors that the image itself calls unreadable are told again; so
is what is damaged or missing in it, where the caller goes on in spite of that.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from acquire.reader import BatchRead
from image.digests import Hasher, new_hasher
from image.findings import Severity, catalogue
from image.media_pieces import MediaPiece
from image.opening import OpenImage
from image.sectors import SectorRange, merge_ranges


class ImageReader:
    """Reads an open image front to back, once; `pool` decodes ahead.

    `unreadable` are the sectors that the image names, merged. `look` is called behind each piece, before its media
    is given on; what it raises ends the reading. `damaged` are the sectors met so far that cannot be relied on,
    `with_data` those called unreadable that hold something else than zeros.
    """

    def __init__(
        self,
        image: OpenImage,
        unreadable: Sequence[SectorRange],
        look: Callable[[], None],
        pool: ThreadPoolExecutor | None = None,
    ) -> None:
        self._image = image
        self._sector_size_bytes = image.sector_size_bytes
        self._unreadable = unreadable
        self._media = _PlacedMedia(image, look, pool)
        self._own: dict[str, Hasher] = {}
        self.with_data: list[SectorRange] = []

    @property
    def size_bytes(self) -> int:
        """Bytes of media in whole sectors: zeros complete the last one where the image ends inside it."""
        return -(-self._image.media_size_bytes // self._sector_size_bytes) * self._sector_size_bytes

    @property
    def sector_size_bytes(self) -> int:
        """Bytes in a sector."""
        return self._sector_size_bytes

    @property
    def padded_bytes(self) -> int:
        """How many zero bytes complete the last sector."""
        return self.size_bytes - self._image.media_size_bytes

    @property
    def damaged(self) -> tuple[SectorRange, ...]:
        """The sectors met so far that cannot be relied on, merged."""
        return merge_ranges(self._media.damaged)

    def digest_stored(self, algorithms: tuple[str, ...]) -> None:
        """Digest what the image holds here too: it ends inside a sector, and the image made of it does not."""
        self._own = {name: new_hasher(name) for name in algorithms}

    def stored_digests(self) -> dict[str, str]:
        """What `digest_stored` asked for, in hex; empty where it was not called."""
        return {name: hasher.hexdigest() for name, hasher in self._own.items()}

    def read_batch(self, view: memoryview, sectors: SectorRange) -> BatchRead:
        """Fill the view with these sectors, which follow those of the batch before.

        Raises:
            StoppedError: what `look` says must not be given on.
        """
        offset = sectors.first_sector * self._sector_size_bytes
        self._media.read_into(view, offset)
        for hasher in self._own.values():
            hasher.update(view[: self._image.media_size_bytes - offset])
        named = self._named(sectors)
        self.with_data += [item for item in named if self._holds_data(view, sectors, item)]
        return BatchRead(merge_ranges([*named, *self._damaged_in(sectors)]))

    def _damaged_in(self, sectors: SectorRange) -> Iterator[SectorRange]:
        """The damaged sectors of a batch: no later one was met yet, but for those of the piece it ends in."""
        for item in reversed(self._media.damaged):
            if item.end_sector <= sectors.first_sector:
                break
            part = item.overlap(sectors)
            if part is not None:
                yield part

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill the view with the sectors from this one on, as a source does.

        Raises:
            StoppedError: what `look` says must not be given on.
        """
        self.read_batch(view, SectorRange(first_sector, len(view) // self._sector_size_bytes))

    def _named(self, sectors: SectorRange) -> list[SectorRange]:
        """The sectors of a batch that the image calls unreadable."""
        found = []
        first = bisect_right(self._unreadable, sectors.first_sector, key=lambda item: item.end_sector)
        for index in range(first, len(self._unreadable)):
            part = self._unreadable[index].overlap(sectors)
            if part is None:
                break
            found.append(part)
        return found

    def _holds_data(self, view: memoryview, batch: SectorRange, part: SectorRange) -> bool:
        """Whether anything but zeros stands in these sectors of the batch."""
        first = (part.first_sector - batch.first_sector) * self._sector_size_bytes
        return bool(bytes(view[first : first + part.sector_count * self._sector_size_bytes]).strip(b"\0"))


class _PlacedMedia:
    """The media of an image from its first byte on, zeros where no piece gives any."""

    def __init__(self, image: OpenImage, look: Callable[[], None], pool: ThreadPoolExecutor | None) -> None:
        self._image = image
        self._look = look
        self._pieces: Iterator[MediaPiece] = image.media(pool)
        self._piece: MediaPiece | None = None
        self._rest = memoryview(b"")
        self._rest_at_bytes = 0
        self._is_at_end = False
        self.damaged: list[SectorRange] = []

    def read_into(self, view: memoryview, offset_bytes: int) -> None:
        """Fill the view with the media from this byte on; behind the end of the media stand zeros."""
        while len(view):
            self._go_to(offset_bytes)
            size = min(len(view), len(self._rest))
            if not size or self._rest_at_bytes > offset_bytes:
                size = len(view) if self._is_at_end else min(len(view), self._rest_at_bytes - offset_bytes)
                view[:size] = bytes(size)
                self._lose(offset_bytes, size)
            else:
                view[:size] = self._rest[:size]
                self._drop(size)
            view, offset_bytes = view[size:], offset_bytes + size

    def _go_to(self, offset_bytes: int) -> None:
        """Make the rest of a piece ready that does not end before this byte, unless there is none."""
        while not self._is_at_end and self._rest_at_bytes + len(self._rest) <= offset_bytes:
            self._next_piece()
        if self._rest_at_bytes < offset_bytes:
            self._drop(offset_bytes - self._rest_at_bytes)

    def _next_piece(self) -> None:
        """Take the next piece."""
        end_bytes = self._rest_at_bytes + len(self._rest)
        self._let_go()
        piece = next(self._pieces, None)
        self._look()
        if piece is None:
            self._is_at_end, self._rest = True, memoryview(b"")
            return
        if self._piece is not None and piece.segment_index > self._piece.segment_index:
            self._image.files.close_before(piece.segment_index)
        self._piece, self._rest = piece, memoryview(piece.data)
        at = piece.media_offset_bytes
        self._rest_at_bytes = end_bytes if at is None else at
        self._note_damage(piece)

    def _drop(self, size_bytes: int) -> None:
        """Go on inside a piece."""
        self._rest, self._rest_at_bytes = self._rest[size_bytes:], self._rest_at_bytes + size_bytes

    def _let_go(self) -> None:
        """Let the memory of the piece be used again."""
        self._rest_at_bytes += len(self._rest)
        self._rest = memoryview(b"")
        if self._piece is not None:
            self._piece.release()

    def _note_damage(self, piece: MediaPiece) -> None:
        """Remember the sectors of a piece that cannot be relied on."""
        whole = self._sectors(self._rest_at_bytes, len(self._rest))
        for defect in piece.defects:
            if catalogue()[defect.code].severity is not Severity.NOTE:
                self._add(defect.sectors or whole)
        if not piece.is_read:
            self._add(whole)

    def _lose(self, offset_bytes: int, size_bytes: int) -> None:
        """Remember that no piece holds these bytes; behind the media there are none to be held."""
        self._add(self._sectors(offset_bytes, min(size_bytes, self._image.media_size_bytes - offset_bytes)))

    def _sectors(self, offset_bytes: int, size_bytes: int) -> SectorRange | None:
        """The sectors that these bytes lie in; None for none."""
        if size_bytes <= 0:
            return None
        size = self._image.sector_size_bytes
        first = offset_bytes // size
        return SectorRange(first, -(-(offset_bytes + size_bytes) // size) - first)

    def _add(self, sectors: SectorRange | None) -> None:
        """Keep damaged sectors, joined to those before where they touch."""
        if sectors is not None:
            self.damaged[-1:] = merge_ranges([*self.damaged[-1:], sectors])
