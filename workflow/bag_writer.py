"""A bag made file by file (BagIt 1.0, RFC 8493): the payload first, the files that list it last."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from casedb.bag_layout import (
    ALGORITHMS,
    DECLARATION,
    DECLARATION_FILE,
    INFO_FILE,
    PAYLOAD,
    encode_info,
    encode_manifest,
    manifest_name,
    payload_oxum,
    require_safe,
    tag_manifest_name,
)
from image.errors import CaseError, DestinationError
from image.write_errors import describe_write_error
from workflow.digesting_copy import CopiedFile, copy_file, digest_file


class BagWriter:
    """A bag under construction in a folder of its own; `files` are those of the payload so far, by their paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: dict[str, CopiedFile] = {}

    @property
    def payload(self) -> Path:
        """The folder of the payload."""
        return self._folder / PAYLOAD

    def copy(self, source: Path, name: str) -> None:
        """Take a file into the payload under this name.

        Raises:
            CaseError: it cannot be read, or its name cannot stand in a bag.
            DestinationError: it cannot be written.
        """
        self.files[_safe(f"{PAYLOAD}/{name}")] = copy_file(source, self.payload / name)

    def take_written(self, name: str) -> None:
        """Take what was written below the payload by others: one file, or all files of a folder.

        Raises:
            CaseError: it cannot be read.
        """
        path = self.payload / name
        for item in sorted(path.rglob("*")) if path.is_dir() else (path,):
            if item.is_file():
                self.files[_safe(item.relative_to(self._folder).as_posix())] = digest_file(item)

    def finish(self, facts: Iterable[tuple[str, str | None]]) -> None:
        """Write the files that list the payload.

        Raises:
            DestinationError: they cannot be written.
        """
        oxum = payload_oxum(item.size_bytes for item in self.files.values())
        digests = {path: item.digests for path, item in self.files.items()}
        texts = {DECLARATION_FILE: DECLARATION, INFO_FILE: encode_info([*facts, ("Payload-Oxum", oxum)])}
        texts |= {manifest_name(name): encode_manifest(digests, name) for name in ALGORITHMS}
        written = {name: _digests_of(text) for name, text in texts.items()}
        texts |= {tag_manifest_name(name): encode_manifest(written, name) for name in ALGORITHMS}
        try:
            for name, text in texts.items():
                _write_synced(self._folder / name, text.encode())
        except OSError as error:
            what = f"the bag cannot be written ({describe_write_error(error)})"
            raise DestinationError(what, str(self._folder)) from error


def _safe(path: str) -> str:
    """A path that can stand in a bag.

    Raises:
        CaseError: it cannot.
    """
    try:
        require_safe(path)
        path.encode("utf-8")
    except ValueError as error:
        raise CaseError(f"a name that cannot stand in a bag ({error})", ascii(path), "Rename the file") from error
    return path


def _digests_of(text: str) -> dict[str, str]:
    """The digests of a tag file."""
    return {name: hashlib.new(name, text.encode()).hexdigest() for name in ALGORITHMS}


def _write_synced(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the medium."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
