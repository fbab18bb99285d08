"""The attached files in the case folder, each against the SHA-256 that the ledger holds of it."""

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from casedb.attachments import ATTACHMENTS_FOLDER
from casedb.records import Attachment

BLOCK_BYTES = 1024 * 1024
_OPEN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class FileState(Enum):
    """What became of an attached file; one that is not there, or cannot be read, was not checked."""

    PRESENT = "present"
    MISSING = "not checked: missing"
    UNREADABLE = "not checked: not readable"
    DIFFERS = "differs"


@dataclass(frozen=True)
class CheckedAttachment:
    """One attachment, and whether its file is what was recorded."""

    attachment: Attachment
    state: FileState
    found_sha256: str | None = None


def check_attachments(case_folder: Path, attachments: Iterable[Attachment]) -> tuple[CheckedAttachment, ...]:
    """Compare each attached file with its record; nothing outside the folder of attachments is opened."""
    return tuple(_checked(case_folder, item) for item in attachments)


def _checked(case_folder: Path, attachment: Attachment) -> CheckedAttachment:
    """One attachment against its file."""
    path = case_folder / ATTACHMENTS_FOLDER / Path(attachment.file).name
    try:
        found = _digest_of(path)
    except (FileNotFoundError, NotADirectoryError):
        return CheckedAttachment(attachment, FileState.MISSING)
    except OSError:
        return CheckedAttachment(attachment, FileState.UNREADABLE)
    state = FileState.PRESENT if found == attachment.sha256 else FileState.DIFFERS
    return CheckedAttachment(attachment, state, found)


def _digest_of(path: Path) -> str:
    """The SHA-256 of a regular file.

    Raises:
        OSError: the system cannot read it, or it is no regular file.
    """
    descriptor = os.open(path, _OPEN_FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        digest = hashlib.sha256()
        while block := os.read(descriptor, BLOCK_BYTES):
            digest.update(block)
        return digest.hexdigest()
    finally:
        os.close(descriptor)
