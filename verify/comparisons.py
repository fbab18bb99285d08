"""What the pass found against what was promised: each disagreement a finding, with both values."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING
from uuid import UUID

from image.badmap import BadSectorMap
from image.ewf.range_sections import fitting_error2
from image.manifest import Manifest, SegmentRecord
from image.sectors import SectorRange, SectorRanges, compact_ranges
from verify.promises import MANIFEST, STORED, Promises

if TYPE_CHECKING:
    from image.opening import OpenImage
    from verify.walk import WalkResult

MANY_RANGES = 100_000
"""Behind so many ranges error2 may end early: it must fit into one segment."""


def compare_media_digests(image: "OpenImage", walk: "WalkResult", promises: Promises) -> None:
    """Compare every promised digest of the media with the computed one; none if not all of it was read."""
    for item in promises.media:
        computed = walk.digests.get(item.algorithm)
        if computed is not None and computed != item.hex_digest:
            code = _media_code(item.origin)
            detail = f"{item.algorithm} of the media is not that of {item.origin}"
            image.findings.add(code, detail, expected=item.hex_digest, found=computed)
    unchecked = {item.algorithm for item in promises.media} - set(walk.digests) if walk.digests else set()
    if unchecked:
        detail = f"recorded digests were not computed: {', '.join(sorted(unchecked))}"
        image.findings.add("digest-unchecked", detail)
    if walk.digests and not promises.media and not promises.files and not promises.either:
        image.findings.add("nothing-to-compare", "no digest is stored, recorded or given")


def _media_code(origin: str) -> str:
    """The finding that a wrong digest of this origin makes."""
    if origin == MANIFEST:
        return "manifest-digest"
    return "stored-digest" if origin.startswith(STORED) else "expected-digest"


def compare_files(image: "OpenImage", digests: Mapping[tuple[int, str], str], promises: Promises) -> None:
    """Compare every promised digest of a segment file with the computed one."""
    index_of = {name: index for index, name in enumerate(image.files.names)}
    for item in promises.files:
        computed = digests.get((index_of.get(item.file, -1), item.algorithm))
        if computed is not None and computed != item.hex_digest:
            detail = f"{item.algorithm} of the file is not that of {item.origin}"
            image.findings.add(
                "segment-digest", detail, segment=item.file, expected=item.hex_digest, found=computed
            )


LASTING = frozenset({"sectors-not-tried", "source-damaged"})
"""What the acquisition found that leaves the verdict open for good: the image may hold less than its source did."""


def compare_manifest(image: "OpenImage", manifest: Manifest, promises: Promises, walk: "WalkResult") -> None:
    """Compare sizes, segments, media ranges, identifier and unreadable sectors with the manifest."""
    add = image.findings.add
    recorded = (manifest.media.size_bytes, manifest.media.sector_size_bytes)
    have = (image.media_size_bytes, image.sector_size_bytes)
    if have != recorded and not image.segments.missing:
        add("media-size", "media and sector size in bytes", expected=f"{recorded}", found=f"{have}")
    _compare_segments(image, promises.segments, walk)
    _compare_identifier(image, manifest)
    for item in manifest.findings:
        if item.code in LASTING:
            add(item.code, item.detail, sectors=item.sectors, expected=item.expected, found=item.found)
    if not image.is_raw:
        _compare_error2(image, manifest)


def _compare_segments(image: "OpenImage", recorded: tuple[SegmentRecord, ...], walk: "WalkResult") -> None:
    """Compare each segment file and its media with its line in the manifest."""
    by_name = {item.file: item for item in recorded}
    ranges = image.segment_ranges()
    for index, name in enumerate(image.files.names):
        record = by_name.get(name)
        if record is None:
            image.findings.add("segment-unlisted", "the manifest does not list it", segment=name)
            continue
        size = image.files.sizes_bytes[index]
        if size != record.size_bytes:
            want, have = str(record.size_bytes), str(size)
            image.findings.add("segment-size", "size in bytes", segment=name, expected=want, found=have)
        _compare_media(image, record, ranges[index], walk.segment_media[index])


def _compare_media(
    image: "OpenImage", record: SegmentRecord, sectors: SectorRange | None, media: str | None
) -> None:
    """Compare the media of a segment with its line in the manifest, as far as it could be read and placed."""
    recorded = (record.first_sector, record.sector_count)
    if media is not None and sectors is not None and (sectors.first_sector, sectors.sector_count) != recorded:
        want, have = f"{recorded}", f"{(sectors.first_sector, sectors.sector_count)}"
        detail = "first sector and sector count of the media it holds"
        image.findings.add("media-range-digest", detail, segment=record.file, expected=want, found=have)
    elif media is not None and media != record.media_sha256:
        image.findings.add(
            "media-range-digest",
            "SHA-256 of the media it holds",
            segment=record.file,
            sectors=sectors,
            expected=record.media_sha256,
            found=media,
        )


def _compare_identifier(image: "OpenImage", manifest: Manifest) -> None:
    """Compare the set identifier with the manifest's."""
    recorded = manifest.job.parameters.set_identifier
    found = image.set_identifier
    if recorded is None or found is None:
        return
    text = str(UUID(bytes_le=found))
    if text != recorded.lower():
        image.findings.add("set-identifier", "not that of the manifest", expected=recorded, found=text)


def _compare_error2(image: "OpenImage", manifest: Manifest) -> None:
    """Compare error2 with the manifest, as far as its 32-bit numbers reach."""
    wanted, found = fitting_error2(manifest.read.unreadable).merged(), compact_ranges(image.unreadable).merged()
    cut_short = len(wanted) > MANY_RANGES and found == wanted[: len(found)]
    if found != wanted and not cut_short:
        _differ(image, "error2", found, wanted)


def compare_map(image: "OpenImage", bad_map: BadSectorMap, manifest: Manifest | None) -> None:
    """Compare the map with the manifest or error2; of a raw image without a manifest it is the only witness."""
    if manifest is None and image.is_raw:
        if not bad_map.is_finished():
            image.findings.add("acquisition-incomplete", "the map names sectors that were not tried to the end")
    else:
        recorded = compact_ranges(manifest.read.unreadable if manifest is not None else image.unreadable).merged()
        mapped = bad_map.unread_ranges()
        if mapped != recorded:
            _differ(image, "the map", mapped, recorded)
    sectors = -(-image.media_size_bytes // image.sector_size_bytes) if image.sector_size_bytes else 0
    if bad_map.sector_count != sectors and not image.segments.missing:
        want, have = str(sectors), str(bad_map.sector_count)
        image.findings.add("unreadable-ranges", "the map covers other sectors", expected=want, found=have)


def _differ(image: "OpenImage", who: str, found: SectorRanges, wanted: SectorRanges) -> None:
    """Make the finding of unreadable sectors that are not the same; the first range that differs is named."""
    pairs = zip_longest(found.pairs(), wanted.pairs())
    odd = next((pair for pair in pairs if pair[0] != pair[1]), (None, None))
    first = min((item for item in odd if item is not None), default=None)
    detail = f"{who} names other unreadable sectors than recorded"
    image.findings.add("unreadable-ranges", detail, sectors=SectorRange(*first) if first is not None else None)
