"""`make bench`: one table of what the main jobs cost, and how that grows.

    python -m bench [--short] [--size-mib N] [--runs N] [--only TASK] [--growth-mib N ...] [--json FILE]

Everything is read from and written to memory (/dev/shm), so that no disk is measured.
"""

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.bytecode import compile_program
from bench.data import write_data
from bench.floor import measure_floor
from bench.growth import measure_growth
from bench.host_memory import kept_memory
from bench.jobs import measure_jobs
from bench.programs import OUR_NAME
from bench.results import Results, write_json
from bench.table import render

MIB = 2**20
MEMORY_FOLDER = Path("/dev/shm")
FLOOR_LIMIT_BYTES = 512 * MIB
GROWTH_MIB = (256, 1024, 2048, 4096)


@dataclass(frozen=True)
class Plan:
    """What to measure: the size of the main table, the runs of each row, sizes of the growth table, the tasks."""

    size_bytes: int
    runs: int
    growth_bytes: tuple[int, ...]
    json_path: Path
    only: str = ""


def main() -> None:
    """Measure, print the table, write the JSON."""
    plan = read_plan()
    require_memory(needed_bytes(plan))
    with kept_memory(), tempfile.TemporaryDirectory(dir=MEMORY_FOLDER, prefix="diskwitness-bench-") as folder:
        results = measure(plan, Path(folder))
    print(render(results))
    write_json(results, plan.json_path)
    if any(row.failure for row in results.rows if row.program == OUR_NAME):
        sys.exit(1)


def needed_bytes(plan: Plan) -> int:
    """Memory for the source, its image and the reserve of the largest size measured."""
    return 3 * max((plan.size_bytes, *plan.growth_bytes))


def require_memory(size_bytes: int) -> None:
    """End here when source, output and reserve would not fit."""
    facts = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    available_bytes = int(facts["MemAvailable"].split()[0]) * 1024
    if min(shutil.disk_usage(MEMORY_FOLDER).free, available_bytes) < size_bytes:
        sys.exit(f"{MEMORY_FOLDER} has less than {size_bytes // MIB} MiB to give: use --size-mib or --short")


def measure(plan: Plan, folder: Path) -> Results:
    """Every row of the tables."""
    load = os.getloadavg()[0]
    compile_program()
    source = folder / "source.raw"
    write_data(source, plan.size_bytes)
    floor = measure_floor(
        source, folder, limit_bytes=min(plan.size_bytes, FLOOR_LIMIT_BYTES), runs=max(plan.runs, 3)
    )
    rows = measure_jobs(source, folder, plan.runs, plan.only)
    source.unlink()
    works = not any(row.failure for row in rows if row.program == OUR_NAME)
    shutil.rmtree(folder / "kept")
    growth = measure_growth(folder, plan.growth_bytes) if works else ()
    return Results(plan.size_bytes, plan.runs, load, floor, rows, growth)


def read_plan() -> Plan:
    """The plan that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the main jobs.")
    parser.add_argument("--short", action="store_true", help="256 MiB, one run, no growth")
    parser.add_argument("--size-mib", type=int, default=3072, help="size of the source in the main table")
    parser.add_argument("--growth-mib", type=int, nargs="*", default=GROWTH_MIB, help="sizes of the growth table")
    parser.add_argument("--runs", type=int, default=3, help="runs of each row; the fastest counts")
    parser.add_argument("--only", default="", help="only tasks with this in their name: acquire, verify ...")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the figures go")
    given = parser.parse_args()
    if given.short:
        return Plan(256 * MIB, 1, (), given.json, given.only)
    growth = tuple(size * MIB for size in given.growth_mib)
    return Plan(given.size_mib * MIB, given.runs, growth, given.json, given.only)


if __name__ == "__main__":
    main()
