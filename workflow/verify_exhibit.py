"""Verifying images: read again for proof, compared with the case's record, and recorded in it."""

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from acquire.source_options import SourceOptions
from image.digests import DEFAULT_ALGORITHMS
from image.errors import CaseError, DiskwitnessError, ImageNotReadError, StoppedError
from image.progress import Listener
from image.scan_watch import ScanWatch, scan_watch
from image.times import Clock
from verify.begun_image import begun_image
from verify.request import (
    FILES_LIMIT_SECONDS,
    NOT_RECORDED,
    Expectation,
    RecordedSegments,
    SourceToCompare,
    VerificationRequest,
)
from verify.verdict import VerificationResult
from workflow.case_opening import read_case, write_case
from workflow.first_segment import require_first_segment
from workflow.recorded_manifest import recorded_findings

if TYPE_CHECKING:
    from casedb.case_store import CaseStore
    from casedb.records import Verification

UNKNOWN_IMAGE = "the case does not know this image"


@dataclass(frozen=True)
class VerifyOptions:
    """How an image is verified; `source` is a drive or file to compare it with, opened as `opening` says.

    `also` are folders that hold segments which are not beside the first one; `checksum_files` and `bad_sector_map`
    are read beside those that are found. With `segments_only` nothing is
    decoded; `jobs` is how many threads decode, or hash segment files. `files` looks for the files that hold
    damaged or unread sectors, so long at most; `hash_files` computes the SHA-256 of every segment file. `recorded`
    is what a case holds of an image made elsewhere.
    """

    algorithms: tuple[str, ...] = DEFAULT_ALGORITHMS
    manifest: Path | None = None
    expectations: tuple[Expectation, ...] = ()
    from_medium: bool = False
    second_opinion: bool = False
    source: str | None = None
    opening: SourceOptions = field(default_factory=SourceOptions)
    also: tuple[Path, ...] = ()
    segments_only: bool = False
    jobs: int | None = None
    checksum_files: tuple[Path, ...] = ()
    bad_sector_map: Path | None = None
    files: bool = False
    files_limit_seconds: float = FILES_LIMIT_SECONDS
    hash_files: bool = False
    recorded: RecordedSegments = NOT_RECORDED


@dataclass(frozen=True)
class ImageVerified:
    """The verification of one image: its result, or the error that stands in its place.

    `recorded` is the ledger's entry; where there is a case and no entry, `not_recorded` says why.
    `case_error` says why the case could not even be read, or what it failed to record.
    """

    path: Path
    result: VerificationResult | None
    error: DiskwitnessError | None = None
    recorded: "Verification | None" = None
    not_recorded: str | None = None
    case_error: CaseError | None = None


def verify_exhibit(
    path: Path,
    options: VerifyOptions,
    case_folder: Path | None,
    clock: Clock,
    listener: Listener,
    stop: threading.Event,
) -> ImageVerified:
    """Verify an image; if the case knows it, compare the manifest with the ledger and record the verification.

    An image that cannot be verified is told as the error it is; a case that cannot be used stops nothing.
    """
    with ExitStack() as stack:
        store, refusal = _usable_case(case_folder, clock, stack)
        try:
            options = _with_recorded(options, path, store)
            result = verify_file(path, options, clock, listener, stop)
        except DiskwitnessError as error:
            return ImageVerified(path, None, error)
        stopped = search_error(result)
        if store is None:
            return ImageVerified(path, result, stopped, case_error=refusal)
        return replace(_compared_and_recorded(path, result, store, refusal), error=stopped)


def _with_recorded(options: VerifyOptions, path: Path, store: "CaseStore | None") -> VerifyOptions:
    """The options with the digests that the ledger holds of an image made elsewhere, and of its files."""
    try:
        imported = store.find_import(path) if store is not None else None
    except CaseError:
        return options
    if imported is None:
        return options
    origin = f"ledger entry {imported.sequence}"
    media = tuple(Expectation(name, digest, origin) for name, digest in imported.digests.items())
    recorded = RecordedSegments(imported.segments, origin)
    return replace(options, expectations=(*options.expectations, *media), recorded=recorded)


def search_error(result: VerificationResult) -> StoppedError | None:
    """What is told beside a whole verification whose search for damaged files was stopped."""
    if result.files is None or not result.files.is_stopped:
        return None
    advice = "The verification is whole; verify --files looks for the files again"
    return StoppedError("the search for damaged files was stopped", result.image_path, advice)


