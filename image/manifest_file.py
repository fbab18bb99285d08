"""The manifest as JSON bytes and back; what does not fit its shape is refused with the place that is wrong."""

from pathlib import Path
from typing import TypeVar

import msgspec

from image.bounded_files import read_bounded
from image.errors import ImageNotReadError
from image.manifest import MANIFEST_KIND, MANIFEST_VERSION, Manifest
from image.range_text import split_ranges
from image.read_record import ReadRecord
from image.sectors import SectorRanges

MAXIMUM_BYTES = 160 * 1024 * 1024
"""Of a manifest, a journal or a map: they hold two million unreadable ranges."""
MAXIMUM_OTHER_BYTES = 16 * 1024 * 1024
"""Of what is left of a record without its unreadable ranges."""

Record = TypeVar("Record")


def encode_record(record: object) -> bytes:
    """A record as indented JSON with a final newline; the same record gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(record, enc_hook=plain_value), indent=2) + b"\n"


def plain_value(value: object) -> object:
    """What JSON knows in the place of a value of ours that msgspec does not know.

    Raises:
        TypeError: a value of a kind that no record holds, which is a bug of ours.
    """
    if isinstance(value, SectorRanges):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def decode_record(
    data: bytes, kind: type[Record], where: str, maximum_other_bytes: int = MAXIMUM_OTHER_BYTES
) -> Record:
    """The record in these bytes, with at most so many beside its unreadable ranges.

    Raises:
        ImageNotReadError: not JSON, not of this shape, or too large but for its ranges; names the place.
    """
    try:
        split = split_ranges(data)
        del data
        if len(split.text) > maximum_other_bytes:
            raise ImageNotReadError(f"too large for a {kind.__name__.lower()}", where)
        record = msgspec.json.decode(split.text, type=kind)
        return record if split.ranges is None else _with_ranges(record, split.ranges)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ImageNotReadError(f"not a usable {kind.__name__.lower()} ({error})", where) from error


def _with_ranges(record: Record, ranges: SectorRanges) -> Record:
    """The record with all its unreadable ranges instead of the one that was left in the text.

    A record whose shape knows of no reading, such as a label, stays as it is.

    Raises:
        ValueError: the list stood elsewhere in the text.
    """
    if not hasattr(record, "read"):
        return record
    read = record.read
    if not isinstance(read, ReadRecord) or read.unreadable != ranges[:1]:
        raise ValueError("a list of ranges in a strange place")
    object.__setattr__(read, "unreadable", ranges)
    return record


def decode_manifest(data: bytes, where: str) -> Manifest:
    """The manifest in these bytes.

    Raises:
        ImageNotReadError: not a manifest, one of a later version, or one that lists a segment twice.
    """
    manifest = decode_record(data, Manifest, where)
    if manifest.kind != MANIFEST_KIND or manifest.version != MANIFEST_VERSION:
        found = f"{manifest.kind} version {manifest.version}"
        raise ImageNotReadError(f"a manifest this version cannot read ({found})", where, "Use a newer diskwitness")
    _require_each_once(manifest, where)
    return manifest


def _require_each_once(manifest: Manifest, where: str) -> None:
    """See that no segment is listed twice: by extension, since a set may be renamed."""
    seen = set()
    for item in manifest.segments:
        extension = item.file.rpartition(".")[2]
        if extension in seen:
            raise ImageNotReadError(f"the manifest lists segment {item.file} twice", where)
        seen.add(extension)


def read_manifest(path: Path) -> Manifest:
    """The manifest in this file.

    Raises:
        ImageNotReadError: not a manifest, too large to be one, or the system cannot read it.
    """
    return decode_manifest(read_bounded(path, MAXIMUM_BYTES, "manifest"), str(path))
