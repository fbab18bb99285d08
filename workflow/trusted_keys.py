"""Whose signatures under a ledger are believed: this workstation's own, those it knows, those that are named."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from casedb.keys import has_key, workstation_public
from casedb.signed_note import decode_key
from image.bounded_files import read_bounded
from image.errors import CaseError, DiskwitnessError, UsageError
from image.user_folders import configuration_folder

KNOWN_KEYS_FILE = "known-keys"
MAXIMUM_BYTES = 1024 * 1024
_HEX_KEY = re.compile(r"[0-9a-f]{64}")


def trusted_keys(named: Iterable[Path], environment: Mapping[str, str]) -> frozenset[str]:
    """The public halves, in hex, of every key that is believed here; makes no key.

    Raises:
        UsageError: a file that is named, or the list of known keys, holds what is no key.
    """
    keys: set[str] = set()
    for path in (*named, *_known_keys(environment)):
        keys.update(_keys_in(path))
    return frozenset(keys | _own_key(environment))


def remember_key(public: str, remark: str, environment: Mapping[str, str]) -> None:
    """Put a key on the list of those that are believed here.

    Raises:
        CaseError: the list cannot be written.
    """
    path = configuration_folder(environment) / KNOWN_KEYS_FILE
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{public}  # {remark}\n")
    except OSError as error:
        raise CaseError(
            f"the list of known keys cannot be written ({error.strerror or error})", str(path)
        ) from error


def _known_keys(environment: Mapping[str, str]) -> Iterator[Path]:
    """The list of keys that this workstation knows, where there is one."""
    path = configuration_folder(environment) / KNOWN_KEYS_FILE
    if path.exists():
        yield path


def _own_key(environment: Mapping[str, str]) -> set[str]:
    """The workstation's own key, where it has one that can be used."""
    try:
        return {workstation_public(environment).public} if has_key(environment) else set()
    except CaseError:
        return set()


def _keys_in(path: Path) -> Iterator[str]:
    """The keys in a file: one a line, as 64 hex digits or as a note's key; `#` begins a remark.

    Raises:
        UsageError: it cannot be read, or a line is no key.
    """
    try:
        text = read_bounded(path, MAXIMUM_BYTES, "list of keys").decode("utf-8")
        lines = (line.partition("#")[0].strip() for line in text.splitlines())
        for line in filter(None, lines):
            yield line if _HEX_KEY.fullmatch(line) else decode_key(line).public_key.hex()
    except (DiskwitnessError, ValueError) as error:
        advice = "One key a line, as `diskwitness ledger key show` prints it"
        raise UsageError(f"not a list of keys ({error})", str(path), advice) from error
