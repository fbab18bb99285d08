"""Where images lie in a case folder: names made safe, visibly and without two becoming one."""

import hashlib
import os
from pathlib import Path

IMAGES_FOLDER = "images"
REPORTS_FOLDER = "reports"
CHECKPOINTS_FOLDER = "checkpoints"
MAXIMUM_NAME_BYTES = 120

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_PLAIN_INSIDE = _PLAIN | {"."}


def safe_file_name(reference: str) -> str:
    """An exhibit reference as a file name: letters and digits stay, anything else is spelled `%XX`.

    A name that grows too long for extensions is cut and ends in `~` and the start of the reference's SHA-256.
    """
    characters = [
        _spelled(char, _PLAIN_INSIDE if index else _PLAIN - {"-"}) for index, char in enumerate(reference)
    ]
    name = "".join(characters)
    if len(os.fsencode(name)) <= MAXIMUM_NAME_BYTES:
        return name
    mark = hashlib.sha256(reference.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{_cut(characters)}~{mark}"


def _spelled(char: str, plain: frozenset[str]) -> str:
    """One character as it stands in a file name."""
    if char in plain or (char.isalnum() and not char.isascii()):
        return char
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))


def _cut(characters: list[str]) -> str:
    """As many whole characters as leave room for the mark."""
    name = ""
    for char in characters:
        if len(os.fsencode(name + char)) > MAXIMUM_NAME_BYTES - 13:
            break
        name += char
    return name


def numbered(stem: str, number: int) -> str:
    """The stem of an exhibit's first, second ... image: JB1, JB1-2 ..."""
    return stem if number == 1 else f"{stem}-{number}"


def is_taken(path: Path) -> bool:
    """Whether a file of an image lies at this path without extension."""
    names = (item.name for item in path.parent.iterdir()) if path.parent.is_dir() else ()
    return any(name == path.name or name.startswith(f"{path.name}.") for name in names)


def recorded_path(case_folder: Path, path: Path) -> str:
    """A path as the record keeps it: relative where it lies in the case folder, else absolute."""
    absolute = Path(os.path.realpath(path.parent)) / path.name
    folder = Path(os.path.realpath(case_folder))
    return absolute.relative_to(folder).as_posix() if absolute.is_relative_to(folder) else str(absolute)


def image_stems(path: Path) -> tuple[Path, ...]:
    """The paths without extension that an image file may belong to: itself, and itself less its extension."""
    return tuple(path.with_name(name) for name in dict.fromkeys((path.name, path.stem)))
