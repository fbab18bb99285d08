"""`make fuzz`: gives every parser changed inputs until the time is up.

    python -m tests.fuzz [fuzz | keep | minimise | seeds] [TARGET...] [--seconds N | --short]

Needs atheris, which there is for some Pythons only (requirements-fuzz.lock); the kept inputs run without it, in the
tests. `keep` takes what runs have found into the corpus, `minimise` leaves what reaches code that others do not.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.kept import keep, minimise
from tests.fuzz.targets import TARGETS, Target, memory_folder, remove_folder

FOUND = Path(__file__).resolve().parents[2] / "build" / "fuzz"


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the parsers.")
    parser.add_argument("what", nargs="?", choices=("fuzz", "keep", "minimise", "seeds"), default="fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"one of {', '.join(TARGETS)}; default: all")
    parser.add_argument("--seconds", type=int, default=300, help="for each target")
    parser.add_argument("--short", action="store_true", help="a fixed number of inputs, the same each time")
    parser.add_argument("--where-possible", action="store_true", help="do without where there is no atheris")
    given = parser.parse_args()
    targets = [TARGETS[name] for name in given.targets or TARGETS]
    if given.what == "seeds":
        from tests.fuzz.seeds import make_seeds

        make_seeds()
    elif given.what == "fuzz":
        _require_atheris(where_possible=given.where_possible)
        pace = ("--short",) if given.short else ("--seconds", str(given.seconds))
        sys.exit(_fuzz([target.name for target in targets], pace))
    else:
        for target in targets:
            _keep_found(target)
            print(target.name, "{} inputs, {} of them kept".format(*minimise(target)), flush=True)
    remove_folder()


def _require_atheris(*, where_possible: bool) -> None:
    """End here where atheris is absent: as a failure, but with `where_possible` only with a word about it."""
    if importlib.util.find_spec("atheris") is None:
        told = "atheris is not installed (requirements-fuzz.lock); for some Pythons there is none"
        print(told, file=sys.stderr)
        sys.exit(not where_possible)


def _fuzz(names: Sequence[str], pace: Sequence[str]) -> int:
    """Fuzz the targets in a process of their own, in which the order of sets is fixed; its exit code."""
    with tempfile.TemporaryDirectory(prefix="diskwitness-fuzz-", dir=memory_folder()) as folder:
        words = (sys.executable, "-m", "tests.fuzz.guided", *pace, folder, *names)
        return subprocess.run(words, env=os.environ | {"PYTHONHASHSEED": "0"}, check=False).returncode


def _keep_found(target: Target) -> None:
    """Take what runs have found into the corpus; what ended badly is kept by hand, when it is mended."""
    folder = FOUND / target.name
    found = (
        [path for path in folder.glob("*") if not path.name.startswith("ended-badly-")] if folder.is_dir() else []
    )
    keep(target, [path.read_bytes() for path in found])


if __name__ == "__main__":
    main()
