"""A rescue that goes on: after an interruption, or from the file and map that another program began.

The map is the state. What was written of the image itself is made anew from the rescue file, so it is removed.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from acquire.destination import existing_files, require_writable
from acquire.event_kinds import EventKind
from acquire.first_files import create_journals, first_record
from acquire.journal import JournalState
from acquire.next_folders import next_folders
from acquire.read_history import ReadHistory
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_file import RescueFile, open_rescue_file
from acquire.rescue_plan import grown_map
from acquire.rescue_state import RescueState
from acquire.resume import Interrupted, require_new_folders_free
from acquire.sample_comparison import Sample, sample_sectors
from image.badmap import BadSectorMap, SectorState
from image.bounded_files import read_bounded
from image.destinations import Destination
from image.errors import DestinationError, ImageNotReadError
from image.manifest_file import MAXIMUM_BYTES
from image.mapfile import decode_mapfile
from image.read_record import JobEvent
from image.reopening import open_durable
from image.sectors import count_sectors
from image.segment_names import single_raw_name
from image.sidecars import Sidecar

KEPT_BY_RESCUE = (Sidecar.JOURNAL, Sidecar.MAP, Sidecar.RESCUE)


def read_rescue_map(output: Path, sector_count: int, sector_size_bytes: int) -> BadSectorMap:
    """The map beside an output; sectors behind its end are non-tried.

    Raises:
        DestinationError: absent, no map, or of media with more sectors.
    """
    path = Sidecar.MAP.beside(output)
    try:
        text = read_bounded(path, MAXIMUM_BYTES, "map").decode("utf-8", "replace")
        return grown_map(decode_mapfile(text, sector_size_bytes, str(path)), sector_count)
    except ImageNotReadError as error:
        name = Sidecar.RESCUE.beside(output).name
        advice = f"Put the map of this rescue there, or move {name} away to begin it anew"
        raise DestinationError(f"the rescue has no usable map ({error.what})", error.where, advice) from error
    except ValueError as error:
        raise DestinationError(f"the map is of another drive ({error})", str(path)) from error


def rescued_samples(file: RescueFile, bad_map: BadSectorMap, sector_size_bytes: int) -> list[Sample]:
    """Sectors spread over what is finished, with what they hold.

    Raises:
        DestinationError: the rescue file cannot be read.
    """
    samples = []
    for sector in sample_sectors(bad_map.sector_count, bad_map.unread_ranges()):
        content = bytearray(sector_size_bytes)
        try:
            file.read_into(memoryview(content), sector * sector_size_bytes)
        except OSError as error:
            what = f"what was rescued cannot be read back ({error.strerror})"
            raise DestinationError(what, str(file.path)) from error
        samples.append((sector, bytes(content)))
    return samples


def reopen_rescue(interrupted: Interrupted, request: AcquisitionRequest) -> RescueState:
    """Open the rescue that these journals tell of; changes nothing but a name that an ending job had changed.

    Raises:
        DestinationError: file or map is absent, or not of this media.
    """
    plan, first = request.plan, request.outputs[0]
    require_new_folders_free(interrupted, request)
    _take_name_back(first)
    bad_map = read_rescue_map(first, plan.sector_count, plan.sector_size_bytes)
    file = _reopened_file(first, bad_map, plan.sector_size_bytes)
    read = replace(
        interrupted.newest.read, unreadable=(), zero_sectors=None, incompressible_sectors=None, reports_after=()
    )
    history = ReadHistory(plan.sector_count, plan.sector_size_bytes, read)
    journals = tuple(look.held for look in interrupted.looks if look.held is not None)
    return RescueState(request.job, request.outputs, journals, file, bad_map, history)


def go_on(state: RescueState, events: Sequence[JobEvent], hooks: JobHooks) -> None:
    """Clear away what was written of the image, and journal that the rescue goes on.

    Raises:
        DestinationError: the system could not.
    """
    kept = {item.beside(output) for output in state.outputs for item in KEPT_BY_RESCUE}
    stems = (*state.outputs, *(folder / state.outputs[0].name for folder in next_folders(state.job)))
    for path in (path for stem in stems for path in existing_files(stem)):
        if path not in kept:
            _remove(path)
    state.history.add_events(events)
    state.write_journals(state.journal(hooks, JournalState.RUNNING))


def take_over(request: AcquisitionRequest, hooks: JobHooks) -> RescueState:
    """Begin a job on a rescue file and a map that stand at the first output, whoever began them.

    Raises:
        DestinationError: they are not of this media, another output is occupied, or nothing can be written.
    """
    plan, first = request.plan, request.outputs[0]
    for output in request.outputs:
        require_writable(output.parent)
        if output != first and existing_files(output):
            raise DestinationError("files of an image are already there", str(output), "Choose another name")
    bad_map = read_rescue_map(first, plan.sector_count, plan.sector_size_bytes)
    file = _reopened_file(first, bad_map, plan.sector_size_bytes)
    history = ReadHistory(plan.sector_count, plan.sector_size_bytes)
    finished = count_sectors(bad_map.ranges(SectorState.FINISHED))
    detail = f"{finished} sectors of {file.path.name} and its map were read before, by a program that is not known"
    history.add_event(hooks.clock.now(), EventKind.TAKEN_OVER, detail)
    begun = first_record(request, hooks, history)
    try:
        journals = tuple(create_journals(tuple(map(Destination, request.outputs)), begun).values())
    except DestinationError:
        file.close()
        raise
    return RescueState(request.job, request.outputs, journals, file, bad_map, history)


def _reopened_file(output: Path, bad_map: BadSectorMap, sector_size_bytes: int) -> RescueFile:
    """The rescue file beside an output, which holds all that its map calls finished.

    Raises:
        DestinationError: absent, or not the file of this map.
    """
    finished = bad_map.ranges(SectorState.FINISHED)
    held_sectors = finished[-1].end_sector if finished else 0
    sizes = (bad_map.sector_count * sector_size_bytes, held_sectors * sector_size_bytes)
    return open_rescue_file(Sidecar.RESCUE.beside(output), *sizes)


def _take_name_back(output: Path) -> None:
    """A job that ended while its rescue file became the image is taken back to before that."""
    path, image = Sidecar.RESCUE.beside(output), output.with_name(single_raw_name(output.name))
    if os.path.lexists(path) or not os.path.lexists(image):
        return
    try:
        os.close(open_durable(image, 0))
        image.rename(path)
    except OSError as error:
        raise DestinationError(f"the rescue file cannot be used ({error.strerror})", str(image)) from error


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise DestinationError(f"a file cannot be removed ({error.strerror})", str(path)) from error
