"""Images that are left in the middle and gone on with, by the writers alone: what a journal would say is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import cast

from image.destinations import Destination
from image.digests import Hasher, new_hasher
from image.durable_part import NOTHING_DURABLE, DurablePart
from image.ewf.writer import EwfWriter
from image.forms import EwfForm, RawForm
from image.media_digest import MediaDigester
from image.part_proof import ProvenPart
from image.raw_writer import RawWriter
from image.sectors import SectorRange
from image.segments import SegmentSet
from image.writing import Encoded, ImageWriter

ALGORITHMS = ("md5", "sha1", "sha256")
NOTHING_PROVEN = ProvenPart(NOTHING_DURABLE, MappingProxyType({}), MediaDigester(), None, MappingProxyType({}))


@dataclass
class Session:
    """One stretch of writing an image, from its beginning or behind a proven part."""

    form: EwfForm | RawForm
    segments: SegmentSet
    writer: ImageWriter[Encoded]
    hashers: dict[str, Hasher]
    media: MediaDigester
    lost: list[Destination] = field(default_factory=list)

    def write(self, media: bytes, batch_bytes: int) -> None:
        """Write media in batches."""
        for start in range(0, len(media), batch_bytes):
            view = memoryview(media[start : start + batch_bytes])
            cuts = self.writer.append(view, self.writer.encode(view))
            self.media.update(view, cuts)
            for hasher in self.hashers.values():
                hasher.update(view)

    def durable_part(self) -> DurablePart:
        """Sync, and say what a journal would."""
        self.segments.sync()
        limits, sectors = self.form.limits, self.writer.written_sectors
        closed = tuple(self.writer.closed)
        return DurablePart(
            closed,
            self.segments.name,
            self.segments.length_bytes if self.segments.name else 0,
            sectors,
            self.segments.file_sha256,
            self.media.digest_at(sectors * limits.sector_size_bytes) if limits.is_raw else None,
            tuple(self.media.segment_digests[: len(closed)]),
            tuple(self.media.prefix_digests),
        )

    def finish(self, unreadable: Sequence[SectorRange] = ()) -> dict[str, str]:
        """End the image; its digests."""
        digests = {name: hasher.hexdigest() for name, hasher in self.hashers.items()}
        self.writer.finish(digests, unreadable)
        self.media.finish(len(self.writer.closed))
        return digests | {"sha256": self.media.hexdigest()}


def open_session(outputs: Sequence[Path], form: EwfForm | RawForm, proven: ProvenPart = NOTHING_PROVEN) -> Session:
    """Begin an image, or go on behind the part that was proven."""
    lost: list[Destination] = []
    segments = SegmentSet([Destination(output) for output in outputs], lost.append)
    is_new = proven is NOTHING_PROVEN
    if not is_new:
        segments.reopen(proven.part, proven.file_hasher, form.limits.segment_name)
    hashers = {name: new_hasher(name) for name in ALGORITHMS if name != "sha256"} | dict(proven.hashers)
    media = MediaDigester() if is_new else proven.media
    return Session(form, segments, _writer(segments, form, proven.part), hashers, media, lost)


def _writer(segments: SegmentSet, form: EwfForm | RawForm, part: DurablePart) -> ImageWriter[Encoded]:
    """The writer of this form."""
    if isinstance(form, EwfForm):
        return cast("ImageWriter[Encoded]", EwfWriter(segments, form.plan, form.settings, part=part))
    media_bytes = form.sector_count * form.sector_size_bytes
    raw = RawWriter(segments, media_bytes, form.sector_size_bytes, form.segment_size_bytes, part=part)
    return cast("ImageWriter[Encoded]", raw)
