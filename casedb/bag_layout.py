"""A bag (BagIt 1.0, RFC 8493): its tag files and manifests as text, and back. Pure; paths are those inside the bag.

The package `bagit` writes version 0.97, does not know that `%` in a path is written `%25` (RFC 8493, section 2.1.3)
and follows links; it is asked for its opinion where it can give one (bag_opinion.py).
"""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

ALGORITHMS = ("sha256", "sha512")
DIGEST_DIGITS = {"sha256": 64, "sha512": 128}
DECLARATION_FILE, INFO_FILE, FETCH_FILE, PAYLOAD = "bagit.txt", "bag-info.txt", "fetch.txt", "data"
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MAXIMUM_PATH_BYTES = 4096
MAXIMUM_NAME_BYTES = 255

Digests: TypeAlias = dict[str, str]
"""Digests of one file: algorithm -> hex."""

_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)")
_ENCODED = re.compile(r"%(25|0[Aa]|0[Dd])")
_ENCODING = {"%": "%25", "\n": "%0A", "\r": "%0D"}
_DECLARED = re.compile(r"BagIt-Version: (\d+)\.(\d+)\nTag-File-Character-Encoding: UTF-8\n?")


def manifest_name(algorithm: str) -> str:
    """The name of the manifest of the payload."""
    return f"manifest-{algorithm}.txt"


def tag_manifest_name(algorithm: str) -> str:
    """The name of the manifest of the tag files."""
    return f"tagmanifest-{algorithm}.txt"


def encode_manifest(files: Mapping[str, Digests], algorithm: str) -> str:
    """The manifest of these files, one line each, in the order of their paths."""
    return "".join(f"{files[path][algorithm]}  {_encoded(path)}\n" for path in sorted(files))


def decode_manifest(text: str, algorithm: str) -> dict[str, str]:
    """The digest of every path in a manifest.

    Raises:
        ValueError: a line that is none, a path that leaves the bag or is named twice.
    """
    found: dict[str, str] = {}
    for line in text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else ():
        match = _LINE.fullmatch(line)
        if match is None or len(match[1]) != DIGEST_DIGITS[algorithm]:
            raise ValueError(f"not a line of a manifest: {line[:80]!r}")
        path = _ENCODED.sub(lambda code: chr(int(code[1], 16)), match[2].removeprefix("./"))
        require_safe(path)
        if path in found:
            raise ValueError(f"{path[:80]!r} is listed twice")
        found[path] = match[1].lower()
    return found


def require_safe(path: str) -> None:
    """See that a path inside a bag stays inside it, on any system.

    Raises:
        ValueError: it does not, or is too long.
    """
    parts = path.split("/")
    is_outside = not all(parts) or {".", ".."} & set(parts) or path.startswith("~") or "\0" in path
    is_elsewhere = "\\" in path or re.match(r"[A-Za-z]:", path) is not None
    longest = max(len(part.encode("utf-8", "surrogatepass")) for part in parts)
    if is_outside or is_elsewhere:
        raise ValueError(f"the path {path[:80]!r} leads out of the bag")
    if longest > MAXIMUM_NAME_BYTES or len(path.encode("utf-8", "surrogatepass")) > MAXIMUM_PATH_BYTES:
        raise ValueError(f"the path {path[:80]!r}... is too long")


def encode_info(facts: Iterable[tuple[str, str | None]]) -> str:
    """The text of bag-info.txt; a fact that nobody stated is left out, line ends in one become spaces."""
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in facts if value)


def payload_oxum(sizes_bytes: Iterable[int]) -> str:
    """The bytes and the number of the files of the payload (RFC 8493, section 2.2.2)."""
    sizes = tuple(sizes_bytes)
    return f"{sum(sizes)}.{len(sizes)}"


def require_readable(declaration: str) -> None:
    """See that a bag is of a version that is read here: 0.97, or 1 with whatever behind it.

    Raises:
        ValueError: it is not, or its tag files are not UTF-8.
    """
    found = _DECLARED.fullmatch(declaration.replace("\r\n", "\n"))
    if found is None or not (int(found[1]) == 1 or (found[1], found[2]) == ("0", "97")):
        raise ValueError("not a bag of BagIt 1.0 in UTF-8")


def _encoded(path: str) -> str:
    """A path as it stands in a manifest."""
    return "".join(_ENCODING.get(char, char) for char in path)
