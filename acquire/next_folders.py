"""The folders that the set of an acquisition goes through (`--output-next`), and the room kept in the first."""

from collections.abc import Callable
from pathlib import Path

from acquire.request import AcquisitionRequest, RawPlan
from image.destinations import Destination
from image.ewf.plan import EwfPlan
from image.folder_row import FolderRow
from image.job import Job
from image.media_digest import PREFIX_STEP_BYTES

MIB = 1024 * 1024
LARGEST_LISTS_BYTES = 32 * MIB
PREFIX_LINE_BYTES = 80
FILES_THAT_GROW = 4
"""Journal, its successor while it is written, map and log may stand there together."""


def largest_segment_bytes(plan: EwfPlan | RawPlan) -> int:
    """The most that one segment file can become."""
    worst_bytes = plan.worst_case_bytes if isinstance(plan, EwfPlan) else plan.sector_count * plan.sector_size_bytes
    return min(plan.segment_size_bytes or worst_bytes, worst_bytes)


def next_folders(job: Job) -> tuple[Path, ...]:
    """The folders that the set goes on in when the one before is full."""
    return tuple(Path(folder) for folder in job.parameters.output_next)


def reserve_bytes(media_bytes: int) -> int:
    """The room kept in the first folder for what stands beside the segments: journal, manifest, map, log."""
    lists = min(LARGEST_LISTS_BYTES, media_bytes // 4096)
    return MIB + lists + FILES_THAT_GROW * PREFIX_LINE_BYTES * (media_bytes // PREFIX_STEP_BYTES)


def give_next_folders(
    destinations: tuple[Destination, ...], request: AcquisitionRequest, tell: Callable[[str], None]
) -> None:
    """Let the set of a single output go on in the folders that were asked for; `tell` hears of each step."""
    folders = next_folders(request.job)
    if not folders:
        return
    plan = request.plan
    (item,) = destinations
    reserve = reserve_bytes(plan.sector_count * plan.sector_size_bytes)
    item.row = FolderRow((item.path.parent, *folders), largest_segment_bytes(plan), reserve, tell)
