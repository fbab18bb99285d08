"""The files that hold sectors which could not be read, or which the image does not hold as they were acquired."""

from collections.abc import Sequence

from casedb.records import AffectedFile, DamagedFiles, SectorRange, VerificationResult
from report.document import Block, Column, Fact, Paragraph, Section, Table, Tone
from report.limits import Limits
from report.phrases import counted, sectors_text
from report.sections.reading import left_out_text
from report.statements import FILES_FOUND, FILES_NONE

WHERE = "the verification result holds the first 10,000"
_COLUMNS = (
    Column("File", 44, code=True),
    Column("State", 13),
    Column("Bytes", 14, right=True),
    Column("Unread", 9, right=True),
    Column("Damaged", 9, right=True),
    Column("What of it", 14),
)
_STRUCTURE_COLUMNS = (
    Column("Structure", 38),
    Column("Sectors", 34),
    Column("Unread", 14, right=True),
    Column("Damaged", 14, right=True),
)
_LEFT_OUT_COLUMNS = (Column("Where", 40), Column("Why", 60))


def damaged_files_section(result: VerificationResult | None, limits: Limits) -> Section | None:
    """The section, where a verification looked for such files."""
    found = result.files if result is not None else None
    if found is None or not (found.damaged_sectors or found.unread_sectors):
        return None
    blocks: list[Block] = [Paragraph(count_text(found), Tone.CAUTION), Paragraph(FILES_FOUND)]
    if found.affected:
        blocks.append(_file_table(found, limits.files))
    if found.structures:
        blocks.append(_structure_table(found, limits.files))
    if found.not_walked:
        rows = tuple((item.where, item.reason) for item in found.not_walked[: limits.files])
        left_out = left_out_text(len(rows), len(found.not_walked), "place", WHERE)
        blocks.append(Table("Not looked at", _LEFT_OUT_COLUMNS, rows, left_out))
    return Section(_title(found), tuple(blocks))


def damaged_files_facts(result: VerificationResult | None) -> tuple[Fact, ...]:
    """The number of such files as one fact of a summary, where they were looked for."""
    found = result.files if result is not None else None
    if found is None or not (found.damaged_sectors or found.unread_sectors):
        return ()
    return (Fact(_title(found), count_text(found), tone=Tone.CAUTION),)


def count_text(found: DamagedFiles) -> str:
    """How many files hold such sectors, in one sentence."""
    kinds = " or ".join(_kinds(found))
    incomplete = " Not all of the medium could be looked at." if found.not_walked else ""
    if not found.affected_count:
        return f"{FILES_NONE.format(kinds=kinds)}{incomplete}"
    verb = "contains" if found.affected_count == 1 else "contain"
    return f"{counted(found.affected_count, 'file')} {verb} {kinds} sectors.{incomplete}"


def _kinds(found: DamagedFiles) -> list[str]:
    """Whether sectors are unread, damaged, or some are each."""
    return [*(["unread"] if found.unread_sectors else []), *(["damaged"] if found.damaged_sectors else [])]


def _title(found: DamagedFiles) -> str:
    """The heading."""
    return f"Files that hold {' or '.join(_kinds(found))} sectors"


def _file_table(found: DamagedFiles, limit: int) -> Table:
    """The files, as many as are printed."""
    rows = tuple(_row(item) for item in found.affected[:limit])
    left_out = left_out_text(len(rows), found.affected_count, "file", WHERE)
    return Table(f"Files, found by {found.program}", _COLUMNS, rows, left_out)


def _row(item: AffectedFile) -> tuple[str | None, ...]:
    """One file."""
    size = "not known" if item.size_bytes is None else str(item.size_bytes)
    what = ", ".join(dict.fromkeys(part.holding.value for part in item.parts))
    more = f" (and {item.link_count - 1} more names)" if item.link_count > 1 and item.kind != "folder" else ""
    path = f"{_place(item.partition)}{item.paths[0]}{more}"
    state = item.state if item.kind == "file" else f"{item.state} {item.kind}"
    return path, state, size, str(item.unread_sectors), str(item.damaged_sectors), what


def _structure_table(found: DamagedFiles, limit: int) -> Table:
    """The structures, as many as are printed."""
    rows = tuple(
        (
            f"{_place(item.partition)}{item.name}{f' ({item.detail})' if item.detail else ''}",
            _ranges(item.sectors),
            str(item.unread_sectors),
            str(item.damaged_sectors),
        )
        for item in found.structures[:limit]
    )
    left_out = left_out_text(len(rows), len(found.structures), "structure", WHERE)
    return Table("Structures and other space", _STRUCTURE_COLUMNS, rows, left_out)


def _place(partition: int | None) -> str:
    """A partition in front of a name."""
    return "" if partition is None else f"partition {partition}: "


def _ranges(ranges: Sequence[SectorRange]) -> str:
    """The first sector ranges of a structure."""
    told = ", ".join(sectors_text(item) for item in ranges[:3])
    return f"{told}, and more" if len(ranges) > 3 else told
