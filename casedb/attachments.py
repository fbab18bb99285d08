"""Photographs and documents of an exhibit or an event: what the ledger holds of them.

The fields are part of the ledger's bytes: one may be added with a default, none renamed or taken away.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from casedb.rows import Row, Written, moment, row

ATTACHMENTS_FOLDER = "attachments"


@dataclass(frozen=True)
class NewAttachment:
    """A file that was copied into the case: `name` as it was called, `file` where it lies in the case folder.

    `event` is the number of the entry that it belongs to, None where it belongs to the exhibit as such.
    """

    exhibit: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    file: str
    event: int | None = None
    description: str | None = None


def attachment_rows(written: Written, facts: NewAttachment) -> Iterable[Row]:
    """One attachment."""
    entry = written.entry
    yield row("attachments", sequence=entry.seq, **msgspec.to_builtins(facts), **moment("recorded", entry.at))
