"""Which segment files an image has, and what is recorded of each, by the manifest or by checksum files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from image.finding_list import FindingList
from image.manifest import Manifest
from image.segment_sets import find_segments
from verify.checksums_beside import listed_segments, load_checksum_files
from verify.comparisons import LASTING
from verify.manifest_beside import FoundManifest, load_manifest
from verify.promises import FilePromise, gather_file_promises, renamed_segments
from verify.request import VerificationRequest
from verify.segment_check import SegmentCheck, SegmentLine


@dataclass(frozen=True)
class RecordedFiles:
    """The segment files that are there, in order, with a line of what is recorded of each, and every promise."""

    found: FoundManifest | None
    paths: tuple[Path, ...]
    lines: tuple[SegmentLine, ...]
    promises: tuple[FilePromise, ...]

    @property
    def manifest(self) -> Manifest | None:
        """The manifest, where there is one."""
        return self.found.manifest if self.found is not None else None


def find_recorded(request: VerificationRequest, findings: FindingList) -> RecordedFiles:
    """Find the segment files and their records; what is missing, or recorded nowhere, becomes a finding.

    Raises:
        ImageNotReadError: the first segment, or a manifest given by name, cannot be read at all.
    """
    found = load_manifest(request.image, request.manifest, findings)
    manifest = found.manifest if found is not None else None
    checksum_files = load_checksum_files(request.image, findings, request.checksum_files)
    known = manifest.segments if manifest is not None else request.recorded.segments
    expected = tuple(item.file for item in renamed_segments(known, request.image.name))
    expected = expected or listed_segments(request.image.name, checksum_files)
    folders = (*request.also, *(manifest.other_folders if manifest is not None else ()))
    paths = find_segments(request.image, expected, findings, folders).paths
    names = tuple(path.name for path in paths)
    recorded = renamed_segments(known, names[0], names)
    promises = gather_file_promises(
        names, recorded if manifest is not None else (), checksum_files, request.recorded
    )
    lines = _lines(paths, promises, {item.file: item.size_bytes for item in recorded})
    if manifest is not None:
        _tell_lasting(manifest, findings)
    _tell_unrecorded(lines, "the manifest" if manifest is not None else request.recorded.origin, findings)
    return RecordedFiles(found, paths, lines, promises)


def _lines(
    paths: Sequence[Path], promises: Iterable[FilePromise], sizes_bytes: dict[str, int]
) -> tuple[SegmentLine, ...]:
    """What is recorded of each file: of every algorithm the first promise, and its size."""
    digests: dict[str, dict[str, str]] = {path.name: {} for path in paths}
    for item in promises:
        if item.file in digests:
            digests[item.file].setdefault(item.algorithm, item.hex_digest)
    return tuple(SegmentLine(name, values, sizes_bytes.get(name)) for name, values in digests.items())


def _tell_lasting(manifest: Manifest, findings: FindingList) -> None:
    """Repeat what leaves the verdict open for good."""
    for item in manifest.findings:
        if item.code in LASTING:
            findings.extend((item,))


def _tell_unrecorded(lines: Iterable[SegmentLine], record: str, findings: FindingList) -> None:
    """Name the files of which nothing is recorded; `record` is what lists every segment, or empty."""
    for line in lines:
        if record and line.size_bytes is None:
            findings.add("segment-unlisted", f"{record} does not list it", segment=line.file)
        elif not line.digests:
            findings.add("segment-unchecked", "no digest of this file is recorded", segment=line.file)


def compare_further(files: RecordedFiles, checks: Iterable[SegmentCheck], findings: FindingList) -> None:
    """Compare the promises that are not the first of their kind: a checksum file may contradict the manifest."""
    by_name = {check.file: check for check in checks}
    first = {line.file: line for line in files.lines}
    for item in files.promises:
        computed = by_name[item.file].digests.get(item.algorithm) if item.file in by_name else None
        if (
            computed not in (None, item.hex_digest.lower())
            and first[item.file].digests[item.algorithm] != item.hex_digest
        ):
            detail = f"{item.algorithm} of the file is not that of {item.origin}"
            findings.add("segment-digest", detail, segment=item.file, expected=item.hex_digest, found=computed)
