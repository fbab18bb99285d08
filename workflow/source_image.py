"""An image that is to be converted: opened with all that is promised of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from acquire.source import USABLE_SECTOR_SIZES_BYTES
from acquire.source_facts import signatures_on
from image.badmap import BadSectorMap
from image.description import ImageDescription, describe_open_image
from image.errors import ImageNotReadError, SourceError, UsageError
from image.job import SourceFacts, SourceImage, StatedDigest
from image.manifest import Manifest
from image.opening import OpenImage
from image.sectors import SectorRange, compact_ranges
from image.segment_files import SegmentReadError
from image.stated import source_facts, stated_by
from verify.found_image import find_image
from verify.manifest_beside import FoundManifest
from verify.maps_beside import load_map
from verify.outcome import unreadable_sectors
from verify.promises import Promises, gather_promises
from workflow.conversion_order import ConversionOrder
from workflow.first_segment import require_first_segment

MAXIMUM_STATED_DIGESTS = 100


@dataclass(frozen=True)
class SourceToConvert:
    """An open image, what it says of itself and what others promise of it.

    `unreadable` are the sectors that the best witness calls unreadable, tried or not; `bad_map` stands beside it.
    """

    image: OpenImage
    description: ImageDescription
    found: FoundManifest | None
    promises: Promises
    bad_map: BadSectorMap | None
    unreadable: Sequence[SectorRange]

    @property
    def manifest(self) -> Manifest | None:
        """Its manifest, where there is one."""
        return self.found.manifest if self.found is not None else None

    @property
    def error_granularity_sectors(self) -> int:
        """How many sectors one failure gave up when the drive was read; 1 where nothing says."""
        stated = self.description.error_granularity_sectors
        if self.manifest is not None:
            stated = self.manifest.job.parameters.error_granularity_sectors
        return min(max(1, stated or 1), 65536)

    def stated(self, *, accepts_damage: bool) -> SourceImage:
        """What it states, as the record of the image made of it keeps it."""
        promised = self.promises.media[:MAXIMUM_STATED_DIGESTS]
        return replace(
            stated_by(self.description, self.manifest),
            digests=tuple(StatedDigest(item.algorithm, item.hex_digest, item.origin) for item in promised),
            manifest_sha256=self.found.sha256 if self.found is not None else None,
            accepts_damage=accepts_damage,
        )

    def facts(self, stated: SourceImage, sector_count: int) -> SourceFacts:
        """The source as the record has it, with what lies on it."""
        facts = source_facts(stated, self.image.sector_size_bytes, sector_count)
        return replace(facts, signatures=self._signatures())

    def algorithms(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """The digests to compute: the chosen ones, and what is needed to compare with anything promised."""
        files = [item.algorithm for item in self.promises.files if self.is_one_raw_file]
        if self.promises.media or not files or set(chosen) & set(files):
            return self.promises.media_algorithms(chosen)
        return tuple(dict.fromkeys([*chosen, *files]))

    @property
    def is_one_raw_file(self) -> bool:
        """Whether the digest of its one file is that of its media."""
        return self.image.is_raw and len(self.image.files) == 1

    def _signatures(self) -> tuple[str, ...]:
        """What lies on the media; nothing where that cannot be looked at."""
        try:
            access = self.image.access()
        except ImageNotReadError:
            return ()
        try:
            return signatures_on(access.read_at, self.image.media_size_bytes)
        except SegmentReadError:
            return ()
        finally:
            access.close()


@contextmanager
def open_to_convert(order: ConversionOrder) -> Iterator[SourceToConvert]:
    """Open the image of an order for the length of a `with` block.

    Raises:
        SourceError: there is no such image, or its sectors cannot be written.
        ImageNotReadError: of a kind that is not read, or a manifest given by name is none.
        UsageError: a sector size is given that is not the image's.
    """
    require_first_segment(order.image)
    given_bytes = order.making.options.sector_size_bytes
    found = find_image(order.image, order.manifest, also=order.also, sector_size_bytes=given_bytes)
    with found.open() as image:
        _require_usable(order, image)
        bad_map = load_map(order.image, image)
        mapped = compact_ranges(bad_map.unread_ranges() if bad_map is not None else ())
        yield SourceToConvert(
            image,
            describe_open_image(order.image.absolute(), found.opening.image_format, image),
            found.recorded,
            gather_promises(image, found.manifest, order.expectations, found.checksum_files),
            bad_map,
            unreadable_sectors(image, found.manifest, mapped),
        )


def _require_usable(order: ConversionOrder, image: OpenImage) -> None:
    """See that the sectors of an image are such that another image can hold them.

    Raises:
        SourceError: they are not, or the image ends inside one and is not to be padded.
        UsageError: another size was given.
    """
    size, given, where = image.sector_size_bytes, order.making.options.sector_size_bytes, str(order.image)
    if given is not None and size and given != size:
        raise UsageError(f"the image has sectors of {size} bytes", where, "Leave --sector-size out")
    if image.media_size_bytes and size not in USABLE_SECTOR_SIZES_BYTES:
        sizes = ", ".join(map(str, USABLE_SECTOR_SIZES_BYTES))
        raise SourceError(f"a sector size of {size} bytes", where, f"It may be {sizes}")
    if image.media_size_bytes and image.media_size_bytes % size and not order.making.options.pad:
        what = f"{image.media_size_bytes} bytes are no multiple of the sector size of {size}"
        raise SourceError(what, where, "Give --pad-last-sector, or another --sector-size")
