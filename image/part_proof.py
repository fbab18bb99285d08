"""The durable part of an unfinished image, read back from the medium and compared with what its journal says.

Nothing on disk is changed here. What comes out is what the job needs to go on: every digest where it stood.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from image.digests import Hasher
from image.durable_part import DurablePart
from image.forms import ImageForm
from image.media_digest import MediaDigester


@dataclass(frozen=True)
class ProvenPart:
    """A part that is on the medium as the journal says, with the digests as they stood at its watermark.

    `hashers` are of the media, one for each algorithm but SHA-256, which `media` holds; `file_hasher` is the
    SHA-256 of the open segment file, None for raw; `samples` are the sectors that were asked for, by number.
    """

    part: DurablePart
    hashers: Mapping[str, Hasher]
    media: MediaDigester
    file_hasher: Hasher | None
    samples: Mapping[int, bytes]


def _ignore(_: int) -> None:
    """Tell nobody how far the reading is."""


def prove_part(
    output: Path,
    part: DurablePart,
    form: ImageForm,
    algorithms: Collection[str],
    samples: Collection[int] = (),
    passed: Callable[[int], None] = _ignore,
) -> ProvenPart:
    """Read the part at `output`, a path without extension, from the medium, and prove it.

    `passed` is called with the bytes of media of each piece; what it raises ends the reading. `samples` are
    sectors before the watermark.

    Raises:
        DestinationError: a file is not there, is shorter, cannot be read, or is not what was written; names the
            first range that differs.
    """
    raise NotImplementedError
