"""The manifest of an image, given by name or found beside it, or the journal that stands in its place."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from image.bounded_files import read_bounded
from image.errors import ImageNotReadError
from image.finding_list import FindingList
from image.manifest import Manifest
from image.manifest_file import MAXIMUM_BYTES, decode_manifest
from image.sidecars import Sidecar, stem_of


@dataclass(frozen=True)
class FoundManifest:
    """A manifest and the SHA-256 of exactly the bytes it was read from."""

    manifest: Manifest
    sha256: str


def load_manifest(image: Path, given: Path | None, findings: FindingList) -> FoundManifest | None:
    """The manifest given by name or found beside the image; None without one.

    Raises:
        ImageNotReadError: the one given by name cannot be read.
    """
    if given is not None:
        return _read(given)
    path = Sidecar.MANIFEST.beside(stem_of(image))
    if os.path.lexists(path):
        try:
            return _read(path)
        except ImageNotReadError as error:
            findings.add("manifest-unreadable", str(error))
            return None
    journal = Sidecar.JOURNAL.beside(stem_of(image))
    if os.path.lexists(journal):
        findings.add("acquisition-incomplete", f"{journal.name} stands beside the image")
    return None


def _read(path: Path) -> FoundManifest:
    """The manifest in a file, with the digest of its bytes."""
    data = read_bounded(path, MAXIMUM_BYTES, "manifest")
    sha256 = hashlib.sha256(data).hexdigest()
    return FoundManifest(decode_manifest(data, str(path)), sha256)
