"""Recording that an image was moved: every segment at its new place is compared before the ledger is told."""

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from casedb.import_intake import ImageRelocated
from image.bounded_files import read_bounded
from image.errors import StoppedError, UsageError
from image.findings import Finding, Severity, finding
from image.manifest import SegmentRecord
from image.manifest_file import MAXIMUM_BYTES
from image.progress import Listener, Progress
from image.sidecars import Sidecar, stem_of
from image.times import Clock
from verify.request import Expectation
from verify.segment_check import check_file, line_of
from verify.verdict import Verdict, decide
from workflow.case_opening import write_case
from workflow.first_segment import require_first_segment
from workflow.source_check import DamagedImageError, DoubtfulImageError
from workflow.verify_exhibit import VerifyOptions, verify_file

if TYPE_CHECKING:
    from casedb.case_store import CaseStore
    from casedb.records import ImportedImage

BY_SEGMENTS, BY_MEDIA = "segment digests", "media digests"
NO_MANIFEST = "the manifest was not moved with it: bring it there too, or `verify` has less to compare with"
PROGRESS_STEP_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class RecordedImage:
    """An image as the ledger holds it, for its move: `path` is the one it is moved from, as the record keeps it."""

    sequence: int
    exhibit: str | None
    path: str
    first_segment: str
    segments: tuple[SegmentRecord, ...]
    manifest_sha256: str | None
    digests: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImageMoved:
    """A move that was recorded: where all images of the acquisition lie now, and what should be known."""

    move: ImageRelocated
    paths: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def relocate_image(
    case_folder: Path,
    exhibit: str,
    image: Path,
    place: Path,
    clock: Clock,
    listener: Listener,
    stop: threading.Event,
) -> ImageMoved:
    """Verify an image of an exhibit at its new place (its first segment there, or the folder) and record the move.

    Raises:
        UsageError: the case does not know the image, or it is another exhibit's.
        SourceError: there is no image at the new place.
        DamagedImageError, DoubtfulImageError: it is not the recorded one, or not all of it could be compared.
        StoppedError: stopped before the end; nothing was recorded.
        CaseError: the case cannot be used.
    """
    with write_case(case_folder, clock) as store:
        recorded = _recorded(store, exhibit, image)
        first = place / recorded.first_segment if place.is_dir() else place
        require_first_segment(first)
        warnings = _compare_manifest(recorded, first)
        if all(item.sha256 for item in recorded.segments):
            verified_by = BY_SEGMENTS
            _compare_segments(recorded, first, listener, stop)
        else:
            verified_by = BY_MEDIA
            _compare_media(recorded, first, clock, listener, stop)
        path, count = str(stem_of(first)), len(recorded.segments)
        move = ImageRelocated(recorded.sequence, recorded.path, path, verified_by, count)
        return ImageMoved(move, store.relocate_image(move), warnings)


def _recorded(store: "CaseStore", exhibit: str, image: Path) -> RecordedImage:
    """The image as the record knows it.

    Raises:
        UsageError: it does not, or as one of another exhibit.
    """
    store.exhibit(exhibit)
    found = _of_acquisition(store, image) or _of_import(store, store.find_import(image), image)
    if found is None:
        do = "See where its images lie: diskwitness exhibit show REF"
        raise UsageError("the case knows no whole image at the old place", str(image), do)
    if found.exhibit != exhibit:
        raise UsageError(f"the image is of exhibit {found.exhibit}", str(image), "Name that exhibit")
    return found


def _of_acquisition(store: "CaseStore", image: Path) -> RecordedImage | None:
    """An image that the case made, or that came with a manifest of ours."""
    known = store.find_acquisition(image)
    if known is None or known.manifest is None:
        return None
    path = _old_path(store, image, known.paths)
    manifest = known.manifest
    first = manifest.segments[0].file
    return RecordedImage(
        known.started_sequence, known.exhibit, path, first, manifest.segments, known.manifest_sha256
    )


def _of_import(store: "CaseStore", known: "ImportedImage | None", image: Path) -> RecordedImage | None:
    """An image that was made elsewhere, without a manifest of ours."""
    if known is None:
        return None
    path = _old_path(store, image, (known.path,))
    digests = known.digests or _proven_digests(store, known)
    return RecordedImage(known.sequence, known.exhibit, path, known.first_segment, known.segments, None, digests)


def _proven_digests(store: "CaseStore", known: "ImportedImage") -> dict[str, str]:
    """The digests of the last verification that an unread image passed."""
    passed = [
        item.result.digests
        for item in store.exhibit_record(known.exhibit).verifications
        if item.acquisition == known.sequence and item.result.verdict is Verdict.PASSED
    ]
    return passed[-1] if passed else {}


