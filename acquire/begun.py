"""What the writing of an image is handed when it was begun before, by a rescue or by a job that was interrupted."""

from dataclasses import dataclass
from typing import Protocol

from acquire.journal_file import JournalFile
from acquire.read_history import ReadHistory
from acquire.reader import BatchRead
from image.badmap import BadSectorMap
from image.destinations import Destination
from image.findings import Finding
from image.part_proof import ProvenPart
from image.sectors import SectorRange


class BatchReader(Protocol):
    """Whatever fills batches with the media, in order."""

    def read_batch(self, view: memoryview, sectors: SectorRange) -> BatchRead:
        """Fill the view with these sectors, unreadable ones with zeros.

        Raises:
            StoppedError: nothing more can be read.
        """
        ...


@dataclass(frozen=True)
class BegunJob:
    """A job whose journals stand, locked, at every destination; `history` tells how the reading went so far.

    Of a rescue, `final_map` holds the state of every sector. `findings` are those of the reading. Of a job that was
    interrupted, `proven` is the part of the image that stands, the same at every destination.
    """

    destinations: tuple[Destination, ...]
    journals: dict[Destination, JournalFile]
    history: ReadHistory
    final_map: BadSectorMap | None = None
    findings: tuple[Finding, ...] = ()
    proven: ProvenPart | None = None
