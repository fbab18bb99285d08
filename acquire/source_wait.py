"""How a lost source is waited for, and with what it is read again: lent to the job by the workflow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from acquire.attachment import Attachment, Returned
from acquire.media import Source
from acquire.sector_samples import SectorSamples
from image.job import WriteProtection

MAXIMUM_LOSSES_AT_ONE_PLACE = 3
"""A drive that goes away at the same sectors so often is not waited for again: it is they that make it go."""


class RegainingReader(Protocol):
    """Whoever reads a source that may be lost: it knows sectors of it, and goes on when it is back."""

    @property
    def samples(self) -> SectorSamples:
        """Sectors that were read, numbered on the whole device."""
        ...

    def go_on_with(self, source: Source) -> None:
        """Read from this source now: the same media, attached anew."""
        ...


@dataclass
class SourceWait:
    """How a lost source is waited for: at most so many seconds (0: not at all), where, and who reads it.

    `stretch` makes the source of the job from the whole media; `plan` says how a source that was attached anew is
    to be protected, from how it was before.
    """

    seconds: int
    attachment: Attachment
    reader: RegainingReader
    stretch: Callable[[Source], Source]
    plan: Callable[[Returned, WriteProtection], WriteProtection]
    _last_place: int = -1
    _losses: int = 0

    def is_worth_it(self, first_sector: int) -> bool:
        """Whether a source that was lost at this sector is waited for; counts the losses there."""
        self._losses = self._losses + 1 if first_sector == self._last_place else 1
        self._last_place = first_sector
        return self.seconds > 0 and self._losses <= MAXIMUM_LOSSES_AT_ONE_PLACE


WaitFor = Callable[[RegainingReader], SourceWait | None]
"""How the source is waited for when this reader loses it, or None where that is not wished."""


def wait_for_nothing(_: RegainingReader) -> SourceWait | None:
    """Wait for no source."""
    return None
