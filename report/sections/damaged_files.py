"""The files that hold sectors which could not be read, or which the image does not hold as they were acquired."""

from collections.abc import Sequence

from casedb.records import AffectedFile, DamagedFiles, SectorRange, VerificationResult
from report.document import Block, Column, Fact, Paragraph, Section, Table, Tone, in_words
from report.limits import Limits
from report.phrases import files_text, sectors_text
from report.sections.reading import left_out_text
from report.statements import FILES_FOUND, FILES_NONE
from report.terms import term
from report.wording import english, say, say_number

WHERE = english("the verification result holds the first 10,000")
_COLUMNS = (
    Column(english("File"), 44, code=True),
    Column(english("State"), 13),
    Column(english("Bytes"), 14, right=True),
    Column(english("Unread"), 9, right=True),
    Column(english("Damaged"), 9, right=True),
    Column(english("What of it"), 14),
)
_STRUCTURE_COLUMNS = (
    Column(english("Structure"), 38),
    Column(english("Sectors"), 34),
    Column(english("Unread"), 14, right=True),
    Column(english("Damaged"), 14, right=True),
)
_LEFT_OUT_COLUMNS = (Column(english("Where"), 40), Column(english("Why"), 60))


def damaged_files_section(result: VerificationResult | None, limits: Limits) -> Section | None:
    """The section, where a verification looked for such files."""
    found = result.files if result is not None else None
    if found is None or not (found.damaged_sectors or found.unread_sectors):
        return None
    blocks: list[Block] = [Paragraph(count_text(found), Tone.CAUTION), Paragraph(say(FILES_FOUND))]
    if found.affected:
        blocks.append(_file_table(found, limits.files))
    if found.structures:
        blocks.append(_structure_table(found, limits.files))
    if found.not_walked:
        rows = tuple((item.where, item.reason) for item in found.not_walked[: limits.files])
        left_out = left_out_text(len(rows), len(found.not_walked), _places_text(len(found.not_walked)), say(WHERE))
        blocks.append(Table(say("Not looked at"), in_words(_LEFT_OUT_COLUMNS), rows, left_out))
    return Section(_title(found), tuple(blocks))


def damaged_files_facts(result: VerificationResult | None) -> tuple[Fact, ...]:
    """The number of such files as one fact of a summary, where they were looked for."""
    found = result.files if result is not None else None
    if found is None or not (found.damaged_sectors or found.unread_sectors):
        return ()
    return (Fact(_title(found), count_text(found), tone=Tone.CAUTION),)


def count_text(found: DamagedFiles) -> str:
    """How many files hold such sectors, in one sentence."""
    incomplete = f" {say('Not all of the medium could be looked at.')}" if found.not_walked else ""
    if not found.affected_count:
        return f"{say(FILES_NONE, kinds=_kinds(found))}{incomplete}"
    told = say_number(
        "{count} file contains {kinds} sectors.",
        "{count} files contain {kinds} sectors.",
        found.affected_count,
        kinds=_kinds(found),
    )
    return f"{told}{incomplete}"


def _kinds(found: DamagedFiles) -> str:
    """Whether sectors are unread, damaged, or some are each."""
    if found.unread_sectors and found.damaged_sectors:
        return say("unread or damaged")
    return say("unread") if found.unread_sectors else say("damaged")


def _places_text(count: int) -> str:
    """A number of places."""
    return say_number("{count} place", "{count} places", count)


def _structures_text(count: int) -> str:
    """A number of structures."""
    return say_number("{count} structure", "{count} structures", count)


def _title(found: DamagedFiles) -> str:
    """The heading."""
    return say("Files that hold {kinds} sectors", kinds=_kinds(found))


def _file_table(found: DamagedFiles, limit: int) -> Table:
    """The files, as many as are printed."""
    rows = tuple(_row(item) for item in found.affected[:limit])
    left_out = left_out_text(len(rows), found.affected_count, files_text(found.affected_count), say(WHERE))
    return Table(say("Files, found by {program}", program=found.program), in_words(_COLUMNS), rows, left_out)


def _row(item: AffectedFile) -> tuple[str | None, ...]:
    """One file."""
    size = say("not known") if item.size_bytes is None else str(item.size_bytes)
    what = ", ".join(dict.fromkeys(term(part.holding.value) for part in item.parts))
    linked = item.link_count > 1 and item.kind != "folder"
    more = f" {say('(and {count} more names)', count=item.link_count - 1)}" if linked else ""
    path = f"{_place(item.partition)}{item.paths[0]}{more}"
    state = term(item.state)
    if item.kind != "file":
        state = say("{state} {kind}", state=state, kind=term(item.kind))
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
    left_out = left_out_text(len(rows), len(found.structures), _structures_text(len(found.structures)), say(WHERE))
    return Table(say("Structures and other space"), in_words(_STRUCTURE_COLUMNS), rows, left_out)


def _place(partition: int | None) -> str:
    """A partition in front of a name."""
    return "" if partition is None else say("partition {number}: ", number=partition)


def _ranges(ranges: Sequence[SectorRange]) -> str:
    """The first sector ranges of a structure."""
    told = ", ".join(sectors_text(item) for item in ranges[:3])
    return say("{told}, and more", told=told) if len(ranges) > 3 else told
