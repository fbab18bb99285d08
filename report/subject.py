"""What a report is about: one exhibit, the acquisition that counts and the verification that counts."""

from dataclasses import dataclass

from casedb.records import Acquisition, AcquisitionState, ExhibitRecord, ImportedImage, Manifest, Verification


@dataclass(frozen=True)
class Subject:
    """The record with its parts chosen: the latest finished acquisition, else the latest; its verifications.

    `imported` is what is stated of the image where it was made elsewhere; an image without a manifest of ours is
    chosen where no acquisition was finished.
    """

    record: ExhibitRecord
    acquisition: Acquisition | None
    others: tuple[Acquisition, ...]
    verifications: tuple[Verification, ...]
    imported: ImportedImage | None = None

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
    imported = _import_of(record, chosen)
    number = imported.sequence if imported is not None else chosen.started_sequence if chosen is not None else None
    mine = [item for item in record.verifications if number is not None and item.acquisition == number]
    return Subject(record, chosen, others, tuple(sorted(mine, key=lambda item: item.sequence)), imported)


def _import_of(record: ExhibitRecord, chosen: Acquisition | None) -> ImportedImage | None:
    """The import that the report is about: of the chosen acquisition, or the last where none was finished."""
    if chosen is None or chosen.manifest is None:
        return record.imports[-1] if record.imports else None
    return next((item for item in record.imports if item.sequence == chosen.started_sequence), None)


def _weight(acquisition: Acquisition) -> tuple[bool, int]:
    """Finished ones weigh more than unfinished, later ones more than earlier."""
    finished = acquisition.state is AcquisitionState.COMPLETE and acquisition.manifest is not None
    return finished, acquisition.started_sequence
