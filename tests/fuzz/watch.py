"""What a parser opens, starts or connects to while it works on one input: nothing but the input's own folder."""

import importlib.machinery
import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
CODE = tuple(
    str(Path(path).resolve()) for path in (ROOT, sys.base_prefix, sys.prefix, sysconfig.get_path("stdlib"))
)
CODE_SUFFIXES = (*importlib.machinery.all_suffixes(), ".toml")
"""Modules are loaded when they are needed, and the catalogue of findings is read once."""
SYSTEM = ("/proc/self/", "/sys/devices/system/cpu", "/dev/null")
FORBIDDEN = frozenset({"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "socket.connect"})
FORBIDDEN_CHANGES = frozenset(
    {"os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown"}
)


class EscapeError(AssertionError):
    """A parser reached for something that is not its input."""


class _Watch:
    """The folder that may be looked at now; None while nobody watches."""

    folder: str | None = None


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse what no parser may do; an audit hook cannot be taken away again."""
    if _Watch.folder is None:
        return
    if event in FORBIDDEN or event in FORBIDDEN_CHANGES:
        raise EscapeError(f"{event} {arguments!r}")
    if event == "open" and not _is_allowed(arguments[0]):
        raise EscapeError(f"{event} of {arguments[0]!r}")


def _is_allowed(place: object) -> bool:
    """Whether a parser may open this: its input's folder, code, and what the system says of this process."""
    if place is None or isinstance(place, int):
        return True
    text = os.fsdecode(place) if isinstance(place, str | bytes | os.PathLike) else repr(place)
    path, system = os.path.realpath(text), (*SYSTEM, f"/proc/{os.getpid()}/")
    if path == _Watch.folder or path.startswith(f"{_Watch.folder}/") or text.startswith(system):
        return True
    return path.startswith(CODE) and (path.endswith(CODE_SUFFIXES) or Path(path).is_dir())


sys.addaudithook(_hook)


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """Let nothing be opened but what stands in this folder.

    Raises:
        EscapeError: in the watched code, where it opens, starts or connects to anything else.
    """
    _Watch.folder = os.path.realpath(folder)
    try:
        yield
    finally:
        _Watch.folder = None
