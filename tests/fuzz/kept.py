"""The inputs that are kept for each target: seeds (`python -m tests.fuzz seeds`), and what runs have found."""

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from tests.fuzz.targets import Target

FOLDER = Path(__file__).with_name("corpus")
PRODUCT = tuple(
    f"{Path(__file__).resolve().parents[2] / name}/" for name in ("image", "verify", "casedb", "workflow")
)
BY_HAND = "by-hand-"
Line = tuple[str, int]


def inputs_of(target: Target) -> list[Path]:
    """The kept inputs of a target, in order."""
    folder = FOLDER / target.name
    return sorted(folder.iterdir()) if folder.is_dir() else []


def keep(target: Target, inputs: Iterable[bytes]) -> None:
    """Keep these inputs, each under the beginning of its SHA-256."""
    folder = FOLDER / target.name
    folder.mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def minimise(target: Target) -> tuple[int, int]:
    """Drop every input that reaches no line of the product that a shorter one does not; how many were and are.

    What was put there by hand, since it once ended badly, stays.
    """
    kept: list[bytes] = []
    seen: set[Line] = set()
    loose = [path for path in inputs_of(target) if not path.name.startswith(BY_HAND)]
    paths = sorted(loose, key=lambda path: path.stat().st_size)
    for path in paths:
        data = path.read_bytes()
        lines = lines_reached(target, data)
        if not lines <= seen:
            seen |= lines
            kept.append(data)
        path.unlink()
    keep(target, kept)
    return len(paths), len(kept)


def lines_reached(target: Target, data: bytes) -> set[Line]:
    """The lines of the product that an input reaches."""
    lines: set[Line] = set()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(PRODUCT):
            return None
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    sys.settrace(trace)
    try:
        target.run(data)
    finally:
        sys.settrace(None)
    return lines
