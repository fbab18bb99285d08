"""The workstation and the program as facts of the record: versions, digests, host, operator."""

import getpass
import hashlib
import os
import platform
import re
import sys
from functools import cache
from pathlib import Path

import image
from image.job import HostFacts, ToolFacts

PROGRAM = "diskwitness"
PROGRAM_PACKAGES = ("acquire", "casedb", "image", "report", "verify", "workflow")

_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
_REQUIREMENT = re.compile(r"^Requires-Dist: *([A-Za-z0-9._-]+)(?!.*extra ==)", re.MULTILINE)
"""Lines of a METADATA file (PyPA, Core metadata specifications)."""


def tool_facts() -> ToolFacts:
    """Tell this program's version, the SHA-256 over its own files, interpreter and libraries."""
    return ToolFacts(PROGRAM, program_version(), program_sha256(), platform.python_version(), library_versions())


def program_version() -> str:
    """The installed version, or "unknown" where the program runs without being installed."""
    found = _VERSION.search(_metadata_of(PROGRAM))
    return found.group(1) if found else "unknown"


@cache
def program_sha256() -> str:
    """Digest every source and data file of the program, names included, in the order of their names."""
    digest = hashlib.sha256()
    for name, path in sorted(_program_files()):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # half the time of Path for hundreds of files
            content = file.read()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _program_files() -> list[tuple[str, str]]:
    """Name and path of each of the program's files, wherever it is installed."""
    private_root = Path(image.__file__).resolve().parent.parent
    front_root = private_root.parent if private_root.name == "_app" else private_root / PROGRAM
    found = [(f"{PROGRAM}/{inside}", path) for inside, path in _files(front_root) if not inside.startswith("_app/")]
    for name in PROGRAM_PACKAGES:
        found += [(f"{name}/{inside}", path) for inside, path in _files(private_root / name)]
    return found


def _files(top: Path) -> list[tuple[str, str]]:
    """The files below a folder but for compiled ones: their names inside it, and their paths."""
    start, found = len(str(top)) + 1, []
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [(f"{folder}/{name}"[start:], f"{folder}/{name}") for name in names]
    return found


def library_versions() -> dict[str, str]:
    """Versions of the libraries that this program requires, and of SQLite and OpenSSL."""
    import sqlite3
    import ssl

    found = {"sqlite": sqlite3.sqlite_version, "openssl": ssl.OPENSSL_VERSION}
    for name in _REQUIREMENT.findall(_metadata_of(PROGRAM)):
        version = _VERSION.search(_metadata_of(name))
        found |= {name: version.group(1)} if version else {}
    return dict(sorted(found.items()))


@cache
def _metadata_of(distribution: str) -> str:
    """The METADATA file of an installed distribution, its description left out; empty where it is not installed."""
    folder = _installed().get(_normal(distribution))
    try:
        text = Path(folder, "METADATA").read_text(encoding="utf-8", errors="replace") if folder else ""
    except OSError:
        return ""
    return text.partition("\n\n")[0]


@cache
def _installed() -> dict[str, str]:
    """The folder of every installed distribution by its normal name; the first on the path counts.

    importlib.metadata finds the same, and loads the parser of electronic mail to do so.
    """
    found: dict[str, str] = {}
    for place in sys.path:
        names = os.listdir(place) if place and Path(place).is_dir() else ()  # noqa: PTH208  # names are all we need
        for name in names:
            if name.endswith(".dist-info"):
                found.setdefault(_normal(name.partition("-")[0]), f"{place}/{name}")
    return found


def _normal(distribution: str) -> str:
    """A distribution's name as names are compared (PyPA, Names and normalization)."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def host_facts(clock_state: str | None = None) -> HostFacts:
    """Tell the machine's name, who runs the program, system and kernel."""
    return HostFacts(os.uname().nodename, operator(), _system_name(), platform.release(), clock_state)


def operator() -> str:
    """The account that runs the program; behind sudo also the account that called it."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        account = f"uid {os.getuid()}"
    caller = os.environ.get("SUDO_USER")
    return f"{account} (sudo by {caller})" if caller and caller != account else account


def _system_name() -> str:
    """The operating system as it calls itself."""
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        return platform.system()
