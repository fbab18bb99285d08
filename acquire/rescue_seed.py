"""A rescue that begins with what a finished image holds: proven and copied, its bad sectors to be tried again."""

import hashlib

from acquire.earlier_image import EarlierImage
from acquire.event_kinds import EventKind
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_file import RescueFile
from acquire.rescue_state import RescueState, new_rescue
from image.badmap import map_of_bad_ranges
from image.errors import ImageNotReadError, StoppedError
from image.opening import open_image
from image.progress import Progress
from image.sectors import count_sectors
from image.sidecars import Sidecar


def seed_rescue(request: AcquisitionRequest, hooks: JobHooks, earlier: EarlierImage) -> RescueState:
    """Begin a rescue with the media of an image, which must be what its manifest says.

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