def _old_path(store: "CaseStore", image: Path, paths: tuple[str, ...]) -> str:
    """Which of these recorded paths is meant.

    Raises:
        UsageError: none of them: the image was moved before.
    """
    meant = store.recorded_stems(image)
    path = next((item for item in paths if item in meant), None)
    if path is None:
        raise UsageError("the image does not lie there any more", str(image), f"It lies at {', '.join(paths)}")
    return path


def _compare_manifest(recorded: RecordedImage, first: Path) -> tuple[str, ...]:
    """Compare the manifest at the new place with the recorded one; what should be known where there is none.

    Raises:
        DamagedImageError: it is another one.
    """
    if recorded.manifest_sha256 is None:
        return ()
    path = Sidecar.MANIFEST.beside(stem_of(first))
    if not path.exists():
        return (NO_MANIFEST,)
    found = hashlib.sha256(read_bounded(path, MAXIMUM_BYTES, "manifest")).hexdigest()
    if found != recorded.manifest_sha256:
        detail = "the manifest is not the recorded one"
        item = finding("recorded-manifest-differs", detail, expected=recorded.manifest_sha256, found=found)
        _refuse((item,), first)
    return ()


def _compare_segments(recorded: RecordedImage, first: Path, listener: Listener, stop: threading.Event) -> None:
    """Read every segment file at the new place and compare it with its record.

    Raises:
        DamagedImageError, DoubtfulImageError: one differs, is missing or cannot be read.
    """
    progress = _Progress(listener, stop, sum(item.size_bytes for item in recorded.segments))
    findings: list[Finding] = []
    for path, record in _segments_at(recorded, first):
        findings += check_file(path, line_of(record), progress.passed, from_medium=True).findings
    _refuse(findings, first)


def _segments_at(recorded: RecordedImage, first: Path) -> Iterator[tuple[Path, SegmentRecord]]:
    """Every segment by its name at the new place: the set may bear another name, its extensions may not."""
    old_stem, new_stem = Path(recorded.first_segment).stem, first.stem
    there = {name.casefold(): name for name in os.listdir(first.parent)}  # noqa: PTH208  names are all we need
    for record in recorded.segments:
        is_of_set = record.file.startswith(old_stem)
        name = new_stem + record.file.removeprefix(old_stem) if is_of_set else record.file
        beside = first.with_name(there.get(name.casefold(), name))
        elsewhere = Path(record.folder, record.file) if record.folder and not beside.exists() else beside
        yield elsewhere, replace(record, file=elsewhere.name)


class _Progress:
    """How much of the image was read; a stop ends it."""

    def __init__(self, listener: Listener, stop: threading.Event, total_bytes: int) -> None:
        self._listener, self._stop, self._total_bytes = listener, stop, total_bytes
        self._done_bytes = self._told_bytes = 0

    def passed(self, size_bytes: int) -> None:
        """Count bytes that were read.

        Raises:
            StoppedError: a stop was asked for.
        """
        if self._stop.is_set():
            raise StoppedError("the comparison was stopped", do="Nothing was recorded; run it again")
        self._done_bytes += size_bytes
        if self._done_bytes - self._told_bytes >= PROGRESS_STEP_BYTES:
            self._told_bytes = self._done_bytes
            self._listener(Progress("verify", self._done_bytes, max(self._done_bytes, self._total_bytes)))


def _compare_media(
    recorded: RecordedImage, first: Path, clock: Clock, listener: Listener, stop: threading.Event
) -> None:
    """Verify the image at the new place against the digests of its media, where no segment was hashed.

    Raises:
        UsageError: nothing was ever computed of it.
        DamagedImageError, DoubtfulImageError: it does not pass.
    """
    if not recorded.digests:
        do = "Verify it at its old place first: diskwitness verify IMAGE"
        raise UsageError("the image was never read: there is nothing to compare with", recorded.path, do)
    origin = f"ledger entry {recorded.sequence}"
    expected = tuple(Expectation(name, digest, origin) for name, digest in recorded.digests.items())
    options = VerifyOptions(tuple(recorded.digests), expectations=expected, from_medium=True)
    _refuse(verify_file(first, options, clock, listener, stop).findings, first)


def _refuse(findings: Iterable[Finding], first: Path) -> None:
    """Raise where these findings leave any doubt."""
    told = tuple(item for item in findings if item.severity is not Severity.NOTE)
    verdict = decide(told)
    if verdict is Verdict.PASSED:
        return
    detail = f"{told[0].segment or first.name}: {told[0].detail}"
    do = "Nothing was recorded; copy the image again"
    if verdict is Verdict.FAILED:
        what = f"the image at the new place is not the recorded one ({detail})"
        raise DamagedImageError(what, str(first), do, told)
    raise DoubtfulImageError(f"not all of the image could be compared ({detail})", str(first), do, told)
