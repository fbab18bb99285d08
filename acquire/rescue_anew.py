"""A rescue that ended before its first map was saved: nothing of it is lost when it is begun once more."""

import errno
import os
from pathlib import Path

from acquire.earlier_image import EarlierImage
from acquire.event_kinds import EventKind
from acquire.output_files import replace_whole
from acquire.read_history import ReadHistory
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_file import create_rescue_file
from acquire.rescue_seed import copy_earlier, earlier_map
from acquire.rescue_state import RescueState, explained
from acquire.resume import Interrupted
from image.badmap import BadSectorMap
from image.failure_guard import closed_on_failure
from image.sidecars import Sidecar


def is_unmapped(interrupted: Interrupted) -> bool:
    """Whether a rescue ended before it had a map, which is saved before the first read of the drive.

    A rescue file may stand there: empty, or with a part of the image whose bad sectors were to be tried again.
    """
    output = interrupted.looks[0].output
    if os.path.lexists(Sidecar.MAP.beside(output)):
        return False
    is_copied = any(item.kind == EventKind.EARLIER_IMAGE for item in interrupted.newest.read.events)
    is_copy = interrupted.job.parameters.retry_of is not None and not is_copied
    return is_copy or _holds_nothing(Sidecar.RESCUE.beside(output))


def begin_anew(
    interrupted: Interrupted, request: AcquisitionRequest, hooks: JobHooks, earlier: EarlierImage | None
) -> RescueState:
    """Begin a rescue behind the journals that it has, with the media of an earlier image where there was one.

    Another interruption leaves it as it was.

    Raises:
        DestinationError: the system could not.
        ImageNotReadError: the earlier image is damaged or not the manifest's.
        StoppedError: stopped meanwhile.
    """
    plan, path = request.plan, Sidecar.RESCUE.beside(request.outputs[0])
    bad_map = earlier_map(earlier) if earlier is not None else BadSectorMap(plan.sector_count)
    history = ReadHistory(plan.sector_count, plan.sector_size_bytes, interrupted.newest.read)
    journals = tuple(look.held for look in interrupted.looks if look.held is not None)
    with explained(path):
        path.unlink(missing_ok=True)
        file = create_rescue_file(path, plan.sector_count * plan.sector_size_bytes)
        state = RescueState(request.job, request.outputs, journals, file, bad_map, history)
        with closed_on_failure(file):
            if earlier is not None:
                copy_earlier(earlier, state, hooks)
            replace_whole(state.map_path, state.map_bytes())
    return state


def _holds_nothing(rescue_file: Path) -> bool:
    """Whether a rescue file is absent or all of it is a hole; one that cannot be looked at may hold something."""
    try:
        descriptor = os.open(rescue_file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        return error.errno == errno.ENOENT
    try:
        os.lseek(descriptor, 0, os.SEEK_DATA)
    except OSError as error:
        return error.errno == errno.ENXIO
    finally:
        os.close(descriptor)
    return False
