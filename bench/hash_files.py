"""What hashlib reaches: SHA-256 of every segment of an E01, a thread for each core: hash_files.py STEM."""

import hashlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BLOCK_BYTES = 1024 * 1024


def main() -> None:
    """Hash them all."""
    stem = Path(sys.argv[1])
    paths = sorted(stem.parent.glob(f"{stem.name}.E*"))
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for path, digest in zip(paths, pool.map(digest_of, paths), strict=True):
            print(digest, path)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    hasher, buffer = hashlib.sha256(), memoryview(bytearray(BLOCK_BYTES))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            hasher.update(buffer[:size])
    return hasher.hexdigest()


if __name__ == "__main__":
    main()
