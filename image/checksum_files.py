"""Checksum files as other programs write them: lists of files with their digests, or logs of imaging programs."""

from collections.abc import Iterator
from pathlib import Path

from image.bounded_files import read_bounded
from image.checksum_entries import ChecksumEntry
from image.checksum_lists import list_entries
from image.errors import ImageNotReadError
from image.foreign_text import decode_text, lines_of
from image.imaging_logs import HEAD, log_entries, log_form_of

MAXIMUM_BYTES = 16 * 1024 * 1024


def read_checksum_file(path: Path) -> Iterator[ChecksumEntry]:
    """The digests in this file.

    Raises:
        ImageNotReadError: too large, or the system cannot read it.
    """
    text = decode_text(read_bounded(path, MAXIMUM_BYTES, "checksum file"))
    return parse_checksums(text, path.name)


def parse_checksums(text: str, file_name: str = "") -> Iterator[ChecksumEntry]:
    """The digests in the text of a log, or else of a list; `file_name` is that of the list itself."""
    form = log_form_of(text)
    return list_entries(lines_of(text), file_name) if form is None else log_entries(form, text)


def is_imaging_log(path: Path) -> bool:
    """Whether the file is the log of a known imaging program; of one too large to be read, by its head.

    Raises:
        ImageNotReadError: the system cannot read it.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_BYTES if path.stat().st_size <= MAXIMUM_BYTES else HEAD)
    except OSError as error:
        raise ImageNotReadError(f"cannot read the log ({error.strerror or error})", str(path)) from error
    return log_form_of(decode_text(data)) is not None