def verify_file(
    path: Path, options: VerifyOptions, clock: Clock, listener: Listener, stop: threading.Event
) -> VerificationResult:
    """Verify one image, given by its first segment, and nothing else.

    Raises:
        SourceError: there is no such file, or the drive to compare with cannot be used.
        ImageNotReadError: an image of a kind that is not read, or its disk has died.
        StoppedError: stopped before the end.
    """
    try:
        return _verified(path, options, clock, listener, stop)
    except OSError as error:
        what = f"the image cannot be looked at ({error.strerror or error})"
        advice = "Look at the disk that holds it, and at its connection"
        raise ImageNotReadError(what, str(error.filename or path), advice) from error


def _verified(
    path: Path, options: VerifyOptions, clock: Clock, listener: Listener, stop: threading.Event
) -> VerificationResult:
    """The verification of one image."""
    begun = begun_image(path, clock)
    if begun is not None:
        return begun
    require_first_segment(path)
    with ExitStack() as stack:
        request = _request(path, options, _opened_source(options, scan_watch(listener, stop), stack))
        if options.segments_only:
            from verify.segments_only import verify_segments

            return verify_segments(request, clock=clock, listener=listener, stop=stop)
        from verify.verification import verify_image

        return verify_image(request, clock=clock, listener=listener, stop=stop)


def _request(path: Path, options: VerifyOptions, source: SourceToCompare | None) -> VerificationRequest:
    """What is asked of the verification of one image."""
    return VerificationRequest(
        image=path,
        algorithms=options.algorithms,
        manifest=options.manifest,
        expectations=options.expectations,
        from_medium=options.from_medium,
        second_opinion=options.second_opinion,
        source=source,
        also=options.also,
        checksum_files=options.checksum_files,
        bad_sector_map=options.bad_sector_map,
        jobs=options.jobs,
        files=options.files,
        files_limit_seconds=options.files_limit_seconds,
        hash_files=options.hash_files,
        recorded=options.recorded,
    )


def _opened_source(options: VerifyOptions, watch: ScanWatch, stack: ExitStack) -> SourceToCompare | None:
    """The drive or file to compare with, open as long as the stack; None where none is given.

    Raises:
        SourceError: it cannot be used.
    """
    if options.source is None:
        return None
    from acquire.media import ReadFailure
    from acquire.source import open_source

    opened = stack.enter_context(open_source(options.source, options.opening.watched(watch)))
    return SourceToCompare(opened.media, (ReadFailure,))


def _usable_case(
    folder: Path | None, clock: Clock, stack: ExitStack
) -> "tuple[CaseStore | None, CaseError | None]":
    """The case, open for writing if it can be, else for reading; and why nothing can be recorded in it."""
    if folder is None:
        return None, None
    try:
        return stack.enter_context(write_case(folder, clock)), None
    except CaseError as error:
        refusal = error
    try:
        return stack.enter_context(read_case(folder)), refusal
    except CaseError:
        return None, refusal


def _compared_and_recorded(
    path: Path, result: VerificationResult, store: "CaseStore", refusal: CaseError | None
) -> ImageVerified:
    """The result with what the ledger says of the manifest, recorded where that is possible."""
    try:
        acquisition = store.find_acquisition(path) or store.find_acquired(result.manifest_sha256, result.case_link)
        if acquisition is None:
            return _recorded_of_import(path, result, store, refusal)
        result = replace(
            result, findings=(*result.findings, *recorded_findings(result.manifest_sha256, acquisition))
        )
        if refusal is not None:
            return ImageVerified(path, result, not_recorded=str(refusal))
        entry = store.record_verification(result, acquisition.exhibit, acquisition.started_sequence)
    except CaseError as error:
        return ImageVerified(path, result, case_error=error)
    return ImageVerified(path, result, recorded=entry)


def _recorded_of_import(
    path: Path, result: VerificationResult, store: "CaseStore", refusal: CaseError | None
) -> ImageVerified:
    """The result, recorded where the image was imported."""
    imported = store.find_import(path)
    if imported is None:
        return ImageVerified(path, result, not_recorded=UNKNOWN_IMAGE)
    if refusal is not None:
        return ImageVerified(path, result, not_recorded=str(refusal))
    return ImageVerified(
        path, result, recorded=store.record_verification(result, imported.exhibit, imported.sequence)
    )
