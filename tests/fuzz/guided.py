"""Fuzzes targets with atheris: python -m tests.fuzz.guided [--short] [--seconds N] FOLDER NAME...

The product is loaded here once and nowhere before, since atheris must see it being loaded; then every target runs
in a child of its own, as many at once as there are processors. The files of the inputs are made in the folder. New
inputs go to build/fuzz, and those that end badly.
The short form begins with the kept inputs alone and makes the same inputs each time: fixed seeds, fixed numbers of
inputs. Its limit of time is for a machine that stands still, and is no verdict.
"""

import argparse
import importlib
import io
import os
import re
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

PRODUCT = ["image", "verify", "casedb", "acquire", "workflow"]
FOUND = Path(__file__).resolve().parents[2] / "build" / "fuzz"
LOADED_LATE = ("image.ewf2.reader", "image.ewf2_description", "image.udif.reader", "image.virtual.reader")
"""What the product loads when it meets such an image."""
LIMITS = ("-rss_limit_mb=700", "-print_final_stats=1", "-verbosity=0")
"""The counters of atheris take memory too; the tests hold the kept inputs to 300 MiB without them."""
SECONDS_AN_INPUT, SHORT_SECONDS_AN_INPUT = 20, 120
"""By the clock on the wall, which goes on where a machine is held: the short form must not be ended by that."""
SHORT_SECONDS = 20
TOLD_LINES = 30
KEPT = re.compile(r"Test unit written to (.+)$", re.MULTILINE)
RUNS = re.compile(r"^stat::number_of_executed_units: *(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """A target that is being fuzzed, in the child of this number."""

    target: "Target"
    child: int
    started: float

    @property
    def log(self) -> Path:
        """What the child says."""
        return FOUND / f"{self.target.name}.log"


def main() -> None:
    """Fuzz until the inputs or the time are used up; exit code 1 where a target ended badly."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.guided")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--seconds", type=int, default=SHORT_SECONDS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="+")
    given = parser.parse_args()
    import atheris

    with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=PRODUCT):
        from tests.fuzz.targets import TARGETS

        for name in LOADED_LATE:
            importlib.import_module(name)
    FOUND.mkdir(parents=True, exist_ok=True)
    bad = _fuzz_all([TARGETS[name] for name in given.names], given.folder, given.seconds, short=given.short)
    for run in bad:
        _tell_bad_end(run)
    sys.exit(bool(bad))


def _fuzz_all(targets: Sequence["Target"], place: Path, seconds: int, *, short: bool) -> list[Run]:
    """Fuzz every target; the runs that ended badly."""
    waiting, running, bad = list(targets), dict[int, Run](), list[Run]()
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            run = _begin(waiting.pop(0), place, seconds, short=short)
            running[run.child] = run
        child, status = os.wait()
        run = running.pop(child)
        print(f"{run.target.name}: {_told(run)}, status {os.waitstatus_to_exitcode(status)}", flush=True)
        bad += [run] if status else []
    return bad


def _begin(target: "Target", place: Path, seconds: int, *, short: bool) -> Run:
    """Fuzz a target in a child, which ends as libFuzzer ends it: only then is a bad input kept."""
    run = Run(target, os.fork(), time.monotonic())
    if run.child:
        return run
    log = os.open(run.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    _fuzz(target, place, seconds, short=short)
    raise SystemExit("a target came to no end")


def _fuzz(target: "Target", place: Path, seconds: int, *, short: bool) -> None:
    """Fuzz a target in this process, which ends with it."""
    import atheris

    from tests.fuzz.kept import FOLDER
    from tests.fuzz.targets import work_in

    bad_folder = FOUND / target.name
    new_folder = place / f"new-{target.name}" if short else bad_folder
    work_folder = place / f"work-{target.name}"
    for folder in (bad_folder, new_folder, work_folder):
        folder.mkdir(parents=True, exist_ok=True)
    work_in(work_folder)
    pace = ("-seed=1", f"-runs={target.short_runs}", f"-timeout={SHORT_SECONDS_AN_INPUT}")
    limits = (*LIMITS, *(pace if short else (f"-timeout={SECONDS_AN_INPUT}",)), f"-max_total_time={seconds}")
    places = (f"-artifact_prefix={bad_folder}/ended-badly-", str(new_folder), str(FOLDER / target.name))
    atheris.Setup([sys.argv[0], *limits, f"-max_len={target.maximum_bytes}", *places], target.run)
    atheris.Fuzz()


def _told(run: Run) -> str:
    """How many inputs a target got, and in what time."""
    runs = RUNS.search(run.log.read_text(errors="replace"))
    return f"{runs[1] if runs else 'not all'} inputs in {time.monotonic() - run.started:.1f} s"


def _tell_bad_end(run: Run) -> None:
    """Say which target ended badly, what it said last, and where the input is kept."""
    said = run.log.read_text(errors="replace")
    kept = KEPT.search(said)
    print(f"== ended badly: {run.target.name}", *said.splitlines()[-TOLD_LINES:], sep="\n", file=sys.stderr)
    print(f"== {run.target.name}: input {kept[1] if kept else 'not kept'}, log {run.log}", file=sys.stderr)


if __name__ == "__main__":
    main()
