"""What can be asked of an open case."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from casedb import queries, told_queries
from casedb.bundle import Exported, export_bundle
from casedb.connection import DATABASE_ERRORS
from casedb.copying import copy_database
from casedb.image_paths import IMAGES_FOLDER, image_stems, is_taken, numbered, recorded_path, safe_file_name
from casedb.ledger_copy import copy_ledger
from casedb.ledger_excerpt import read_excerpt
from casedb.ledger_reading import RowSource, read_head, read_ledger_id
from casedb.record_queries import read_case_record, read_exhibit_record
from casedb.recorded_files import RecordedFile, read_recorded_files
from casedb.records import (
    Acquisition,
    Case,
    CaseClosing,
    CaseRecord,
    CheckpointProof,
    CustodyEvent,
    Exhibit,
    ExhibitRecord,
    KeptCheckpoint,
    LedgerHead,
    Person,
    TimestampStatus,
)
from casedb.references import find_person
from casedb.report_reader import ReportReader
from casedb.timestamp_queries import (
    read_checkpoint_proof,
    read_stamped_checkpoint,
    read_timestamp_status,
    read_waiting_checkpoint,
)
from image.errors import CaseError, UsageError
from image.job import CaseLink


class CaseReader(ReportReader):
    """What can be asked of an open case. Close it, or use it with `with`."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, rows: RowSource) -> None:
        self.folder = folder
        self._connection = connection
        self._rows = rows

    def __enter__(self) -> Self:
        """The open case itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.close()

    def close(self) -> None:
        """Close the database; nothing is left to write."""
        self._connection.close()

    def case(self) -> Case:
        """The case itself.

        Raises:
            CaseError: the database cannot be read; so does every question below.
        """
        with self._reading() as rows:
            return told_queries.read_case(rows)

    def closing(self) -> CaseClosing | None:
        """The last closing or reopening of the case; None where it was never closed."""
        with self._reading() as rows:
            return queries.read_closing(rows)

    def last_checkpoint(self) -> KeptCheckpoint | None:
        """The last signed checkpoint in the record."""
        with self._reading() as rows:
            return queries.read_last_checkpoint(rows)

    def timestamp_status(self) -> TimestampStatus:
        """How far the record is time-stamped, and since when it waits."""
        with self._reading() as rows:
            return read_timestamp_status(rows)

    def waiting_checkpoint(self) -> KeptCheckpoint | None:
        """The checkpoint that waits for a timestamp; None where nothing does."""
        with self._reading() as rows:
            return read_waiting_checkpoint(rows)

    def checkpoint_proof(self, ledger_size: int) -> CheckpointProof | None:
        """What can be kept elsewhere of the first so many entries: their newest checkpoint, and its token.

        It says the same whenever it is asked, so that a report can be made again.
        """
        with self._reading() as rows:
            return read_checkpoint_proof(rows, ledger_size)

    def stamped_checkpoint(self, ledger_size: int) -> CheckpointProof | None:
        """The time-stamped checkpoint that covers most of the first so many entries, as they record it."""
        with self._reading() as rows:
            return read_stamped_checkpoint(rows, ledger_size)

    def people(self) -> tuple[Person, ...]:
        """Everyone named in the record, in the order they were added."""
        with self._reading() as rows:
            return tuple(told_queries.read_people(rows).values())

    def person(self, name_or_id: str) -> Person | None:
        """The person of this id or exact name.

        Raises:
            UsageError: several people have this name.
        """
        return find_person(self.people(), name_or_id)

    def exhibits(self) -> tuple[Exhibit, ...]:
        """Every exhibit, in the order they were added."""
        with self._reading() as rows:
            return told_queries.read_exhibits(rows)

    def exhibit(self, reference: str) -> Exhibit:
        """The exhibit of this reference.

        Raises:
            UsageError: there is none; says how to add it.
        """
        with self._reading() as rows:
            found = told_queries.read_exhibit(rows, reference)
        if found is None:
            do = "Add it with: diskwitness exhibit add REF --description TEXT"
            raise UsageError(f"no exhibit {reference!r} in this case", str(self.folder), do)
        return found

    def custody(self, reference: str) -> tuple[CustodyEvent, ...]:
        """What happened to an exhibit, in the order it was written down.

        Raises:
            UsageError: there is no such exhibit.
        """
        self.exhibit(reference)
        with self._reading() as rows:
            return told_queries.read_custody(rows, reference)

    def exhibit_record(self, reference: str) -> ExhibitRecord:
        """All that the record holds about an exhibit, as of one moment.

        Raises:
            UsageError: there is no such exhibit.
        """
        with self._reading() as rows:
            return read_exhibit_record(rows, self.exhibit(reference))

    def case_record(self) -> CaseRecord:
        """All that the record holds about the case and its exhibits, as of one moment."""
        with self._reading() as rows:
            return read_case_record(rows)

    def acquisition(self, started_sequence: int) -> Acquisition:
        """The acquisition that the entry of this number started.

        Raises:
            CaseError: there is none.
        """
        with self._reading() as rows:
            return queries.read_acquisition(rows, started_sequence)

    def acquisitions(self) -> tuple[Acquisition, ...]:
        """Every acquisition of the case, those without an exhibit included, in the order they started."""
        with self._reading() as rows:
            return queries.read_all_acquisitions(rows)

    def find_acquisition(self, image_path: Path) -> Acquisition | None:
        """The acquisition whose image this file (or path without extension) is, if the case knows it."""
        paths = [recorded_path(self.folder, stem) for stem in image_stems(image_path)]
        with self._reading() as rows:
            return queries.find_acquisition(rows, paths)

    def find_acquired(self, manifest_sha256: str | None, link: CaseLink | None) -> Acquisition | None:
        """The acquisition whose manifest has this SHA-256, else the one that a manifest of this ledger names."""
        with self._reading() as rows:
            found = queries.find_acquired(rows, manifest_sha256) if manifest_sha256 is not None else None
            if found is not None or link is None or link.ledger_id != read_ledger_id(rows):
                return found
            return queries.find_started(rows, link.started_sequence)

    def next_image_path(self, reference: str) -> Path:
        """Where the next image of an exhibit goes, without extension: `images/REF/REF`, then `REF-2` ..."""
        stem = safe_file_name(self.exhibit(reference).reference)
        folder = self.folder / IMAGES_FOLDER / stem
        number = 1
        while self._is_used(folder / numbered(stem, number)):
            number += 1
        return folder / numbered(stem, number)

    def last_outputs(self, reference: str) -> tuple[Path, ...]:
        """Where the outputs of an exhibit's last acquisition lie, without extension; none where it has none."""
        self.exhibit(reference)
        with self._reading() as rows:
            found = queries.read_acquisitions(rows, reference)
        return tuple(self.folder / path for path in found[-1].paths) if found else ()

    def _is_used(self, path: Path) -> bool:
        """Whether an image lies at this path, or ever was to."""
        with self._reading() as rows:
            return is_taken(path) or queries.is_output_recorded(rows, recorded_path(self.folder, path))

    def copy_ledger(self, other: sqlite3.Connection, size: int) -> None:
        """Put the first `size` entries, payloads and checkpoints into another database of the same structure."""
        with self._reading():
            copy_ledger(self._connection, other, size)

    def ledger_excerpt(self, exhibit: str | None, people: Iterable[str], size: int) -> bytes:
        """What concerns an exhibit among the first `size` entries, each with its proof (ledger_excerpt.py)."""
        with self._reading():
            return b"".join(read_excerpt(self._connection, exhibit, people, size))

    def copy_record(self, database: Path, bundle: Path) -> Exported:
        """Copy the database into a new file and write the ledger into a new folder, both as of one moment.

        Raises:
            DestinationError: one cannot be written.
        """
        with self._reading():
            copy_database(self._connection, database)
            return export_bundle(self._connection, bundle)

    def recorded_files(self) -> tuple[RecordedFile, ...]:
        """Every file whose SHA-256 the record holds."""
        with self._reading() as rows:
            return read_recorded_files(rows)

    def export_ledger(self, folder: Path) -> Exported:
        """Write the ledger as files into a new folder.

        Raises:
            DestinationError: the folder exists already, or cannot be written.
        """
        with self._reading():
            return export_bundle(self._connection, folder)

    def head(self) -> LedgerHead:
        """Where the ledger stands."""
        with self._reading() as rows:
            return read_head(rows)

    @contextmanager
    def _reading(self) -> Iterator[RowSource]:
        """The rows of one moment, whatever others write meanwhile."""
        nested = self._connection.in_transaction
        try:
            if not nested:
                self._connection.execute("BEGIN")
            yield self._rows
        except DATABASE_ERRORS as error:
            raise CaseError(f"cannot read the case database ({error})", str(self.folder)) from error
        finally:
            if not nested and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
