"""A bag of a stranger, looked at before anything of it is believed (BagIt 1.0, RFC 8493).

Refused: links, pipes and devices anywhere in it; files to be fetched from elsewhere; paths that lead out of it;
files that no manifest lists and listed ones that are not there; tag files that are too large or not what is listed.
"""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import new as new_hash
from itertools import islice
from pathlib import Path

from casedb.bag_layout import (
    ALGORITHMS,
    DECLARATION_FILE,
    FETCH_FILE,
    PAYLOAD,
    Digests,
    decode_manifest,
    manifest_name,
    require_readable,
    require_safe,
    tag_manifest_name,
)
from image.bounded_files import read_bounded
from image.errors import CaseError, ImageNotReadError

MAXIMUM_TAG_BYTES = 64 * 1024 * 1024
MAXIMUM_FILES = 1_000_000
MAXIMUM_DEPTH = 32


@dataclass(frozen=True)
class FoundBag:
    """A bag whose files are those its manifests list: each path of the payload with its digests, and all bytes."""

    folder: Path
    payload: dict[str, Digests]
    size_bytes: int


def look_at_bag(folder: Path) -> FoundBag:
    """See that a folder is a whole bag; the bytes of the payload are not read yet.

    Raises:
        CaseError: it is none, or not as its manifests say; says where.
    """
    try:
        sizes = dict(islice(_files(folder), MAXIMUM_FILES + 1))
        if len(sizes) > MAXIMUM_FILES:
            raise CaseError(f"a bag of more than {MAXIMUM_FILES} files is not read", str(folder))
        if not folder.is_dir() or DECLARATION_FILE not in sizes:
            raise CaseError(
                "not a bag", str(folder), "Give the folder that holds bagit.txt; unpack an archive first"
            )
        if FETCH_FILE in sizes:
            raise CaseError(
                "the bag is not whole: files are to be fetched from elsewhere", str(folder / FETCH_FILE)
            )
        require_readable(_tag_file(folder, DECLARATION_FILE).decode("utf-8"))
        payload = _listed(folder, sizes, manifest_name)
        _compare(folder, payload, {path for path in sizes if path.startswith(f"{PAYLOAD}/")})
        _check_tag_files(folder, _listed(folder, sizes, tag_manifest_name))
    except (ValueError, ImageNotReadError) as error:
        raise CaseError(f"the bag cannot be used ({error})", str(folder)) from error
    except OSError as error:
        raise CaseError(f"cannot read the bag ({error.strerror or error})", str(folder)) from error
    if not payload:
        raise CaseError("the bag has no manifest of SHA-256 or SHA-512", str(folder))
    return FoundBag(folder, payload, sum(sizes[path] for path in payload))


def _files(folder: Path, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, int]]:
    """Every file below a folder: its path in the bag and its size in bytes.

    Raises:
        ValueError: something that is neither file nor folder, or folders too deep in each other.
    """
    if depth > MAXIMUM_DEPTH:
        raise ValueError(f"folders in folders, more than {MAXIMUM_DEPTH} deep")
    with os.scandir(folder) as items:
        for item in items:
            path, facts = prefix + item.name, item.stat(follow_symlinks=False)
            require_safe(path)
            if stat.S_ISDIR(facts.st_mode):
                yield from _files(Path(item.path), f"{path}/", depth + 1)
            elif stat.S_ISREG(facts.st_mode):
                yield path, facts.st_size
            else:
                raise ValueError(f"{path[:80]!r} is a link or no regular file")


def _listed(folder: Path, sizes: dict[str, int], name_of: Callable[[str], str]) -> dict[str, Digests]:
    """What the manifests of one kind list: paths with their digests."""
    found: dict[str, Digests] = {}
    for algorithm in ALGORITHMS:
        name = name_of(algorithm)
        if name not in sizes:
            continue
        listed = decode_manifest(_tag_file(folder, name).decode("utf-8"), algorithm)
        if found and found.keys() != listed.keys():
            raise ValueError(f"{name} lists other files than the manifest before it")
        for path, digest in listed.items():
            found.setdefault(path, {})[algorithm] = digest
    return found


def _tag_file(folder: Path, name: str) -> bytes:
    """The bytes of a tag file."""
    return read_bounded(folder / name, MAXIMUM_TAG_BYTES, "tag file")


def _compare(folder: Path, listed: dict[str, Digests], there: set[str]) -> None:
    """The payload is exactly what the manifests list.

    Raises:
        CaseError: names the first file that is missing or more.
    """
    for path in sorted(listed.keys() - there):
        raise CaseError("a file of the bag is missing", str(folder / path))
    for path in sorted(there - listed.keys()):
        raise CaseError("a file in the bag that no manifest lists", str(folder / path))


def _check_tag_files(folder: Path, listed: dict[str, Digests]) -> None:
    """Every tag file that is listed is there, with its digests.

    Raises:
        CaseError: names the first that is not.
    """
    for path, digests in listed.items():
        data = _tag_file(folder, path)
        for algorithm, digest in digests.items():
            if new_hash(algorithm, data).hexdigest() != digest:
                raise CaseError(f"a file of the bag is not as listed ({algorithm})", str(folder / path))
