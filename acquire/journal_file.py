"""A journal on disk, `JB1.manifest.json.partial`: locked for its life, replaced atomically.

While it stands beside an image, nothing takes that image for whole.
"""

import contextlib
import errno
import fcntl
import os
from pathlib import Path

from image.durability import make_read_only, sync_folder
from image.errors import DestinationError
from image.sidecars import Sidecar

NO_UNNAMED_FILES = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.ENOSYS, errno.EINVAL})
"""A file system that makes no file without a name (FAT, FUSE, network mounts) answers so."""

NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOENT, errno.EXDEV})
"""So does one that gives no name to an open file, and a system without /proc."""


class JournalFile:
    """One journal on disk, held by an exclusive lock that dies with the process."""

    def __init__(self, output: Path, descriptor: int) -> None:
        self._path = Sidecar.JOURNAL.beside(output)
        self._final = Sidecar.MANIFEST.beside(output)
        self._descriptor = descriptor

    def replace(self, contents: bytes) -> None:
        """Put these bytes in the journal's place, durable before the old ones are gone.

        Raises:
            OSError: the system could not; the old journal still stands.
        """
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            write_whole(descriptor, contents)
            os.fsync(descriptor)
            fresh.rename(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                os.close(descriptor)
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise
        self.close()
        self._descriptor = descriptor
        sync_folder(self._path.parent)

    def become_manifest(self) -> None:
        """Rename the journal, which now holds the final manifest, to its final name: the image is whole.

        Raises:
            OSError: the system could not.
        """
        make_read_only(self._descriptor)
        self._path.rename(self._final)
        sync_folder(self._final.parent)
        self.close()

    def remove(self) -> None:
        """Remove a journal that nothing was written for yet."""
        self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the lock; the file stays as it is, and what it holds was made durable before."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def create_journal(output: Path, contents: bytes) -> JournalFile:
    """Create the journal of a new image, locked: the first file of every image.

    Where the file system can make a file before it has a name, nobody ever sees the journal without its contents;
    elsewhere it is empty for a moment.

    Raises:
        DestinationError: one is there already, being written or left by a stopped acquisition.
        OSError: the system could not create it; nothing is left.
    """
    path = Sidecar.JOURNAL.beside(output)
    try:
        descriptor = _created_whole(path, contents)
        journal = JournalFile(output, _created_empty(path) if descriptor is None else descriptor)
    except FileExistsError as error:
        raise occupied(path) from error
    try:
        if descriptor is None:
            journal.replace(contents)
        sync_folder(path.parent)
    except OSError:
        journal.remove()
        raise
    return journal


def _created_whole(path: Path, contents: bytes) -> int | None:
    """A locked file that gets this name when its contents are durable; None where the file system cannot do that.

    See open(2), O_TMPFILE, and linkat(2).

    Raises:
        FileExistsError: the name is taken.
        OSError: the system could not; nothing is left.
    """
    try:
        descriptor = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o644)
    except OSError as error:
        if error.errno in NO_UNNAMED_FILES:
            return None
        raise
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        write_whole(descriptor, contents)
        os.fsync(descriptor)
        os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)
    except OSError as error:
        os.close(descriptor)
        if error.errno in NO_LINKS:
            return None
        raise
    return descriptor


def _created_empty(path: Path) -> int:
    """A locked file of this name, empty.

    Raises:
        FileExistsError: the name is taken.
        OSError: the system could not; nothing is left.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        path.unlink(missing_ok=True)
        raise
    return descriptor


def take_journal(output: Path) -> JournalFile | None:
    """The journal that stands at an output, locked; None where there is none.

    Raises:
        DestinationError: another process holds it.
        OSError: the system does not let us have it.
    """
    path = Sidecar.JOURNAL.beside(output)
    while True:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, descriptor):
                return JournalFile(output, descriptor)
        except OSError as error:
            os.close(descriptor)
            if isinstance(error, BlockingIOError):
                raise written_by_another(path) from error
            raise
        # Its writer put a new journal in its place between our two steps.
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the file of this name is the one that was opened."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def written_by_another(path: Path) -> DestinationError:
    """The error for an image that another process is at work on."""
    return DestinationError("another diskwitness is writing this image", str(path), "Wait for it to end")


def write_whole(descriptor: int, contents: bytes) -> None:
    """Write all of the bytes, however the system cuts the writes up.

    Raises:
        OSError: the system could not.
    """
    rest = memoryview(contents)
    while rest:
        written = os.write(descriptor, rest)
        if not written:
            raise OSError(errno.EIO, "a write took nothing")
        rest = rest[written:]


def occupied(path: Path) -> DestinationError:
    """The error for a journal that is there already: of a running acquisition, or of one that stopped.

    Raises:
        OSError: the system does not let us look.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return written_by_another(path)
    finally:
        os.close(descriptor)
    return DestinationError(
        "a stopped acquisition stands there", str(path), "Go on with it by --resume, or choose another --output"
    )
