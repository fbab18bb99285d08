"""How time and memory of our own job grow with the source."""

import shutil
from pathlib import Path

from bench.data import write_data
from bench.measure import run_program
from bench.programs import OUR_NAME, PROGRAMS, Task
from bench.reserve import Reserve
from bench.results import GrowthRow


def measure_growth(folder: Path, sizes: tuple[int, ...]) -> tuple[GrowthRow, ...]:
    """Acquisition and verification of one source after the other, one run each."""
    return tuple(_measure(folder / "growth", size_bytes) for size_bytes in sizes)


def _measure(folder: Path, size_bytes: int) -> GrowthRow:
    """One size, in a folder that is gone afterwards."""
    folder.mkdir()
    try:
        source, image = folder / "source.raw", folder / "output" / "image.E01"
        write_data(source, size_bytes)
        acquire, verify = (
            next(p for p in PROGRAMS if p.name == OUR_NAME and p.task is task)
            for task in (Task.ACQUIRE_E01, Task.VERIFY_E01)
        )
        output = folder / "output"
        output.mkdir()
        with Reserve(folder, output, size_bytes):
            acquired = run_program(acquire.command_line(source, output / "image", output), output)
        return GrowthRow(size_bytes, acquired, run_program(verify.command_line(source, folder, image), folder))
    finally:
        shutil.rmtree(folder)
