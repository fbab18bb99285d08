"""A rescue that begins with what a finished image holds: proven and copied, what was unread to be tried again."""

import hashlib

from acquire.earlier_image import EarlierImage
from acquire.event_kinds import EventKind
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_file import RescueFile
from acquire.rescue_state import RescueState, new_rescue
from acquire.sample_comparison import Sample, sample_sectors
from image.badmap import BadSectorMap, SectorState, map_of_bad_ranges
from image.bounded_files import read_bounded
from image.errors import ImageNotReadError, StoppedError
from image.manifest_file import MAXIMUM_BYTES
from image.mapfile import decode_mapfile
from image.opening import OpenImage, open_image
from image.progress import Progress
from image.sectors import count_sectors
from image.segment_files import SegmentReadError
from image.sidecars import Sidecar, stem_of

ADVICE = "Verify it; a sound copy is needed"


def seed_rescue(request: AcquisitionRequest, hooks: JobHooks, earlier: EarlierImage) -> RescueState:
    """Begin a rescue with the media of an image, which must be what its manifest says.

    The journal names the image from the first, so that a copy that was cut short is known for one.

    Raises:
        DestinationError: an output is occupied or cannot be written; nothing is left there.
        ImageNotReadError: the image is damaged or not the manifest's; nothing is left.
        StoppedError: stopped meanwhile; nothing is left.
    """
    with new_rescue(request, hooks, earlier_map(earlier)) as state:
        copy_earlier(earlier, state, hooks)
        return state


def earlier_map(earlier: EarlierImage) -> BadSectorMap:
    """What a rescue has to do for an image: the map beside it tells sectors never tried from bad ones.

    Where that map is absent, or is not of the unread sectors that the manifest lists, all of those count as bad.
    """
    media, unread = earlier.manifest.media, earlier.manifest.read.unreadable
    path = Sidecar.MAP.beside(stem_of(earlier.path))
    try:
        found = decode_mapfile(read_bounded(path, MAXIMUM_BYTES, "map"), media.sector_size_bytes, str(path))
    except ImageNotReadError:
        found = BadSectorMap(0)
    sector_count = media.size_bytes // media.sector_size_bytes
    if found.sector_count == sector_count and tuple(found.unread_ranges()) == tuple(unread):
        return found
    return map_of_bad_ranges(sector_count, unread)


def earlier_samples(earlier: EarlierImage) -> list[Sample]:
    """Sectors spread over what an image holds, with what they hold there.

    Raises:
        ImageNotReadError: the image cannot be read.
    """
    media = earlier.manifest.media
    size = media.sector_size_bytes
    sectors = sample_sectors(media.size_bytes // size, earlier.manifest.read.unreadable)
    with _opened(earlier) as image:
        access = image.access()
        try:
            return [(sector, access.read_at(sector * size, size)) for sector in sectors]
        except SegmentReadError as error:
            raise ImageNotReadError(
                f"the image cannot be read ({error.reason})", str(earlier.path), ADVICE
            ) from error
        finally:
            access.close()


def copy_earlier(earlier: EarlierImage, state: RescueState, hooks: JobHooks) -> None:
    """Copy the media of an image into the rescue file, and prove it by a digest of its manifest.

    Raises:
        ImageNotReadError: the image is damaged or not the manifest's.
        StoppedError: stopped meanwhile.
        OSError: the system could not write.
    """
    algorithm, expected = next(iter(sorted(earlier.manifest.media.digests.items(), reverse=True)))
    with _opened(earlier) as image:
        found, size_bytes = _copied(image, algorithm, state.file, hooks)
    if found != expected or size_bytes != state.file.size_bytes:
        what = f"the image does not hold what its manifest says ({algorithm} differs)"
        raise ImageNotReadError(what, str(earlier.path), ADVICE)
    state.file.sync()
    state.history.add_event(hooks.clock.now(), EventKind.EARLIER_IMAGE, _story(earlier, state.map))


def _opened(earlier: EarlierImage) -> OpenImage:
    """The image, with the segments that its manifest names."""
    names = tuple(segment.file for segment in earlier.manifest.segments)
    return open_image(earlier.path, expected_names=names, folders=earlier.manifest.other_folders)


def _copied(image: OpenImage, algorithm: str, file: RescueFile, hooks: JobHooks) -> tuple[str, int]:
    """Copy the media of the image; the digest and the size in bytes of what it gave."""
    digest, done = hashlib.new(algorithm), 0
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
    return digest.hexdigest(), done


def _story(earlier: EarlierImage, to_do: BadSectorMap) -> str:
    """Which image the rescue began with, and what it has to do."""
    bad = count_sectors(to_do.bad_ranges())
    untried = to_do.sector_count - bad - count_sectors(to_do.ranges(SectorState.FINISHED))
    name = f"{earlier.version.manifest}, SHA-256 {earlier.manifest_sha256}"
    first = f" and {untried} sectors that were not tried to the end, which are tried first" if untried else ""
    return f"{name}: all its media but {bad} bad sectors, which are tried again{',' if first else ''}{first}"
