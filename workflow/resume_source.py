"""Whether the source that a resumed job was given is the one it was begun with."""

from collections.abc import Iterable

from acquire.media import Source
from acquire.same_drive import identity_differences
from acquire.sample_comparison import compare_samples
from image.errors import SourceError
from image.job import SourceFacts
from image.part_proof import ProvenPart

ADVICE = "Give the source that the image was begun from"


def require_same_facts(then: SourceFacts, now: SourceFacts) -> None:
    """See that capacity, sector size, serial number and WWN are what they were, as far as both are known.

    Raises:
        SourceError: they are not; names each.
    """
    different = identity_differences(then, now)
    if different:
        raise SourceError(f"another source, or a changed one ({'; '.join(different)})", now.path, ADVICE)


def require_same_sectors(source: Source, path: str, proven: ProvenPart, *, vouched: bool) -> str:
    """See that the source still holds what the image holds, in the sectors picked out; tells what was compared.

    `source` is the stretch that is imaged; `vouched` says that a person answers for it where nothing is compared.

    Raises:
        SourceError: a sector reads otherwise, or none can be compared and nobody vouches for the source.
    """
    if not proven.part.next_sector:
        return "nothing to compare yet"
    return require_same_samples(source, path, sorted(proven.samples.items()), vouched=vouched)


def require_same_samples(source: Source, path: str, samples: Iterable[tuple[int, bytes]], *, vouched: bool) -> str:
    """See that these sectors read as they did; tells what was compared.

    Raises:
        SourceError: a sector reads otherwise, or none can be compared and nobody vouches for the source.
    """
    found = compare_samples(source, samples)
    if found.differing_sector is not None:
        what = f"sector {found.differing_sector} of the image reads otherwise now"
        raise SourceError(what, path, ADVICE)
    if found.equal:
        unread = f", {found.unreadable} not readable now" if found.unreadable else ""
        return f"{found.equal} sectors read as before{unread}"
    if vouched:
        return "no sector could be compared: --same-device was given"
    what = "none of the sectors read before can be read now, so nothing shows that it is the same source"
    raise SourceError(what, path, "Give --same-device if it is")
