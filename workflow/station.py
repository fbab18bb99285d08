"""The workstation and the program as facts of the record: versions, digests, host, operator."""

import getpass
import hashlib
import os
import platform
import re
import socket
import sqlite3
import ssl
from importlib import metadata
from pathlib import Path

import image
from image.manifest import HostFacts, ToolFacts

PROGRAM = "diskwitness"
PROGRAM_PACKAGES = ("acquire", "casedb", "image", "report", "verify", "workflow")


def tool_facts() -> ToolFacts:
    """Tell this program's version, the SHA-256 over its own files, interpreter and libraries."""
    return ToolFacts(PROGRAM, program_version(), program_sha256(), platform.python_version(), library_versions())


def program_version() -> str:
    """The installed version, or "unknown" where the program runs without being installed."""
    try:
        return metadata.version(PROGRAM)
    except metadata.PackageNotFoundError:
        return "unknown"


def program_sha256() -> str:
    """Digest every source and data file of the program, names included, in the order of their names."""
    digest = hashlib.sha256()
    for name, path in sorted(_program_files()):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _program_files() -> list[tuple[str, Path]]:
    """Name and path of each of the program's files, wherever it is installed."""
    private_root = Path(image.__file__).resolve().parent.parent
    front_root = private_root.parent if private_root.name == "_app" else private_root / PROGRAM
    found = [(f"{PROGRAM}/{inside}", path) for inside, path in _files(front_root) if not inside.startswith("_app/")]
    for name in PROGRAM_PACKAGES:
        found += [(f"{name}/{inside}", path) for inside, path in _files(private_root / name)]
    return found


def _files(folder: Path) -> list[tuple[str, Path]]:
    """The files below a folder but for compiled ones, with their names inside it."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [(path.relative_to(folder).as_posix(), path) for path in paths]


def library_versions() -> dict[str, str]:
    """Versions of the libraries that this program requires, and of SQLite and OpenSSL."""
    found = {"sqlite": sqlite3.sqlite_version, "openssl": ssl.OPENSSL_VERSION}
    for name in _required_libraries():
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return dict(sorted(found.items()))


def _required_libraries() -> list[str]:
    """The distribution names that the installed program requires, extras left out."""
    try:
        lines = metadata.requires(PROGRAM) or []
    except metadata.PackageNotFoundError:
        return []
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if "extra ==" not in line)
    return [found.group() for found in names if found]


def host_facts(clock_state: str | None = None) -> HostFacts:
    """Tell the machine's name, who runs the program, system and kernel."""
    return HostFacts(socket.gethostname(), operator(), _system_name(), platform.release(), clock_state)


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
