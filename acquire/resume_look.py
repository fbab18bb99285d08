"""What an interrupted acquisition left at an output, whatever moment it ended at; locked while it is looked at.

The journal is the first file of every image and is replaced only by a whole one, so what stands beside no usable
journal was either never begun or was damaged later.
"""

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from acquire.destination import existing_files, require_writable
from acquire.journal import Journal
from acquire.journal_file import JournalFile, take_journal
from acquire.resume_journal import UnusableJournalError, impossible_values, read_journal
from image.bounded_files import read_bounded
from image.errors import DestinationError
from image.failure_guard import closed_on_failure
from image.manifest import Manifest
from image.manifest_file import MAXIMUM_BYTES, decode_manifest
from image.sidecars import Sidecar

WRITTEN_LAST = (Sidecar.VERIFICATION, Sidecar.LOG)


class Remains(Enum):
    """What there is to go on with."""

    NOTHING = "nothing"
    UNVOUCHED = "files that no journal vouches for"
    BEGUN = "a journal that says how far the image is good"
    UNNAMED = "a whole image whose manifest has not got its name"
    COMPLETE = "a complete image"


@dataclass(frozen=True)
class Look:
    """One output, given without extension, as it was found; `held` is the lock on its journal."""

    output: Path
    remains: Remains
    held: JournalFile | None = None
    journal: Journal | None = None
    manifest: Manifest | None = None
    manifest_bytes: bytes = b""
    detail: str = ""

    def close(self) -> None:
        """Let go of the lock."""
        if self.held is not None:
            self.held.close()


def look_at_output(output: Path) -> Look:
    """What stands at an output; changes nothing.

    Raises:
        DestinationError: another process writes it, the system lets nobody look, or a later version began it.
        ImageNotReadError: a manifest that cannot be read.
    """
    require_writable(output.parent)
    try:
        held = take_journal(output)
    except OSError as error:
        journal = str(Sidecar.JOURNAL.beside(output))
        what = f"the journal cannot be used ({error.strerror or error})"
        raise DestinationError(what, journal, "Go on as the user who began the image") from error
    return _without_journal(output) if held is None else _with_journal(output, held)


def _without_journal(output: Path) -> Look:
    """An output at which no journal stands."""
    path = Sidecar.MANIFEST.beside(output)
    if path.exists():
        return _complete(output, path)
    if existing_files(output):
        return Look(output, Remains.UNVOUCHED, detail="there is no journal")
    return Look(output, Remains.NOTHING)


def _complete(output: Path, path: Path) -> Look:
    """A whole image, whose manifest must be one that an acquisition can have written."""
    contents = read_bounded(path, MAXIMUM_BYTES, "manifest")
    manifest = decode_manifest(contents, str(path))
    if impossible := impossible_values(manifest):
        what = f"the manifest cannot be true (values that cannot be: {', '.join(impossible)})"
        raise DestinationError(what, str(path), "Keep it, and begin another image")
    return Look(output, Remains.COMPLETE, manifest=manifest, manifest_bytes=contents)


def _with_journal(output: Path, held: JournalFile) -> Look:
    """An output whose journal is locked."""
    with closed_on_failure(held):
        _require_alone(output, (Sidecar.MANIFEST,))
        try:
            record, contents = read_journal(Sidecar.JOURNAL.beside(output))
        except UnusableJournalError as error:
            return Look(output, Remains.UNVOUCHED, held, detail=f"its journal cannot be used: {error}")
        if isinstance(record, Journal):
            _require_alone(output, WRITTEN_LAST)
    if isinstance(record, Manifest):
        return Look(output, Remains.UNNAMED, held, manifest=record, manifest_bytes=contents)
    return Look(output, Remains.BEGUN, held, journal=record)


def _require_alone(output: Path, kinds: tuple[Sidecar, ...]) -> None:
    """See that none of these stands there: each is written when the journal is no more, so that one is foreign."""
    for path in (kind.beside(output) for kind in kinds):
        if os.path.lexists(path):
            what = f"a journal stands beside {path.name}, which is written when the image is whole"
            raise DestinationError(what, str(Sidecar.JOURNAL.beside(output)), "Move one of the two away")
