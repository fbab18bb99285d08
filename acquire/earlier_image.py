"""A finished image whose bad sectors are to be tried again."""

from dataclasses import dataclass
from pathlib import Path

from image.manifest import Manifest


@dataclass(frozen=True)
class EarlierImage:
    """The image by its first segment, its manifest, and the SHA-256 of the manifest's bytes."""

    path: Path
    manifest: Manifest
    manifest_sha256: str
