"""The figures as text: one table, its floor, how the cost grows, and the exact command lines."""

from bench import floor as floor_parts
from bench.floor import Floor
from bench.measure import Usage
from bench.programs import OUR_NAME, Task
from bench.results import GrowthRow, Results, Row

MIB = 2**20
FLOOR_OF = {
    Task.ACQUIRE_E01.value: floor_parts.ACQUIRE_E01_PARTS,
    Task.ACQUIRE_RAW.value: floor_parts.ACQUIRE_RAW_PARTS,
    Task.VERIFY_E01.value: floor_parts.VERIFY_PARTS,
    Task.VERIFY_E01_ONE_DIGEST.value: floor_parts.VERIFY_ONE_DIGEST_PARTS,
    Task.SEGMENTS_ONLY.value: floor_parts.SEGMENTS_ONLY_PARTS,
    Task.SECOND_OPINION.value: floor_parts.VERIFY_ONE_DIGEST_PARTS,
    Task.CONVERT_E01.value: floor_parts.CONVERT_E01_PARTS,
    Task.CONVERT_RAW.value: floor_parts.CONVERT_RAW_PARTS,
}
NO_SEGMENT_DIGEST = {task.value for task in (Task.ACQUIRE_RAW, Task.CONVERT_RAW, Task.SEGMENTS_ONLY)}
HEAD = f"{'program':<22}{'digests':<20}{'MB/s':>7}{'of ours':>9}{'seconds':>9}{'cpu s':>8}{'peak MiB':>10}"


def render(results: Results) -> str:
    """All of it."""
    blocks = [_heading(results)]
    blocks += [_task(task.value, results) for task in Task]
    blocks += [_floor(results.floor), _growth(results.growth), _commands(results.rows)]
    return "\n\n".join(block for block in blocks if block)


def _heading(results: Results) -> str:
    """What was measured, and on how quiet a machine."""
    size, floor = results.size_bytes // MIB, results.floor
    text = f"{size} MiB in memory: 40 % file content, 30 % random, 30 % zeros."
    text += f" {floor.cores} cores. Best of {results.runs}."
    if results.load > floor.cores / 4:
        text += f"\nThe machine was not idle when this began (load {results.load:.1f}): the figures are too low."
    return text


def _task(task: str, results: Results) -> str:
    """The rows of one task, its floor last."""
    rows = [row for row in results.rows if row.task == task]
    if not rows:
        return ""
    ours = next((row for row in rows if row.program == OUR_NAME), None)
    our_seconds = ours.usage.wall_seconds if ours and ours.usage else None
    floor_seconds = results.floor.seconds(FLOOR_OF[task], results.size_bytes)
    lines = [task, HEAD, *(_line(row, results.size_bytes, our_seconds) for row in rows)]
    lines.append(_columns("arithmetic floor", "", results.size_bytes, floor_seconds, our_seconds))
    if ours and ours.usage:
        lines.append(f"ours reaches {_reached(ours.usage, results, FLOOR_OF[task])}")
        if task not in NO_SEGMENT_DIGEST:
            every = (*FLOOR_OF[task], floor_parts.SEGMENT_DIGEST)
            lines.append(
                f"with the {floor_parts.SEGMENT_DIGEST} in the floor: {_reached(ours.usage, results, every)}"
            )
    return "\n".join(lines)


def _reached(usage: Usage, results: Results, parts: tuple[str, ...]) -> str:
    """How near we come; processor time tells more than the clock on a machine that others use too."""
    floor, size_bytes = results.floor, results.size_bytes
    by_clock = floor.seconds(parts, size_bytes) / usage.wall_seconds
    by_processor = floor.core_seconds(parts, size_bytes) / usage.cpu_seconds
    return f"{by_clock:.0%} of the floor by the clock, {by_processor:.0%} by processor time"


def _line(row: Row, size_bytes: int, our_seconds: float | None) -> str:
    """One program."""
    if row.usage is None:
        return f"{row.program:<22}{row.digests:<20} {row.failure}"
    usage = row.usage
    text = _columns(row.program, row.digests, size_bytes, usage.wall_seconds, our_seconds)
    return f"{text}{usage.cpu_seconds:>8.1f}{usage.peak_memory_bytes / MIB:>10.0f}"


def _columns(name: str, digests: str, size_bytes: int, seconds: float, our_seconds: float | None) -> str:
    """Name, speed, its ratio to ours (2.00 is twice as fast as ours) and time."""
    ratio = f"{our_seconds / seconds:.2f}" if our_seconds else "-"
    return f"{name:<22}{digests:<20}{size_bytes / seconds / 1e6:>7.0f}{ratio:>9}{seconds:>9.2f}"


def _floor(floor: Floor) -> str:
    """Every part of the floor in core-seconds for each GiB of media."""
    lines = [
        f"arithmetic floor: core-seconds for 1 GiB of media, measured over {floor.measured_bytes // MIB} MiB",
        "(wall = sum / cores, but never less than the longest part)",
        f"{'part':<30}{'alone':>8}{'all cores busy':>16}",
    ]
    lines += [f"{part.name:<30}{part.alone_seconds:>8.3f}{part.all_busy_seconds:>16.3f}" for part in floor.parts]
    lines += [f"{task}: {' + '.join(parts)}" for task, parts in FLOOR_OF.items()]
    lines.append(f"In no floor, though we make it of every E01: {floor_parts.SEGMENT_DIGEST}.")
    lines.append(f"An E01 stores {floor.stored_ratio:.2f} bytes for each byte of this media.")
    return "\n".join(lines)


def _growth(rows: tuple[GrowthRow, ...]) -> str:
    """Time and memory of our own job at several sizes."""
    if not rows:
        return ""
    lines = ["growth: ours, one run each", f"{'MiB':>6}{'acquire s':>12}{'s/GiB':>8}{'peak MiB':>10}"]
    lines[1] += f"{'verify s':>12}{'s/GiB':>8}{'peak MiB':>10}"
    for row in rows:
        line = f"{row.size_bytes // MIB:>6}"
        for usage in (row.acquire, row.verify):
            each = usage.wall_seconds * 2**30 / row.size_bytes
            line += f"{usage.wall_seconds:>12.2f}{each:>8.2f}{usage.peak_memory_bytes / MIB:>10.0f}"
        lines.append(line)
    return "\n".join(lines)


def _commands(rows: tuple[Row, ...]) -> str:
    """Versions and exact command lines."""
    return "\n".join(["command lines", *(f"{row.task}: {row.version}\n    {row.command}" for row in rows)])
