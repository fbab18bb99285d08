"""Everything that can be known before the first sector is read: what will be made, and what stands against it.

What makes the job impossible is raised; what the examiner should know is a warning.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from acquire.destination import (
    DestinationLimits,
    destination_limits,
    nearest_folder,
    require_apart,
    require_free,
    require_writable,
)
from acquire.next_folders import reserve_bytes
from acquire.source import OpenedSource
from acquire.sysfs import LIVE_SYSTEM, BlockNode, SystemPaths, find_node
from acquire.workstation import ClockState, can_inhibit_sleep, clock_state, running_automounters
from image.errors import DestinationError, SourceError
from image.job import SourceFacts
from image.sectors import SectorRange


@dataclass(frozen=True)
class PlannedOutput:
    """One image to be made. `path` is without extension; sizes in bytes are those of the worst case.

    `creates_folder` says that the folder is made by the job where it is absent; `is_begun` that a part of the image
    stands there and the sizes are those of the rest; `next_folders` are those that the set goes on in.
    """

    path: Path
    format: str
    segment_count: int
    largest_file_bytes: int
    worst_case_bytes: int
    chunk_sectors: int | None = None
    creates_folder: bool = False
    is_begun: bool = False
    next_folders: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Preflight:
    """The plan of an acquisition. `destinations` are in the order of `outputs`; seconds are None until known.

    `next_destinations` are the folders that the set of a single output goes on in.
    """

    source: SourceFacts
    sectors: SectorRange
    padded_bytes: int
    outputs: tuple[PlannedOutput, ...]
    destinations: tuple[DestinationLimits, ...]
    estimated_seconds: float | None
    clock: ClockState
    can_inhibit_sleep: bool
    automounters: tuple[str, ...]
    warnings: tuple[str, ...]
    next_destinations: tuple[DestinationLimits, ...] = ()


def run_preflight(
    opened: OpenedSource,
    sectors: SectorRange,
    outputs: tuple[PlannedOutput, ...],
    *,
    bytes_per_second: float | None = None,
    paths: SystemPaths = LIVE_SYSTEM,
) -> Preflight:
    """Look at source, destinations and workstation; writes nothing.

    Raises:
        SourceError: the source holds no such sectors.
        DestinationError: a destination cannot be used: absent, read-only, on the source disk, occupied, or its
            file system holds no files of the planned size.
    """
    _require_sectors(opened, sectors)
    size_bytes = sectors.sector_count * opened.facts.sector_size_bytes
    places = _look_at_places(opened, outputs, size_bytes, paths)
    station = _look_at_workstation(paths)
    return Preflight(
        source=opened.facts,
        sectors=sectors,
        padded_bytes=opened.padded_bytes,
        outputs=outputs,
        destinations=places.first,
        estimated_seconds=size_bytes / bytes_per_second if bytes_per_second else None,
        clock=station.clock,
        can_inhibit_sleep=station.can_inhibit_sleep,
        automounters=station.automounters,
        warnings=_warnings(opened, outputs, places, station),
        next_destinations=places.following,
    )


@dataclass(frozen=True)
class _Places:
    """The limits of the folders that images are begun in, and of those that a set goes on in."""

    first: tuple[DestinationLimits, ...]
    following: tuple[DestinationLimits, ...]


@dataclass(frozen=True)
class _Workstation:
    """What the workstation may do to the job."""

    clock: ClockState
    can_inhibit_sleep: bool
    automounters: tuple[str, ...]


def _look_at_workstation(paths: SystemPaths) -> _Workstation:
    """Its clock, whether it can be kept awake, and what mounts drives by itself."""
    return _Workstation(clock_state(), can_inhibit_sleep(paths), running_automounters(paths))


def _look_at_places(
    opened: OpenedSource, outputs: tuple[PlannedOutput, ...], media_bytes: int, paths: SystemPaths
) -> _Places:
    """The limits of every folder, each of which can be used."""
    source_node = find_node(opened.device.number, paths) if opened.device is not None else None
    first = tuple(_look_at(output, opened, source_node, paths) for output in outputs)
    following = tuple(
        _look_at_next(output, folder, opened, source_node, paths)
        for output in outputs
        for folder in output.next_folders
    )
    if following and not outputs[0].is_begun:
        _require_first_segment(outputs[0], first[0], media_bytes)
    return _Places(first, following)


def _warnings(
    opened: OpenedSource, outputs: tuple[PlannedOutput, ...], places: _Places, station: _Workstation
) -> tuple[str, ...]:
    """What the examiner should know of source, destinations and workstation."""
    automounters = station.automounters if opened.device is not None else ()
    return (
        *_source_warnings(opened),
        *_space_warnings(outputs, places.first, sum(limits.free_bytes for limits in places.following)),
        *_destination_warnings((*places.first, *places.following)),
        *_workstation_warnings(station.clock, station.can_inhibit_sleep, automounters),
    )


def _require_sectors(opened: OpenedSource, sectors: SectorRange) -> None:
    """See that the source holds these sectors."""
    count = opened.facts.size_bytes // opened.facts.sector_size_bytes
    if sectors.end_sector > count:
        wanted = f"sectors {sectors.first_sector} to {sectors.last_sector} were asked for"
        raise SourceError(f"{wanted}, the source has {count}", opened.facts.path, "Check --start and --sectors")


def _look_at(
    output: PlannedOutput,
    opened: OpenedSource,
    source: BlockNode | None,
    paths: SystemPaths,
) -> DestinationLimits:
    """The limits of one destination, which can be used."""
    wanted = output.path.absolute().parent
    folder = nearest_folder(wanted) if output.creates_folder else wanted
    require_writable(folder)
    require_apart(output.path.absolute(), opened.facts.path, source, paths)
    if not output.is_begun:
        require_free(output.path)
    return _limits_for(output, folder, paths)


def _look_at_next(
    output: PlannedOutput, folder: Path, opened: OpenedSource, source: BlockNode | None, paths: SystemPaths
) -> DestinationLimits:
    """The limits of a folder that the set may go on in, which can be used."""
    require_writable(folder)
    require_apart(folder / output.path.name, opened.facts.path, source, paths)
    if not output.is_begun:
        require_free(folder / output.path.name)
    return _limits_for(output, folder, paths)


def _limits_for(output: PlannedOutput, folder: Path, paths: SystemPaths) -> DestinationLimits:
    """The limits of a folder whose file system holds the largest file of the image."""
    limits = destination_limits(folder, paths)
    if limits.maximum_file_bytes is not None and output.largest_file_bytes > limits.maximum_file_bytes:
        what = f"{limits.file_system} holds no file of {output.largest_file_bytes} bytes"
        raise DestinationError(what, limits.folder, "Give a smaller --segment-size, such as 2000MiB")
    return limits


def _require_first_segment(output: PlannedOutput, limits: DestinationLimits, media_bytes: int) -> None:
    """See that the first folder of several takes the first segment, which gives the image its place."""
    wanted = output.largest_file_bytes + reserve_bytes(media_bytes)
    if limits.free_bytes < wanted:
        what = f"a first segment needs {wanted} bytes and {limits.free_bytes} are free"
        raise DestinationError(what, limits.folder, "Give a smaller --segment-size, or begin in another folder")


def _source_warnings(opened: OpenedSource) -> list[str]:
    """What is odd about the source."""
    uses = [f"the source is in use: {use}" for use in opened.usage.all]
    disagreements = opened.device.disagreements if opened.device is not None else ()
    padded = [f"{opened.padded_bytes} zero bytes complete the last sector"] if opened.padded_bytes else []
    decoded = [f"what is read is the media of a {opened.facts.kind}"] if opened.is_decoded else []
    return [*uses, *disagreements, *padded, *decoded]


def _space_warnings(
    outputs: tuple[PlannedOutput, ...], destinations: tuple[DestinationLimits, ...], following_bytes: int
) -> list[str]:
    """Where the images may not fit; those on one file system are counted together.

    `following_bytes` are free in the folders that the set of a single output goes on in.
    """
    needed: defaultdict[int, int] = defaultdict(int)
    limits: dict[int, DestinationLimits] = {}
    for output, limit in zip(outputs, destinations, strict=True):
        file_system = nearest_folder(output.path.absolute().parent).stat().st_dev
        needed[file_system] += output.worst_case_bytes
        limits[file_system] = limit
    return [
        f"{limit.folder} may fill up: at most {needed[key]} bytes are needed and {limit.free_bytes} are free"
        + (f", {following_bytes} more in the next folders" if following_bytes else "")
        for key, limit in limits.items()
        if needed[key] > limit.free_bytes + following_bytes
    ]


def _destination_warnings(destinations: tuple[DestinationLimits, ...]) -> list[str]:
    """What is odd about the destinations."""
    network = [f"{item.folder} is on the network ({item.file_system})" for item in destinations if item.is_network]
    memory = [f"{item.folder} is in memory ({item.file_system})" for item in destinations if item.is_memory]
    return list(dict.fromkeys([*network, *memory]))


def _workstation_warnings(clock: ClockState, awake: bool, automounters: tuple[str, ...]) -> list[str]:
    """What the workstation may do to the job."""
    warnings = []
    if not clock.synchronised:
        warnings.append(f"the clock of this workstation is {clock}: times are what it shows")
    if not awake:
        warnings.append("this workstation cannot be kept from going to sleep by us: see to it")
    warnings += [f"{name} is running and may mount the exhibit by itself" for name in automounters]
    return warnings
