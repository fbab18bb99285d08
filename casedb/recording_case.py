"""An open case with the writing end of its ledger: one transaction for whatever is told to it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from casedb.case_reader import CaseReader
from casedb.checkpoint_copies import keep_copy
from casedb.image_paths import recorded_path
from casedb.ledger import Ledger
from casedb.ledger_reading import RowSource
from image.errors import CaseError


class RecordingCase(CaseReader):
    """An open case that may be written to; `ledger` is None where it is open for reading only."""

    def __init__(
        self, folder: Path, connection: sqlite3.Connection, rows: RowSource, ledger: Ledger | None = None
    ) -> None:
        super().__init__(folder, connection, rows)
        self._ledger = ledger

    @contextmanager
    def _recording(self, what: str) -> Iterator[Ledger]:
        """The ledger, held for one transaction.

        Raises:
            CaseError: the case is open for reading only, or `what` could not be recorded.
        """
        if self._ledger is None:
            raise CaseError(f"not recorded: {what}", str(self.folder), "The case is open for reading only")
        with self._ledger.recording(what):
            yield self._ledger
            made = self._ledger.take_made()
        if made is not None:
            keep_copy(self.folder, made)

    def _recorded(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Paths as the record keeps them."""
        return tuple(recorded_path(self.folder, Path(path)) for path in paths)
