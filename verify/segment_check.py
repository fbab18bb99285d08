"""One segment file held against one line that records it: a pure function, for a thread or for another machine.

Nothing is decoded and nothing else is looked at: the file's bytes, the line, and what they come to.
"""

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from image.digests import Hasher, new_hasher
from image.finding_list import FindingList, SegmentFindings
from image.findings import Finding
from image.manifest import SegmentRecord
from image.segment_files import OPEN_FLAGS

BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """What is recorded of a segment file: digests by algorithm, in hex; its size where that is recorded too."""

    file: str
    digests: Mapping[str, str]
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class SegmentCheck:
    """What a segment file came to: size and digests as far as the system could read it, and what disagrees."""

    file: str
    size_bytes: int = 0
    digests: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def check_segment(path: Path, record: SegmentRecord) -> SegmentCheck:
    """Hold a segment file against its line in the manifest."""
    return check_file(path, line_of(record))


def line_of(record: SegmentRecord) -> SegmentLine:
    """What the manifest records of a segment file."""
    return SegmentLine(record.file, {"sha256": record.sha256}, record.size_bytes)


def check_file(
    path: Path, line: SegmentLine, passed: Callable[[int], None] = lambda _: None, *, from_medium: bool = False
) -> SegmentCheck:
    """Hold a segment file against what is recorded of it.

    `passed` is told the size of each block that was read, and may raise to end the work. With `from_medium` the
    system is asked to forget the file first.
    """
    findings = FindingList()
    hashers = {name: new_hasher(name) for name in line.digests}
    size = _hash_file(path, hashers, passed, SegmentFindings(findings, line.file), from_medium=from_medium)
    if size is None:
        return SegmentCheck(line.file, findings=findings.as_tuple())
    if line.size_bytes is not None and size != line.size_bytes:
        want, have = str(line.size_bytes), str(size)
        findings.add("segment-size", "size in bytes", segment=line.file, expected=want, found=have)
    digests = {name: hasher.hexdigest() for name, hasher in hashers.items()}
    for name, recorded in line.digests.items():
        if digests[name] != recorded.lower():
            detail = f"{name} of the file is not the recorded one"
            findings.add(
                "segment-digest", detail, segment=line.file, expected=recorded.lower(), found=digests[name]
            )
    return SegmentCheck(line.file, size, digests, findings.as_tuple())


def _hash_file(
    path: Path,
    hashers: Mapping[str, Hasher],
    passed: Callable[[int], None],
    findings: SegmentFindings,
    *,
    from_medium: bool,
) -> int | None:
    """Feed a whole file to the hashers; its size in bytes, or None with a finding where it cannot be read."""
    offset = 0
    try:
        descriptor = os.open(path, OPEN_FLAGS)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                findings.add("segment-unreadable", "not a regular file", 0)
                return None
            _prepare(descriptor, findings, from_medium=from_medium)
            buffer = memoryview(bytearray(BLOCK_BYTES))
            while size := os.preadv(descriptor, [buffer], offset):
                for hasher in hashers.values():
                    hasher.update(buffer[:size])
                offset += size
                passed(size)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        findings.add("segment-missing", f"{path.name} is not there", 0)
        return None
    except OSError as error:
        findings.add("segment-unreadable", error.strerror or "cannot read", offset)
        return None
    return offset


def _prepare(descriptor: int, findings: SegmentFindings, *, from_medium: bool) -> None:
    """Say that the file is read from its start to its end; with `from_medium` forget what memory holds of it."""
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
    if not from_medium:
        return
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError as error:
        reason = error.strerror or "cannot drop the cache"
        findings.add("cache-kept", f"{reason}: it may be read from memory", 0)
