"""A rescue that begins with what a finished image holds: proven and copied, its bad sectors to be tried again."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from acquire.earlier_image import EarlierImage
from acquire.event_kinds import EventKind
from acquire.output_files import replace_whole
from acquire.read_history import ReadHistory
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_file import RescueFile, create_rescue_file
from acquire.rescue_state import RescueState, new_rescue
from acquire.resume import Interrupted
from image.badmap import map_of_bad_ranges
from image.errors import DestinationError, ImageNotReadError, StoppedError
from image.opening import open_image
from image.progress import Progress
from image.sectors import count_sectors
from image.sidecars import Sidecar
from image.write_errors import describe_write_error


def seed_rescue(request: AcquisitionRequest, hooks: JobHooks, earlier: EarlierImage) -> RescueState:
    """Begin a rescue with the media of an image, which must be what its manifest says.

    The journal names the image from the first, so that a copy that was cut short is known for one.

    Raises:
        DestinationError: an output is occupied or cannot be written; nothing is left there.
        ImageNotReadError: the image is damaged or not the manifest's; nothing is left.
        StoppedError: stopped meanwhile; nothing is left.
    """
    bad_map = map_of_bad_ranges(request.plan.sector_count, earlier.manifest.read.unreadable)
    with new_rescue(request, hooks, bad_map) as state:
        _copy_media(earlier, state.file, hooks)
        state.history.add_event(hooks.clock.now(), EventKind.EARLIER_IMAGE, _story(earlier))
        return state


def is_half_seeded(interrupted: Interrupted) -> bool:
    """Whether a job ended while it copied the image whose bad sectors it was to try again."""
    if interrupted.job.parameters.retry_of is None:
        return False
    is_copied = any(item.kind == EventKind.EARLIER_IMAGE for item in interrupted.newest.read.events)
    return not is_copied and not os.path.lexists(Sidecar.MAP.beside(interrupted.looks[0].output))


def seed_again(
    interrupted: Interrupted, request: AcquisitionRequest, hooks: JobHooks, earlier: EarlierImage
) -> RescueState:
    """Begin the copy once more that a job was cut short in; another interruption leaves it as it was.

    Raises:
        DestinationError: the system could not.
        ImageNotReadError: the image is damaged or not the manifest's.
        StoppedError: stopped meanwhile.
    """
    plan, path = request.plan, Sidecar.RESCUE.beside(request.outputs[0])
    bad_map = map_of_bad_ranges(plan.sector_count, earlier.manifest.read.unreadable)
    history = ReadHistory(plan.sector_count, plan.sector_size_bytes, interrupted.newest.read)
    journals = tuple(look.held for look in interrupted.looks if look.held is not None)
    with _explained(path):
        path.unlink(missing_ok=True)
    file = create_rescue_file(path, plan.sector_count * plan.sector_size_bytes)
    state = RescueState(request.job, request.outputs, journals, file, bad_map, history)
    try:
        with _explained(path):
            _copy_media(earlier, file, hooks)
            replace_whole(state.map_path, state.map_bytes())
    except BaseException:
        file.close()
        raise
    history.add_event(hooks.clock.now(), EventKind.EARLIER_IMAGE, _story(earlier))
    return state


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What the system refuses, as an error of the destination."""
    try:
        yield
    except OSError as error:
        why = describe_write_error(error)
        raise DestinationError("the earlier image cannot be copied", str(path), why) from error


def _copy_media(earlier: EarlierImage, file: RescueFile, hooks: JobHooks) -> None:
    """Copy the media of the image into the rescue file, and prove it by a digest of the manifest."""
    algorithm, expected = next(iter(sorted(earlier.manifest.media.digests.items(), reverse=True)))
    digest, done = hashlib.new(algorithm), 0
    names = tuple(segment.file for segment in earlier.manifest.segments)
    folders = earlier.manifest.other_folders
    with open_image(earlier.path, expected_names=names, folders=folders) as image:
        for piece in image.media():
            if hooks.stop.is_set():
                raise StoppedError("stopped while the earlier image was copied", do="Nothing of the drive was read")
            view = memoryview(piece.data)
            digest.update(view)
            if done + len(view) <= file.size_bytes:
                file.write(view, done)
            done += len(view)
            view.release()
            piece.release()
            hooks.listener(Progress("copy", done, file.size_bytes, state="copying the earlier image"))
    if digest.hexdigest() != expected or done != file.size_bytes:
        what = f"the image does not hold what its manifest says ({algorithm} differs)"
        raise ImageNotReadError(what, str(earlier.path), "Verify it; a sound copy is needed")
    file.sync()


def _story(earlier: EarlierImage) -> str:
    """Which image the rescue began with."""
    bad, name = count_sectors(earlier.manifest.read.unreadable), earlier.version.manifest
    return f"{name}, SHA-256 {earlier.manifest_sha256}: all its media but {bad} bad sectors, which are tried again"
