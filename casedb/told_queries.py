"""The questions about what people told: case, people, exhibits and custody, as corrected and as far as it is left.

What was redacted keeps its place and says so; only its number, its time and the reference of its exhibit are known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter

from casedb.amendments import Correction, Redaction
from casedb.clock_queries import read_clocks
from casedb.correcting import WITHDRAWN, StoredCorrection, lay_over
from casedb.entry import EntryKind
from casedb.ledger_reading import CHECK_IT, Columns, RowSource, instants_in, read_ledger_id, record_from
from casedb.records import Case, ClockFacts, CustodyEvent, Exhibit, Person
from casedb.redaction_queries import of_kind, read_redactions, redacted_rows
from image.errors import CaseError

_CUSTODY_PEOPLE = ("released_by", "received_by", "witness", "performed_by")
_SOMEBODY: Columns = {"person_id": "", "name": "", "role": None}


@dataclass(frozen=True)
class Amended:
    """Everything that changed how facts are read: corrections by the entry they amend, and redactions."""

    corrections: Mapping[int, tuple[StoredCorrection, ...]]
    redactions: tuple[Redaction, ...]

    def as_it_stands(
        self, row: Columns, people: Mapping[str, Person] | None = None
    ) -> tuple[Columns, tuple[Correction, ...]]:
        """The columns of an entry as they stand now, and the corrections that made them so."""
        corrections = self.corrections.get(row["sequence"])
        if corrections is None:
            return dict(row), ()
        names = {item.person_id: item.name for item in (people or {}).values()}
        try:
            return lay_over(row, corrections, names)
        except (ValueError, TypeError) as error:
            what = f"a correction of entry {row['sequence']} was altered"
            raise CaseError(what, "corrected_fields", CHECK_IT) from error

    def with_redacted(self, rows: Iterable[Columns], *kinds: EntryKind) -> list[Columns]:
        """These rows and a stand-in for each redacted entry of these kinds, in the order of the entries."""
        return sorted((*rows, *redacted_rows(self.redactions, *kinds)), key=itemgetter("sequence"))


@dataclass(frozen=True)
class _Field:
    """One field of one correction."""

    sequence: int
    field: str
    value: str | None


def read_amended(rows: RowSource) -> Amended:
    """Every correction and redaction of the record."""
    redactions = read_redactions(rows)
    values: dict[int, Columns] = {}
    for row in rows.query("SELECT * FROM corrected_fields ORDER BY sequence, position"):
        told = record_from(_Field, row)
        values.setdefault(told.sequence, {})[told.field] = told.value
    found = [
        StoredCorrection(
            record_from(Correction, row, instants_in(row, "recorded")), values.get(row["sequence"], {})
        )
        for row in rows.query("SELECT * FROM corrections")
    ]
    found += [StoredCorrection(_redacted(item), {}) for item in of_kind(redactions, EntryKind.CORRECTED)]
    by_entry: dict[int, tuple[StoredCorrection, ...]] = {}
    for item in sorted(found, key=lambda item: item.correction.sequence):
        amends = item.correction.amends
        by_entry[amends] = (*by_entry.get(amends, ()), item)
    return Amended(by_entry, redactions)


def _redacted(item: Redaction) -> Correction:
    """A correction of which only the place is left."""
    return Correction(item.redacted_sequence, item.concerns or 0, item.written, redacted_by=item.sequence)


def read_case(rows: RowSource, amended: Amended | None = None) -> Case:
    """The case.

    Raises:
        CaseError: the database holds none.
    """
    amended = amended or read_amended(rows)
    people = read_people(rows, amended)
    columns, corrections = amended.as_it_stands(_case_row(rows, amended), people)
    columns["ledger_id"] = columns.get("ledger_id") or read_ledger_id(rows)
    examiner = columns.pop("examiner", None)
    case = record_from(Case, columns, instants_in(columns, "created"), {"examiner": _SOMEBODY})
    return replace(case, examiner=_person(people, examiner), corrections=corrections)


def _case_row(rows: RowSource, amended: Amended) -> Columns:
    """The row of the case, or what stands in its place."""
    found = amended.with_redacted(rows.query("SELECT * FROM cases"), EntryKind.CASE_CREATED)
    if not found:
        raise CaseError("the database holds no case", "", CHECK_IT)
    return found[0]


def case_sequence(rows: RowSource) -> int:
    """The number of the entry that opened the case.

    Raises:
        CaseError: the database holds none.
    """
    return int(_case_row(rows, read_amended(rows))["sequence"])


def read_people(rows: RowSource, amended: Amended | None = None) -> dict[str, Person]:
    """Everyone named in the record, by id, in the order of their entries."""
    amended = amended or read_amended(rows)
    found = amended.with_redacted(rows.query("SELECT * FROM people"), EntryKind.PERSON_ADDED)
    return {row["person_id"]: _told_person(row, amended) for row in found}


def read_person(rows: RowSource, sequence: int) -> Person:
    """The person whom the entry of this number named just now."""
    [row] = rows.query("SELECT * FROM people WHERE sequence = ?", [sequence])
    return _told_person(row, read_amended(rows))


def _told_person(row: Columns, amended: Amended) -> Person:
    """One person, as corrected."""
    columns, corrections = amended.as_it_stands(row)
    return record_from(Person, columns, {"corrections": corrections})


def _person(people: Mapping[str, Person], number: str | None) -> Person:
    """The person of this id; where nothing tells of them any more, that is said."""
    return people.get(number or "") or Person(number or "", "not in the record any more", None)


def read_exhibits(rows: RowSource, amended: Amended | None = None) -> tuple[Exhibit, ...]:
    """Every exhibit, in the order of their entries."""
    amended = amended or read_amended(rows)
    found = amended.with_redacted(rows.query("SELECT * FROM exhibits"), EntryKind.EXHIBIT_ADDED)
    return tuple(_exhibit(row, amended) for row in found)


def _exhibit(row: Columns, amended: Amended) -> Exhibit:
    """One exhibit, as corrected."""
    columns, corrections = amended.as_it_stands(row)
    return record_from(Exhibit, columns, instants_in(columns, "added"), {"corrections": corrections})


def read_exhibit(rows: RowSource, reference: str) -> Exhibit | None:
    """The exhibit of this reference, if there is one."""
    amended = read_amended(rows)
    named = rows.query("SELECT * FROM exhibits WHERE reference = ?", [reference])
    found = amended.with_redacted(named, EntryKind.EXHIBIT_ADDED)
    return next((_exhibit(row, amended) for row in found if row["reference"] == reference), None)


def read_custody(rows: RowSource, reference: str, amended: Amended | None = None) -> tuple[CustodyEvent, ...]:
    """What happened to an exhibit, in the order of the entries."""
    amended = amended or read_amended(rows)
    people, clocks = read_people(rows, amended), read_clocks(rows, reference)
    told = rows.query("SELECT * FROM custody_events WHERE exhibit = ?", [reference])
    found = amended.with_redacted(told, EntryKind.CUSTODY_RECORDED)
    return tuple(
        _custody_event(row, amended, people, clocks.get(row["sequence"]))
        for row in found
        if row["exhibit"] == reference
    )


def _custody_event(
    row: Columns, amended: Amended, people: Mapping[str, Person], clock: ClockFacts | None
) -> CustodyEvent:
    """One event as corrected, its people by name."""
    columns, corrections = amended.as_it_stands(row, people)
    told: Columns = {"corrections": corrections, "clock": clock, WITHDRAWN: bool(columns.get(WITHDRAWN))}
    for part in _CUSTODY_PEOPLE:
        number = columns.get(part)
        told[part] = None if number is None else _person(people, number)
    return record_from(CustodyEvent, columns, instants_in(columns, "at", "recorded"), told)
