"""A verification of the segment files alone: each is hashed and held against its record, nothing is decoded.

It proves that every file is as the manifest, or a checksum file, says; of the media it says nothing.
"""

import threading
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from image.errors import StoppedError
from image.finding_list import FindingList
from image.lanes import map_in_order, worker_pool
from image.manifest import SegmentRecord
from image.progress import Listener, Progress, ignore_progress
from image.sectors import compact_ranges
from image.times import Clock, Instant
from verify.outcome import folder_beside
from verify.recorded_files import RecordedFiles, compare_further, find_recorded
from verify.recorded_form import format_of
from verify.request import VerificationRequest
from verify.segment_check import SegmentCheck, SegmentLine, check_file
from verify.verdict import Method, VerificationResult

PROGRESS_STEP_BYTES = 16 * 1024 * 1024


def verify_segments(
    request: VerificationRequest,
    *,
    clock: Clock,
    listener: Listener = ignore_progress,
    stop: threading.Event | None = None,
) -> VerificationResult:
    """Verify the segment files of an image, as many at once as the request says; the media is not looked at.

    Raises:
        ImageNotReadError: the first segment, or a manifest given by name, cannot be read at all.
        StoppedError: a stop was asked for.
    """
    started, findings = clock.now(), FindingList()
    files = find_recorded(request, findings)
    progress = _Progress(listener, stop or threading.Event(), files.paths)
    work = partial(_check, progress=progress, from_medium=request.from_medium)
    with worker_pool("segments", request.jobs) as pool:
        checks = tuple(map_in_order(work, zip(files.paths, files.lines, strict=True), pool, len(files.paths)))
    for check in checks:
        findings.extend(check.findings)
    compare_further(files, checks, findings)
    return _result(request, files, checks, findings, (started, clock.now()))


class _Progress:
    """What has been read of all files together, told now and then; a stop ends every thread."""

    def __init__(self, listener: Listener, stop: threading.Event, paths: Iterable[Path]) -> None:
        self._listener = listener
        self._stop = stop
        self._total_bytes = sum(path.stat().st_size for path in paths)
        self._done_bytes = self._told_bytes = 0
        self._lock = threading.Lock()

    def passed(self, size_bytes: int) -> None:
        """Count bytes that were read.

        Raises:
            StoppedError: a stop was asked for.
        """
        if self._stop.is_set():
            raise StoppedError("the verification was stopped", do="Run it again: nothing is kept of a part")
        with self._lock:
            self._done_bytes += size_bytes
            if self._done_bytes - self._told_bytes >= PROGRESS_STEP_BYTES or self._done_bytes == self._total_bytes:
                self._told_bytes = self._done_bytes
                self._listener(Progress("verify", self._done_bytes, self._total_bytes))


def _check(item: tuple[Path, SegmentLine], progress: _Progress, *, from_medium: bool) -> SegmentCheck:
    """One file against its line, in a thread of the pool."""
    return check_file(*item, progress.passed, from_medium=from_medium)


def _result(
    request: VerificationRequest,
    files: RecordedFiles,
    checks: tuple[SegmentCheck, ...],
    findings: FindingList,
    times: tuple[Instant, Instant],
) -> VerificationResult:
    """What the checks came to; sizes of the media are as recorded, digests of it are not claimed."""
    manifest = files.manifest
    made = {(check.file, name) for check in checks for name in check.digests}
    origins = [item.origin for item in files.promises if (item.file, item.algorithm) in made]
    all_findings = findings.as_tuple()
    return VerificationResult(
        image_path=str(request.image),
        format=format_of(request.image, manifest).value,
        media_size_bytes=manifest.media.size_bytes if manifest is not None else 0,
        sector_size_bytes=manifest.media.sector_size_bytes if manifest is not None else 0,
        segments=tuple(_record(*pair, request.image) for pair in zip(files.paths, checks, strict=True)),
        digests={},
        stored_digests={},
        bad_sectors=compact_ranges(manifest.read.unreadable if manifest is not None else ()).merged(),
        findings=all_findings,
        started=times[0],
        finished=times[1],
        compared_with=tuple(dict.fromkeys(origins)),
        manifest_sha256=files.found.sha256 if files.found is not None else None,
        case_link=manifest.job.case_link if manifest is not None else None,
        from_medium=request.from_medium and all(item.code != "cache-kept" for item in all_findings),
        method=Method.SEGMENTS,
    )


def _record(path: Path, check: SegmentCheck, first: Path) -> SegmentRecord:
    """A segment as it is here; where its media lies was not looked at."""
    folder = folder_beside(path, first)
    return SegmentRecord(check.file, check.size_bytes, check.digests.get("sha256", ""), 0, 0, "", folder)
