"""Small images for the tests of verification, made by the acquirer on a disk in memory."""

import random
from dataclasses import dataclass
from pathlib import Path

from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock
from verify.request import SourceToCompare, VerificationRequest
from verify.verdict import VerificationResult
from verify.verification import verify_image

SIDECARS = frozenset({".json", ".sha256", ".map"})


def disk_content(size_bytes: int, seed: int = 7) -> bytes:
    """Random bytes, text and zeros, a third each."""
    third = size_bytes // 3
    noise = random.Random(seed).randbytes(third)
    text = (b"the quick brown fox " * (third // 20 + 1))[:third]
    return (noise + text).ljust(size_bytes, b"\0")


@dataclass(frozen=True)
class Evidence:
    """An image on disk and what it holds."""

    folder: Path
    first: Path
    content: bytes

    @property
    def segments(self) -> list[Path]:
        """Its segment files in order."""
        return sorted(path for path in self.folder.iterdir() if path.suffix not in SIDECARS)

    def verify(self, **options: object) -> VerificationResult:
        """Verify it with these fields of the request."""
        return verify_image(VerificationRequest(self.first, **options), clock=StillClock())  # type: ignore[arg-type]

    def verify_against(self, disk: MemoryDisk, failure: type[Exception]) -> VerificationResult:
        """Verify it beside the disk it was made of."""
        return self.verify(source=SourceToCompare(disk, (failure,)))

    def without_manifest(self) -> "Evidence":
        """The same image as a lab without our tool would get it."""
        for path in self.folder.iterdir():
            if path.suffix in SIDECARS:
                path.unlink()
        return self

    def writable(self) -> "Evidence":
        """The same image, its files no longer read-only."""
        for path in self.folder.iterdir():
            path.chmod(0o644)
        return self


def make_evidence(
    folder: Path, content: bytes, options: Options | None = None, bad: frozenset[int] = frozenset()
) -> Evidence:
    """Acquire this content to an image JB1 in the folder."""
    chosen = options or Options()
    result = acquire_disk(MemoryDisk(content, 512, bad), folder / "JB1", options=chosen)
    assert result.manifest is not None
    return Evidence(folder, folder / result.manifest.segments[0].file, content)
