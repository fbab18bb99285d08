"""A rescue that begins with what a finished image holds: proven and copied, its bad sectors to be tried again."""

import hashlib
from pathlib import Path

from acquire.earlier_image import EarlierImage
from acquire.event_kinds import EventKind
from acquire.job_parts import create_journals, new_destinations
from acquire.journal import JournalState
from acquire.output_files import replace_whole
from acquire.read_history import ReadHistory
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_file import RescueFile, create_rescue_file
from acquire.rescue_state import RescueState
from image.badmap import map_of_bad_ranges
from image.errors import DestinationError, ImageNotReadError, StoppedError
from image.opening import open_image
from image.progress import Progress
from image.sectors import count_sectors
from image.sidecars import Sidecar
from image.write_errors import describe_write_error


def seed_rescue(request: AcquisitionRequest, hooks: JobHooks, earlier: EarlierImage) -> RescueState:
    """Begin a rescue with the media of an image, which must be what its manifest says.

    Raises:
        DestinationError: an output is occupied or cannot be written; nothing is left there.
        ImageNotReadError: the image is damaged or not the manifest's; nothing is left.
        StoppedError: stopped meanwhile; nothing is left.
    """
    journals = tuple(create_journals(new_destinations(request.outputs)).values())
    media, path = earlier.manifest.media, Sidecar.RESCUE.beside(request.outputs[0])
    bad_map = map_of_bad_ranges(media.size_bytes // media.sector_size_bytes, earlier.manifest.read.unreadable)
    history = ReadHistory(bad_map.sector_count, media.sector_size_bytes)
    made: list[Path] = []
    try:
        file = create_rescue_file(path, media.size_bytes)
        made.append(path)
        state = RescueState(request.job, request.outputs, journals, file, bad_map, history)
        _copy_media(earlier, file, hooks)
        made.append(state.map_path)
        replace_whole(state.map_path, state.map_bytes())
        history.add_event(hooks.clock.now(), EventKind.EARLIER_IMAGE, _story(earlier))
        state.write_journals(state.journal(hooks, JournalState.RUNNING))
    except (OSError, DestinationError, ImageNotReadError, StoppedError) as error:
        for item in made:
            item.unlink(missing_ok=True)
        for journal in journals:
            journal.remove()
        if isinstance(error, OSError):
            why = describe_write_error(error)
            raise DestinationError("the image cannot be copied", str(path), why) from error
        raise
    return state


def _copy_media(earlier: EarlierImage, file: RescueFile, hooks: JobHooks) -> None:
    """Copy the media of the image into the rescue file, and prove it by a digest of the manifest."""
    algorithm, expected = next(iter(sorted(earlier.manifest.media.digests.items(), reverse=True)))
    digest, done = hashlib.new(algorithm), 0
    names = tuple(segment.file for segment in earlier.manifest.segments)
    folders = earlier.manifest.other_folders
    with open_image(earlier.path, expected_names=names, folders=folders) as image:
        for piece in image.media():
            if hooks.stop.is_set():
                raise StoppedError("stopped while the earlier image was copied", do="Nothing was begun")
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
    bad = count_sectors(earlier.manifest.read.unreadable)
    name = Sidecar.MANIFEST.beside(earlier.path.with_suffix("")).name
    return f"{name}, SHA-256 {earlier.manifest_sha256}: all its media but {bad} bad sectors, which are tried again"
