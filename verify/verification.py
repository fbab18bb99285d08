"""One verification of one image: open it, gather what is promised, pass over it once, compare, tell."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from image.errors import SourceError
from image.finding_list import FindingList
from image.formats import ImageFormat, recognise
from image.manifest import Manifest, SegmentRecord
from image.opening import OpenImage, open_image
from image.progress import Listener, ignore_progress
from image.raw_reader import DEFAULT_SECTOR_BYTES
from image.sectors import SectorRange, merge_ranges
from image.segment_files import SegmentReadError
from image.times import Clock, Instant
from verify.comparisons import compare_files, compare_manifest, compare_map, compare_media_digests
from verify.manifest_beside import load_checksum_files, load_manifest, load_map
from verify.promises import STORED, Promises, gather_promises, renamed_segments
from verify.request import SourceToCompare, VerificationRequest
from verify.verdict import VerificationResult
from verify.walk import WalkPlan, WalkProgress, WalkResult, walk_image

if TYPE_CHECKING:
    from verify.source_comparison import SourceComparison

MAXIMUM_SECTOR_BYTES = 64 * 1024

SecondOpinion = Callable[[OpenImage, Sequence[str], Listener, threading.Event], str | None]


def verify_image(
    request: VerificationRequest,
    *,
    clock: Clock,
    listener: Listener = ignore_progress,
    stop: threading.Event | None = None,
) -> VerificationResult:
    """Verify an image in one pass over its files.

    Raises:
        ImageNotReadError: the image, or a manifest given by name, cannot be read at all.
        SourceError: the source to compare with is smaller than the image, or has other sectors.
        StoppedError: a stop was asked for.
    """
    started = clock.now()
    first_findings = FindingList()
    found = load_manifest(request.image, request.manifest, first_findings)
    manifest = found.manifest if found is not None else None
    image_format = _format_of(request, manifest)
    names = tuple(item.file for item in renamed_segments(manifest, request.image.name)) if manifest else ()
    with open_image(
        request.image,
        image_format=image_format,
        expected_names=names,
        sector_size_bytes=_sector_size_bytes(manifest),
        folders=(*request.also, *(manifest.other_folders if manifest else ())),
    ) as image:
        image.findings.extend(first_findings.as_tuple())
        from_medium = request.from_medium and _forget_cached(image)
        verification = _Verification(request, image, manifest)
        walk = verification.run(listener, stop or threading.Event())
        result = verification.result(walk, image_format, started, clock.now())
        return replace(result, manifest_sha256=found.sha256 if found is not None else None, from_medium=from_medium)


class _Verification:
    """What is known while one image is verified."""

    def __init__(self, request: VerificationRequest, image: OpenImage, manifest: Manifest | None) -> None:
        self._request = request
        self._image = image
        self._manifest = manifest
        checksum_files = load_checksum_files(request.image, image.findings)
        self._promises: Promises = gather_promises(image, manifest, request.expectations, checksum_files)
        self._comparison = _comparison(request.source, image, manifest)
        self._mapped: tuple[SectorRange, ...] = ()
        self._ask = _second_opinion() if request.second_opinion else None
        self._second_opinion: str | None = None

    def run(self, listener: Listener, stop: threading.Event) -> WalkResult:
        """Pass over the image and compare."""
        image = self._image
        walk = walk_image(image, self._plan(), WalkProgress(listener, stop, image.media_size_bytes))
        compare_media_digests(image, walk, self._promises)
        compare_files(image, self._file_digests(walk), self._promises)
        if self._manifest is not None:
            compare_manifest(image, self._manifest, self._promises, walk)
        bad_map = load_map(self._request.image, image.sector_size_bytes, image.findings)
        if bad_map is not None:
            compare_map(image, bad_map, self._manifest)
            self._mapped = bad_map.bad_ranges()
        if self._comparison is not None:
            self._comparison.report(image.findings)
        if self._ask is not None:
            self._second_opinion = self._ask(image, walk.media_pieces, listener, stop)
        if not walk.is_whole and not image.findings.has_doubts():
            image.findings.add("media-missing", "not all of the media could be read")
        return walk

    def result(
        self, walk: WalkResult, image_format: ImageFormat, started: Instant, finished: Instant
    ) -> VerificationResult:
        """What the pass and the comparisons came to."""
        image = self._image
        return VerificationResult(
            image_path=str(self._request.image),
            format=image_format.value,
            media_size_bytes=image.media_size_bytes,
            sector_size_bytes=image.sector_size_bytes,
            segments=self._segment_records(walk),
            digests=walk.digests,
            stored_digests=_stored(image),
            bad_sectors=self._unreadable(),
            findings=image.findings.as_tuple(),
            started=started,
            finished=finished,
            compared_with=self._compared_with(walk),
            second_opinion=self._second_opinion,
        )

    def _plan(self) -> WalkPlan:
        """What the pass has to compute."""
        names = self._image.files.names
        algorithms = self._promises.media_algorithms(self._request.algorithms)
        is_raw = self._image.is_raw
        wanted = self._promises.file_algorithms(names)
        return WalkPlan(
            algorithms=algorithms,
            file_algorithms=tuple(item - {"sha256"} for item in wanted) if is_raw else wanted,
            segment_media=self._manifest is not None or (is_raw and any(wanted)),
            media_pieces=self._request.second_opinion,
            extra=(self._comparison,) if self._comparison is not None else (),
        )

    def _file_digests(self, walk: WalkResult) -> dict[tuple[int, str], str]:
        """The digests of the segment files; of a raw one, the SHA-256 of its media is that of the file."""
        digests = dict(walk.file_digests)
        if self._image.is_raw:
            for index, media in enumerate(walk.segment_media):
                if media is not None:
                    digests[index, "sha256"] = media
        return digests

    def _segment_records(self, walk: WalkResult) -> tuple[SegmentRecord, ...]:
        """The segments as they are here; a digest that was not computed is empty."""
        digests, image = self._file_digests(walk), self._image
        records = []
        ranges = image.segment_ranges()
        for index, (name, size) in enumerate(zip(image.files.names, image.files.sizes_bytes, strict=True)):
            sectors, media = ranges[index], walk.segment_media[index]
            first, count = (sectors.first_sector, sectors.sector_count) if sectors is not None else (0, 0)
            sha256 = digests.get((index, "sha256"), "")
            folder = folder_beside(image.files.paths[index], self._request.image)
            records.append(SegmentRecord(name, size, sha256, first, count, media or "", folder))
        return tuple(records)

    def _unreadable(self) -> tuple[SectorRange, ...]:
        """The sectors that could not be read at the acquisition, as the best witness says."""
        if self._manifest is not None:
            return merge_ranges(self._manifest.read.unreadable)
        return self._mapped if self._image.is_raw else merge_ranges(self._image.unreadable)

    def _compared_with(self, walk: WalkResult) -> tuple[str, ...]:
        """Whose promises were really compared: those whose digest was computed."""
        computed = {(self._image.files.names[index], name) for index, name in self._file_digests(walk)}
        origins = [item.origin for item in self._promises.media if item.algorithm in walk.digests]
        origins += [item.origin for item in self._promises.files if (item.file, item.algorithm) in computed]
        names = [STORED if origin.startswith(STORED) else origin for origin in origins]
        names += ["source"] if self._comparison is not None else []
        return tuple(dict.fromkeys(names))


def folder_beside(segment: Path, first: Path) -> str | None:
    """The folder of a segment; None for that of the first one."""
    return None if segment.parent == first.parent else str(segment.parent)


def _second_opinion() -> SecondOpinion:
    """What asks for a second opinion, loaded before the pass: a program must not change half way."""
    from verify.second_opinion import ask_second_opinion

    return ask_second_opinion


def _forget_cached(image: OpenImage) -> bool:
    """Whether the system forgot what it holds of the files in memory; a finding where it did not."""
    try:
        image.files.forget_cached()
    except SegmentReadError as error:
        name = image.files.names[error.segment_index]
        image.findings.add("cache-kept", f"{error.reason}: it may be read from memory", segment=name)
        return False
    return True


def _format_of(request: VerificationRequest, manifest: Manifest | None) -> ImageFormat:
    """The format by the manifest where it says raw, since raw bytes may look like anything."""
    if manifest is None or manifest.job.parameters.format != ImageFormat.RAW.value:
        return recognise(request.image)
    return ImageFormat.SPLIT_RAW if manifest.job.parameters.segment_size_bytes else ImageFormat.RAW


def _sector_size_bytes(manifest: Manifest | None) -> int:
    """The sector size that a manifest records, where it can be one."""
    recorded = manifest.media.sector_size_bytes if manifest is not None else 0
    return recorded if 0 < recorded <= MAXIMUM_SECTOR_BYTES else DEFAULT_SECTOR_BYTES


def _stored(image: OpenImage) -> dict[str, str | None]:
    """The digests the image itself stores, by algorithm; None for one it has room for and does not hold."""
    stored = {algorithm: value for _, algorithm, value in image.stored_digests}
    return {name: stored.get(name) for name in ("md5", "sha1")} if not image.is_raw else {}


def _comparison(
    source: SourceToCompare | None, image: OpenImage, manifest: Manifest | None
) -> "SourceComparison | None":
    """The comparison with a source, where one is asked for.

    Raises:
        SourceError: it cannot be the source of this image.
    """
    if source is None:
        return None
    first = manifest.job.parameters.start_sector if manifest is not None else 0
    reader = source.reader
    where, advice = str(image.files.paths[0]), "Name the drive or file that the image was made of"
    if reader.sector_size_bytes != image.sector_size_bytes:
        what = f"the source has sectors of {reader.sector_size_bytes} bytes, the image of {image.sector_size_bytes}"
        raise SourceError(what, where, advice)
    if first < 0:
        raise SourceError(f"the manifest names sector {first} as the image's first on the source", where)
    padded = manifest.job.parameters.padded_bytes if manifest is not None else 0
    if first * reader.sector_size_bytes + image.media_size_bytes - padded > reader.size_bytes:
        raise SourceError(f"the source has {reader.size_bytes} bytes, fewer than the image", where, advice)
    unreadable = manifest.read.unreadable if manifest is not None else image.unreadable
    from verify.source_comparison import SourceComparison

    return SourceComparison(reader, source.read_failures, first, unreadable)
