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


def measure_jobs(source: Path, folder: Path, runs: int) -> tuple[Row, ...]:
    """Every installed program, the fastest of so many runs each; all verify the image that we acquired."""
    image = folder / "kept" / f"{IMAGE_STEM}.E01"
    _acquire_once(source, image)
    return tuple(_measure(program, source, folder, image, runs) for program in PROGRAMS if program.is_installed())


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


def _measure(program: Program, source: Path, folder: Path, image: Path, runs: int) -> Row:
    """One row of the table."""
    command = shlex.join(program.command_line(Path("SOURCE"), Path("OUTPUT"), Path("IMAGE.E01")))
    facts = (program.task.value, program.name, version_of(program), program.digests, command)
    try:
        usages = [_run(program, source, folder, image) for _ in range(runs)]
    except ProgramFailedError as error:
        return Row(*facts, usage=None, failure=str(error))
    return Row(*facts, usage=fastest(usages))


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
