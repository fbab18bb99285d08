"""A finished image whose bad sectors are to be tried again."""

from dataclasses import dataclass
from pathlib import Path

from image.job import EarlierVersion
from image.manifest import Manifest
from image.sidecars import Sidecar, stem_of


@dataclass(frozen=True)
class EarlierImage:
    """The image by its first segment, its manifest, and the SHA-256 of the manifest's bytes."""

    path: Path
    manifest: Manifest
    manifest_sha256: str

    @property
    def version(self) -> EarlierVersion:
        """How a new version of it names it."""
        stem = stem_of(self.path)
        return EarlierVersion(str(self.path.absolute()), Sidecar.MANIFEST.beside(stem).name, self.manifest_sha256)
