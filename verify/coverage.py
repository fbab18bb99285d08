"""What recorded digests leave open: those that fit nothing or contradict each other, and what none speaks of."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from image.finding_list import FindingList
from image.opening import OpenImage
from verify.checksums_beside import ChecksumFile
from verify.promises import Promises, contradictions
from verify.walk import WalkResult

Digests = Mapping[tuple[int, str], str]


def compare_either(image: OpenImage, walk: WalkResult, digests: Digests, promises: Promises) -> None:
    """Compare the digests that do not say what they are of: one must be that of the file, or of the media."""
    index_of = {name: index for index, name in enumerate(image.files.names)}
    for item in promises.either:
        media = walk.digests.get(item.algorithm)
        file = digests.get((index_of[item.file], item.algorithm))
        if media is not None and file is not None and item.hex_digest not in (media, file):
            detail = f"the {item.algorithm} in {item.origin} is neither that of the media nor that of {item.file}"
            image.findings.add("expected-digest", detail, expected=item.hex_digest, found=media)


def tell_contradictions(checksum_files: Iterable[ChecksumFile], findings: FindingList) -> None:
    """Find files of digests that give two of one algorithm for one thing: then neither was compared."""
    for item in checksum_files:
        for thing, algorithm in sorted(contradictions(item)):
            findings.add(
                "checksum-file", f"{item.name} gives two {algorithm} digests of {thing}: none was compared"
            )


def tell_unrelated(checksum_files: Iterable[ChecksumFile], promises: Promises, findings: FindingList) -> None:
    """Find files of digests with nothing about this image; one that a person named leaves the verdict open."""
    used = {item.origin for item in promises.media} | {item.origin for item in (*promises.files, *promises.either)}
    for item in checksum_files:
        if item.name not in used and (item.is_named or item.others or item.entries):
            names = [Path(entry.file_name or "").name for entry in item.entries if entry.file_name]
            told = ", ".join((*item.others, *names)[:2])
            detail = f"{item.name} holds no digest of this image" + (f"; it names {told}" if told else "")
            findings.add("checksum-file" if item.is_named else "checksum-file-unrelated", detail)


def tell_uncovered(image: OpenImage, walk: WalkResult, promises: Promises) -> None:
    """Find the segment files that no digest speaks of, where none is of the media and some are of others."""
    covered = {item.file for item in (*promises.files, *promises.either)}
    if not walk.digests or promises.media or not covered:
        return
    for name in image.files.names:
        if name not in covered:
            image.findings.add("nothing-to-compare", "no digest of this file is recorded or given", segment=name)
