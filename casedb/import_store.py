"""What can be told to a case about images made elsewhere, files attached, and images that went elsewhere."""

from dataclasses import replace
from pathlib import Path

from casedb import import_queries, queries
from casedb.attachments import NewAttachment
from casedb.entry import EntryKind
from casedb.image_paths import image_stems, recorded_path
from casedb.import_intake import ImageImported, ImageRelocated
from casedb.ledger_reading import RowSource, read_entry, read_head
from casedb.recording_case import RecordingCase
from casedb.records import AcquisitionState, Attachment, ImportedImage
from image.errors import UsageError


class ImportStore(RecordingCase):
    """The part of an open case that is about images and files from elsewhere."""

    def find_import(self, image_path: Path) -> ImportedImage | None:
        """The imported image whose file (or path without extension) this is, if the case knows it."""
        with self._reading() as rows:
            return import_queries.find_import(rows, self.recorded_stems(image_path))

    def recorded_stems(self, image_path: Path) -> tuple[str, ...]:
        """The paths without extension, as the record keeps them, that an image file may belong to."""
        return tuple(recorded_path(self.folder, stem) for stem in image_stems(image_path))

    def attachments(self, reference: str | None = None) -> tuple[Attachment, ...]:
        """The files attached to an exhibit, or to any of them."""
        with self._reading() as rows:
            return import_queries.read_attachments(rows, reference)

    def import_image(self, facts: ImageImported, exhibit: str) -> ImportedImage:
        """Record an image that was made elsewhere; `facts.path` is as this process sees it.

        Raises:
            UsageError: no such exhibit, or the case knows the image already.
            CaseError: not recorded; so does everything below that writes.
        """
        self.exhibit(exhibit)
        path = self._recorded((facts.path,))[0]
        with self._recording(f"the import of {facts.image.path}") as ledger:
            self._refuse_known(path, facts.manifest_sha256)
            sequence = ledger.append(EntryKind.IMAGE_IMPORTED, replace(facts, path=path), exhibit)
            return import_queries.read_import(self._rows, sequence)

    def refuse_known_image(self, path: str, manifest_sha256: str | None) -> None:
        """See that an image, given by its path without extension, is new to the case.

        Raises:
            UsageError: it is not.
        """
        with self._reading():
            self._refuse_known(self._recorded((path,))[0], manifest_sha256)

    def _refuse_known(self, path: str, manifest_sha256: str | None) -> None:
        """Raise UsageError where the case has recorded this image before."""
        if queries.is_output_recorded(self._rows, path):
            do = "Nothing is to be done: see it with `diskwitness exhibit show REF`"
            raise UsageError("the case knows this image already", path, do)
        known = queries.find_acquired(self._rows, manifest_sha256) if manifest_sha256 is not None else None
        if known is not None:
            what = f"the case knows this image already, by entry {known.started_sequence}, at {known.paths[0]}"
            raise UsageError(what, path, "If it was moved: diskwitness exhibit relocate REF IMAGE NEW_PLACE")

    def attach_file(self, attachment: NewAttachment) -> Attachment:
        """Record a file that lies in the case folder by now.

        Raises:
            UsageError: no such exhibit, or the entry it is to belong to is none of this exhibit.
        """
        self.require_event(attachment.exhibit, attachment.event)
        with self._recording(f"the attachment {attachment.name!r}") as ledger:
            sequence = ledger.append(EntryKind.FILE_ATTACHED, attachment, attachment.exhibit)
            found = import_queries.read_attachments(self._rows, attachment.exhibit)
            return next(item for item in found if item.sequence == sequence)

    def require_event(self, exhibit: str, event: int | None) -> None:
        """See that a file can be attached to this exhibit, and to this entry of it.

        Raises:
            UsageError: it cannot.
        """
        self.exhibit(exhibit)
        if event is None:
            return
        with self._reading() as rows:
            last = read_head(rows).size
            owner = read_entry(rows, event).exhibit if 0 < event <= last else None
        if owner != exhibit:
            do = "See them with: diskwitness custody show EXHIBIT"
            raise UsageError(f"entry {event} of the ledger records nothing of exhibit {exhibit!r}", do=do)

    def relocate_image(self, move: ImageRelocated) -> tuple[str, ...]:
        """Record that an image lies elsewhere; returns where all images of the acquisition lie now.

        `move.path` is as this process sees it, `move.old_path` as the record keeps it.

        Raises:
            UsageError: it does not lie where it is to be moved from, or the new place is another image's.
        """
        move = replace(move, path=self._recorded((move.path,))[0])
        with self._recording(f"the new place {move.path}") as ledger:
            exhibit, paths = known_image(self._rows, move.acquisition)
            if move.old_path not in paths:
                raise UsageError("the image does not lie there any more", move.old_path, f"Now: {', '.join(paths)}")
            if move.path in paths:
                raise UsageError("an image of the same acquisition lies there already", move.path)
            ledger.append(EntryKind.IMAGE_RELOCATED, move, exhibit)
            return known_image(self._rows, move.acquisition)[1]

    def require_image(self, sequence: int) -> None:
        """See that the entry of this number started or imported an image.

        Raises:
            CaseError: it did not.
        """
        with self._reading() as rows:
            known_image(rows, sequence)


def known_image(rows: RowSource, sequence: int) -> tuple[str | None, tuple[str, ...]]:
    """The exhibit of an acquisition or import, and where its images lie; of an unfinished one there are none.

    Raises:
        CaseError: the entry of this number started and imported none.
    """
    if next(rows.query("SELECT 1 FROM acquisitions WHERE sequence = ?", [sequence]), None) is None:
        imported = import_queries.read_import(rows, sequence)
        return imported.exhibit, (imported.path,)
    acquisition = queries.read_acquisition(rows, sequence)
    is_whole = acquisition.state is AcquisitionState.COMPLETE
    return acquisition.exhibit, acquisition.paths if is_whole else ()
