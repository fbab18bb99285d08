"""The bad-sector map of an image: the one of its manifest, or that of a GNU ddrescue beside it or named."""

import os
from collections.abc import Iterator
from pathlib import Path

from image.badmap import BadSectorMap
from image.bounded_files import read_bounded
from image.errors import ImageNotReadError
from image.mapfile import decode_mapfile
from image.opening import OpenImage
from image.sidecars import Sidecar, stem_of
from verify.names_beside import borne_names

MAXIMUM_BYTES = 256 * 1024 * 1024
MAP_SUFFIXES = (".map", ".mapfile", ".ddmap")
LOG_SUFFIX = ".log"
"""What ddrescue called its mapfile before version 1.20; other programs call theirs so too."""
_MARKS = (b"# Mapfile. Created by", b"# Rescue Logfile. Created by")


def load_map(first: Path, image: OpenImage, given: Path | None = None) -> BadSectorMap | None:
    """The bad-sector map given by name or found beside the image; None without one, or with a finding.

    Raises:
        ImageNotReadError: the one given by name cannot be read.
    """
    if not image.sector_size_bytes:
        return None
    if given is not None:
        return _decoded(given, image.sector_size_bytes)
    path = next(_paths_beside(first) if image.is_raw else _own_map(first), None)
    try:
        return _decoded(path, image.sector_size_bytes) if path is not None else None
    except ImageNotReadError as error:
        image.findings.add("map-unreadable", str(error))
        return None


def _decoded(path: Path, sector_size_bytes: int) -> BadSectorMap:
    """The map in a file."""
    data = read_bounded(path, MAXIMUM_BYTES, "bad-sector map")
    return decode_mapfile(data, sector_size_bytes, str(path))


def _own_map(first: Path) -> Iterator[Path]:
    """JB1.map alone: what lies beside an E01 under other names is as likely the map of a raw copy."""
    path = Sidecar.MAP.beside(stem_of(first))
    if os.path.lexists(path) and not path.is_dir():
        yield path


def _paths_beside(image: Path) -> Iterator[Path]:
    """JB1.map, JB1.mapfile, JB1.raw.map and the like; a log only where its first line says what it is."""
    bases = borne_names(image)[::-1]
    for base in bases:
        for suffix in MAP_SUFFIXES:
            path = image.with_name(base + suffix)
            if path.is_file():
                yield path
    for base in bases:
        path = image.with_name(base + LOG_SUFFIX)
        if path.is_file() and _is_mapfile(path):
            yield path


def _is_mapfile(path: Path) -> bool:
    """Whether a file begins as ddrescue begins its mapfiles."""
    try:
        with path.open("rb") as file:
            return file.read(64).startswith(_MARKS)
    except OSError:
        return False
