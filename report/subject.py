"""What a report is about: one exhibit, the acquisition that counts and the verification that counts."""

from dataclasses import dataclass

from casedb.records import Acquisition, AcquisitionState, ExhibitRecord, Manifest, Verification


@dataclass(frozen=True)
class Subject:
    """The record with its parts chosen: the latest finished acquisition, else the latest; its verifications."""

    record: ExhibitRecord
    acquisition: Acquisition | None
    others: tuple[Acquisition, ...]
    verifications: tuple[Verification, ...]

    @property
    def manifest(self) -> Manifest | None:
        """What the acquisition did and what its image holds, once it is finished."""
        return self.acquisition.manifest if self.acquisition else None

    @property
    def verification(self) -> Verification | None:
        """The latest verification of the image, which decides."""
        return self.verifications[-1] if self.verifications else None


def subject_of(record: ExhibitRecord) -> Subject:
    """Choose from the record what the report is about."""
    ordered = sorted(record.acquisitions, key=_weight)
    chosen = ordered[-1] if ordered else None
    others = tuple(item for item in record.acquisitions if item is not chosen)
    mine = [item for item in record.verifications if chosen and item.acquisition == chosen.started_sequence]
    return Subject(record, chosen, others, tuple(sorted(mine, key=lambda item: item.sequence)))


def _weight(acquisition: Acquisition) -> tuple[bool, int]:
    """Finished ones weigh more than unfinished, later ones more than earlier."""
    finished = acquisition.state is AcquisitionState.COMPLETE and acquisition.manifest is not None
    return finished, acquisition.started_sequence
