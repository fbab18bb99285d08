"""One verification of one image: open it, gather what is promised, pass over it once, compare, tell."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from image.formats import ImageFormat
from image.holes import tell_holes
from image.manifest import Manifest
from image.opening import OpenImage
from image.progress import Listener, ignore_progress
from image.sectors import SectorRange, compact_ranges
from image.segment_files import SegmentReadError
from image.times import Clock, Instant
from verify.checksums_beside import ChecksumFile
from verify.comparisons import compare_files, compare_manifest, compare_map, compare_media_digests
from verify.coverage import compare_either, tell_contradictions, tell_uncovered, tell_unrelated
from verify.found_image import find_image
from verify.maps_beside import load_map
from verify.named_source import compare_with_source
from verify.outcome import compared_with, file_digests, segment_records, stored_digests, unreadable_sectors
from verify.promises import Promises, gather_promises
from verify.request import VerificationRequest
from verify.verdict import VerificationResult
from verify.walk import WalkPlan, WalkProgress, WalkResult, walk_image

if TYPE_CHECKING:
    from verify.files.of_verification import FileSearch

SecondOpinion = Callable[[OpenImage, Sequence[str], Listener, threading.Event, int | None], str]


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
    found = find_image(
        request.image,
        request.manifest,
        request.checksum_files,
        request.also,
        recorded_elsewhere=request.recorded,
    )
    search, files = _file_search() if request.files else None, None
    stop = stop or threading.Event()
    with found.open() as image:
        if found.manifest is None and image.is_raw:
            tell_holes(image.files, image.findings)
        from_medium = request.from_medium and _forget_cached(image)
        verification = _Verification(request, image, found.manifest, found.checksum_files)
        walk = verification.run(listener, stop)
        if search is not None:
            unread = verification.unreadable()
            files = search(found.opening, image, unread, listener, stop, request.files_limit_seconds)
        result = verification.result(walk, found.opening.image_format, started, clock.now())
    return replace(result, manifest_sha256=found.manifest_sha256, from_medium=from_medium, files=files)


class _Verification:
    """What is known while one image is verified."""

    def __init__(
        self,
        request: VerificationRequest,
        image: OpenImage,
        manifest: Manifest | None,
        checksum_files: tuple[ChecksumFile, ...],
    ) -> None:
        self._request = request
        self._image = image
        self._manifest = manifest
        self._promises: Promises = gather_promises(
            image, manifest, request.expectations, checksum_files, request.recorded
        )
        tell_contradictions(checksum_files, image.findings)
        tell_unrelated(checksum_files, self._promises, image.findings)
        self._comparison = compare_with_source(request.source, image, manifest)
        self._mapped = compact_ranges(())
        self._ask = _second_opinion() if request.second_opinion else None
        self._second_opinion: str | None = None

    def run(self, listener: Listener, stop: threading.Event) -> WalkResult:
        """Pass over the image and compare."""
        image = self._image
        walk = walk_image(image, self._plan(), WalkProgress(listener, stop, image.media_size_bytes))
        compare_media_digests(image, walk, self._promises)
        compare_files(image, file_digests(image, walk), self._promises)
        compare_either(image, walk, file_digests(image, walk), self._promises)
        tell_uncovered(image, walk, self._promises)
        if self._manifest is not None:
            compare_manifest(image, self._manifest, self._promises, walk)
        bad_map = load_map(self._request.image, image, self._request.bad_sector_map)
        if bad_map is not None:
            compare_map(image, bad_map, self._manifest)
            self._mapped = bad_map.bad_ranges() if image.is_raw else self._mapped
        if self._comparison is not None:
            self._comparison.report(image.findings)
        if self._ask is not None:
            pieces = walk.media_pieces if walk.is_whole else ()
            self._second_opinion = self._ask(image, pieces, listener, stop, self._request.jobs)
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
            segments=segment_records(image, walk, self._request.image),
            digests=walk.digests,
            stored_digests=stored_digests(image),
            bad_sectors=self.unreadable(),
            findings=image.findings.as_tuple(),
            started=started,
            finished=finished,
            case_link=self._manifest.job.case_link if self._manifest is not None else None,
            compared_with=compared_with(image, walk, self._promises, self._comparison is not None),
            second_opinion=self._second_opinion,
        )

    def unreadable(self) -> Sequence[SectorRange]:
        """The sectors that could not be read at the acquisition."""
        return unreadable_sectors(self._image, self._manifest, self._mapped)

    def _plan(self) -> WalkPlan:
        """What the pass has to compute."""
        names = self._image.files.names
        algorithms = self._promises.media_algorithms(self._request.algorithms)
        is_raw = self._image.is_raw
        wanted = self._promises.file_algorithms(names)
        if self._request.hash_files:
            wanted = tuple(item | {"sha256"} for item in wanted)
        return WalkPlan(
            algorithms=algorithms,
            file_algorithms=tuple(item - {"sha256"} for item in wanted) if is_raw else wanted,
            segment_media=self._manifest is not None or (is_raw and any(wanted)),
            media_pieces=self._request.second_opinion,
            extra=(self._comparison,) if self._comparison is not None else (),
            jobs=self._request.jobs,
        )


def _second_opinion() -> SecondOpinion:
    """What asks for a second opinion, loaded before the pass: a program must not change half way."""
    from verify.second_opinion import ask_second_opinion

    return ask_second_opinion


def _file_search() -> "FileSearch":
    """What finds damaged files, loaded before the pass too."""
    from verify.files.of_verification import search_files

    return search_files


def _forget_cached(image: OpenImage) -> bool:
    """Whether the system forgot what it holds of the files in memory; a finding where it did not."""
    try:
        image.files.forget_cached()
    except SegmentReadError as error:
        name = image.files.names[error.segment_index]
        image.findings.add("cache-kept", f"{error.reason}: it may be read from memory", segment=name)
        return False
    return True
