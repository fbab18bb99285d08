"""The manifest as JSON bytes and back; what does not fit its shape is refused with the place that is wrong."""

from pathlib import Path
from typing import TypeVar

import msgspec

from image.bounded_files import read_bounded
from image.errors import ImageNotReadError
from image.manifest import MANIFEST_KIND, MANIFEST_VERSION, Manifest

MAXIMUM_BYTES = 256 * 1024 * 1024

Record = TypeVar("Record")


def encode_record(record: object) -> bytes:
    """A record as indented JSON with a final newline; the same record gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"


def decode_record(data: bytes, kind: type[Record], where: str) -> Record:
    """The record in these bytes.

    Raises:
        ImageNotReadError: not JSON, or not of this shape; names the place.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ImageNotReadError(f"not a usable {kind.__name__.lower()} ({error})", where) from error


def decode_manifest(data: bytes, where: str) -> Manifest:
    """The manifest in these bytes.

    Raises:
        ImageNotReadError: not a manifest, or one of a later version.
    """
    manifest = decode_record(data, Manifest, where)
    if manifest.kind != MANIFEST_KIND or manifest.version != MANIFEST_VERSION:
        found = f"{manifest.kind} version {manifest.version}"
        raise ImageNotReadError(f"a manifest this version cannot read ({found})", where, "Use a newer diskwitness")
    return manifest


def read_manifest(path: Path) -> Manifest:
    """The manifest in this file.

    Raises:
        ImageNotReadError: not a manifest, too large to be one, or the system cannot read it.
    """
    return decode_manifest(read_bounded(path, MAXIMUM_BYTES, "manifest"), str(path))
