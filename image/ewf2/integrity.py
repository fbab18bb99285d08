"""The MD5 that a section descriptor stores of the data of its section, padding included.

Specification: "Section descriptor", "Data flags". libewf stores none; where one is stored it is looked at.
"""

import hashlib

from image.ewf.defects import DefectError
from image.segment_files import SegmentFiles

BLOCK_BYTES = 1024 * 1024


def section_md5(files: SegmentFiles, index: int, start_bytes: int, data_bytes: int) -> bytes:
    """The MD5 of the data of a section, read in blocks.

    Raises:
        SegmentReadError: the system could not read it.
    """
    hasher = hashlib.md5(usedforsecurity=False)
    for offset in range(start_bytes, start_bytes + data_bytes, BLOCK_BYTES):
        hasher.update(files.read(index, offset, min(BLOCK_BYTES, start_bytes + data_bytes - offset)))
    return hasher.digest()


def require_hash(stored: bytes, computed: bytes, what: str) -> None:
    """Compare the MD5 of a section with the stored one.

    Raises:
        DefectError: `integrity-hash`: they differ.
    """
    if stored != computed:
        raise DefectError("integrity-hash", f"MD5 of {what}", expected=stored.hex(), found=computed.hex())
