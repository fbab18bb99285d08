"""The rows that acquisitions and verifications come to."""

from collections.abc import Iterable

import msgspec

from casedb.intake import (
    AcquisitionFinished,
    AcquisitionResumed,
    AcquisitionStarted,
    AcquisitionStopped,
    VerificationRecorded,
)
from casedb.records import AcquisitionState, CustodyKind
from casedb.rows import Row, Written, custody_row, moment, row
from image.job import Job
from image.manifest import Manifest, SegmentRecord
from image.sectors import SectorRange
from image.times import Instant


def acquisition_rows(written: Written, facts: AcquisitionStarted) -> Iterable[Row]:
    """An acquisition as it starts."""
    job = facts.job
    yield _acquisition_row(written, job)
    yield from _path_rows(written, written.entry.seq, facts.paths)
    places = ", ".join(facts.paths)
    if job.converted_from is None:
        kind, note = CustodyKind.ACQUIRE, f"read from {job.source.path} into {places}"
    else:
        kind, note = CustodyKind.COPY, f"converted from {job.converted_from.path} into {places}"
    yield from _handling_rows(written, kind, job.started, note)


def _acquisition_row(written: Written, job: Job) -> Row:
    """What was read, when, into which format."""
    source = job.source
    return row(
        "acquisitions",
        sequence=written.entry.seq,
        exhibit=written.entry.exhibit,
        source_path=source.path,
        source_model=source.model,
        source_serial=source.serial,
        source_size_bytes=source.size_bytes,
        format=job.parameters.format,
        **moment("started", job.started),
    )


def _path_rows(written: Written, acquisition: int, paths: Iterable[str]) -> Iterable[Row]:
    """Where the outputs of an acquisition lie."""
    for position, path in enumerate(paths):
        yield row(
            "acquisition_paths", sequence=written.entry.seq, position=position, acquisition=acquisition, path=path
        )


def finish_rows(written: Written, facts: AcquisitionFinished) -> Iterable[Row]:
    """An acquisition at its end, with what its image holds."""
    yield from _whole_rows(written, facts.started_sequence, facts.manifest, facts.manifest_sha256, facts.paths)


def imported_rows(written: Written, manifest: Manifest, manifest_sha256: str | None, path: str) -> Iterable[Row]:
    """An acquisition of ours that was made without this case: it begins and ends with the entry of its import."""
    job = manifest.job
    yield _acquisition_row(written, job)
    yield from _whole_rows(written, written.entry.seq, manifest, manifest_sha256, (path,))
    if job.converted_from is None:
        note = f"read from {job.source.path} without this case; the image {path} was imported"
        yield from _handling_rows(written, CustodyKind.ACQUIRE, job.started, note)


def _whole_rows(
    written: Written, acquisition: int, manifest: Manifest, manifest_sha256: str | None, paths: tuple[str, ...]
) -> Iterable[Row]:
    """The end of an acquisition, and what its image holds."""
    sequence = written.entry.seq
    yield row(
        "acquisition_ends",
        sequence=sequence,
        acquisition=acquisition,
        state=AcquisitionState.COMPLETE.value,
        manifest_sha256=manifest_sha256,
        media_size_bytes=manifest.media.size_bytes,
        sector_size_bytes=manifest.media.sector_size_bytes,
        reason=None,
        **moment("ended", manifest.finished),
    )
    yield from _path_rows(written, acquisition, paths)
    yield from segment_rows(sequence, manifest.segments, manifest.media.digests)
    yield from _unreadable_rows(sequence, manifest.read.unreadable)


def segment_rows(sequence: int, segments: Iterable[SegmentRecord], digests: dict[str, str]) -> Iterable[Row]:
    """The segment files of an image, and the digests of its whole stream."""
    yield from _digest_rows(sequence, digests)
    for position, segment in enumerate(segments):
        columns = {name: value for name, value in msgspec.to_builtins(segment).items() if name != "folder"}
        yield row("segments", sequence=sequence, position=position, **columns)


def stop_rows(written: Written, facts: AcquisitionStopped) -> Iterable[Row]:
    """An acquisition that ended before its end."""
    yield row(
        "acquisition_ends",
        sequence=written.entry.seq,
        acquisition=facts.started_sequence,
        state=AcquisitionState.STOPPED.value,
        manifest_sha256=None,
        media_size_bytes=None,
        sector_size_bytes=None,
        reason=facts.reason,
        **moment("ended", written.entry.at),
    )


def resume_rows(written: Written, facts: AcquisitionResumed) -> Iterable[Row]:
    """An acquisition that goes on. Its paths, told again, say that an end before them was not its last."""
    yield from _path_rows(written, facts.started_sequence, facts.paths)
    places = ", ".join(facts.paths)
    note = f"resumed at sector {facts.next_sector}: read from {facts.source_path} into {places} ({facts.detail})"
    yield from _handling_rows(written, CustodyKind.ACQUIRE, facts.at, note)


def _digest_rows(sequence: int, digests: dict[str, str]) -> Iterable[Row]:
    """The digests of a whole stream."""
    for algorithm, digest in digests.items():
        yield row("digests", sequence=sequence, algorithm=algorithm, digest=digest)


def _unreadable_rows(sequence: int, ranges: Iterable[SectorRange]) -> Iterable[Row]:
    """The sectors that could not be read."""
    for position, sectors in enumerate(ranges):
        yield row(
            "unreadable_ranges",
            sequence=sequence,
            position=position,
            first_sector=sectors.first_sector,
            sector_count=sectors.sector_count,
        )


def verification_rows(written: Written, facts: VerificationRecorded) -> Iterable[Row]:
    """A verification, with the digests that it computed."""
    result, sequence = facts.result, written.entry.seq
    yield row(
        "verifications",
        sequence=sequence,
        exhibit=written.entry.exhibit,
        acquisition=facts.acquisition,
        verdict=facts.verdict,
        image_path=result.image_path,
        format=result.format,
        media_size_bytes=result.media_size_bytes,
        finding_count=len(result.findings),
        **moment("started", result.started),
        **moment("finished", result.finished),
    )
    yield from _digest_rows(sequence, result.digests)
    note = f"{facts.verdict}: {result.image_path}"
    yield from _handling_rows(written, CustodyKind.VERIFY, result.finished, note)


def _handling_rows(written: Written, kind: CustodyKind, at: Instant, note: str) -> Iterable[Row]:
    """An acquisition or verification as an event in the custody of its exhibit, where it has one."""
    if written.entry.exhibit is not None:
        yield custody_row(written, at, {"exhibit": written.entry.exhibit, "kind": kind.value, "note": note})
