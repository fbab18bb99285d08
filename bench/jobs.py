"""The main table: every program at every task, on the same source."""

import shlex
import shutil
from pathlib import Path

from bench.measure import ProgramFailedError, Usage, run_program
from bench.programs import OUR_NAME, PROGRAMS, SPLIT_STEM, Program, Task, version_of
from bench.reserve import Reserve
from bench.results import Row

IMAGE_STEM = "image"
WRITES = (Task.ACQUIRE_E01, Task.ACQUIRE_RAW, Task.CONVERT_E01, Task.CONVERT_RAW)


def measure_jobs(source: Path, folder: Path, runs: int, only: str = "") -> tuple[Row, ...]:
    """Every installed program whose task holds `only` in its name; all verify the image that we acquired.

    The fastest run of each counts. They run in rounds, so that a host that slows down slows all of them.
    """
    image = folder / "kept" / f"{IMAGE_STEM}.E01"
    _acquire_once(source, image)
    programs = [program for program in PROGRAMS if only in program.task.value and program.is_installed()]
    tried: dict[Program, list[Usage | str]] = {program: [] for program in programs}
    for _ in range(runs):
        for program in programs:
            tried[program].append(_try(program, source, folder, image))
    return tuple(_row(program, outcomes) for program, outcomes in tried.items())


def _acquire_once(source: Path, image: Path) -> None:
    """Make the image that is verified, and the same in segments; where it fails, the verifications say so."""
    image.parent.mkdir()
    ours = next(p for p in PROGRAMS if p.name == OUR_NAME and p.task is Task.ACQUIRE_E01)
    split = ours.command_line(source, image.with_name(SPLIT_STEM), image)
    try:
        run_program(ours.command_line(source, image.with_suffix(""), image), image.parent)
        run_program((*split, "--segment-size", "128MiB"), image.parent)
    except ProgramFailedError as error:
        print(f"no image to verify: {error}", flush=True)


def _row(program: Program, outcomes: list[Usage | str]) -> Row:
    """One row of the table: what a program's runs cost, or why one failed."""
    command = shlex.join(program.command_line(Path("SOURCE"), Path("OUTPUT"), Path("IMAGE.E01")))
    facts = (program.task.value, program.name, version_of(program), program.digests, command)
    failure = next((item for item in outcomes if isinstance(item, str)), None)
    usages = [item for item in outcomes if isinstance(item, Usage)]
    return Row(*facts, usage=None if failure else fastest(usages), failure=failure)


def _try(program: Program, source: Path, folder: Path, image: Path) -> Usage | str:
    """What one run cost, or the reason why it failed."""
    try:
        return _run(program, source, folder, image)
    except ProgramFailedError as error:
        return str(error)


def _run(program: Program, source: Path, folder: Path, image: Path) -> Usage:
    """One run in a folder that is gone afterwards."""
    scratch = folder / "run"
    scratch.mkdir()
    reserved_bytes = source.stat().st_size if program.task in WRITES else 0
    try:
        with Reserve(folder, scratch, reserved_bytes):
            return run_program(program.command_line(source, scratch / IMAGE_STEM, image), scratch)
    finally:
        shutil.rmtree(scratch)


def fastest(usages: list[Usage]) -> Usage:
    """The run with the least wall time, with the highest memory of all runs."""
    best = min(usages, key=lambda usage: usage.wall_seconds)
    return Usage(best.wall_seconds, best.cpu_seconds, max(usage.peak_memory_bytes for usage in usages))
