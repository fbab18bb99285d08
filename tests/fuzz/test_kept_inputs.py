"""Every parser takes every kept input, and changed ones, without a traceback, much memory, or a look elsewhere."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.kept import inputs_of
from tests.fuzz.targets import TARGETS, Target, remove_folder
from tests.fuzz.watch import EscapeError, watched

ROOT = Path(__file__).resolve().parents[2]
MAXIMUM_BYTES = 300 * 2**20
ALL = pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["set", "number", "cut", "twice", "move"]), st.integers(0, 2**16), st.integers(0, 2**64 - 1)
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module", autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    remove_folder()


@ALL
def test_every_kept_input_is_survived_in_little_memory_and_time(target: Target) -> None:
    inputs = [str(path) for path in inputs_of(target)]
    assert inputs, "seeds are made by: python -m tests.fuzz seeds"
    words = [sys.executable, "-m", "tests.fuzz.one_target", target.name, *inputs]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-200:] + run.stderr[-3000:]
    peak_kib, _ = run.stdout.split()[-2:]
    assert int(peak_kib) * 1024 < MAXIMUM_BYTES


@ALL
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_changed_inputs_are_survived(target: Target, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(inputs_of(target))).read_bytes()
    target.run(changed(seed, data.draw(CHANGES)))


def changed(seed: bytes, changes: list[tuple[str, int, int]]) -> bytes:
    """The input with bytes set, numbers put in, and pieces cut out, doubled or moved."""
    text = bytearray(seed)
    for kind, place, number in changes:
        at, size = place % (len(text) + 1), number % 64
        if kind == "set":
            text[at : at + 1] = bytes([number & 0xFF])
        elif kind == "number":
            wide = (1, 2, 4, 8)[number % 4]
            text[at : at + wide] = (number >> 2).to_bytes(8, "little")[:wide]
        elif kind == "cut":
            del text[at : at + size]
        elif kind == "twice":
            text[at:at] = text[at : at + size]
        else:
            piece = text[at : at + size]
            del text[at : at + size]
            at = number % (len(text) + 1)
            text[at:at] = piece
    return bytes(text)


def test_a_look_at_other_files_is_noticed(tmp_path: Path) -> None:
    with watched(tmp_path), pytest.raises(EscapeError):
        Path("/etc/hostname").read_bytes()
    with watched(tmp_path), pytest.raises(EscapeError):
        subprocess.run(["true"], check=False)
    (tmp_path / "away").symlink_to("/etc/hostname")
    with watched(tmp_path), pytest.raises(EscapeError):
        (tmp_path / "away").read_bytes()
    with watched(tmp_path):
        (tmp_path / "JB1.E01").write_bytes(b"")
