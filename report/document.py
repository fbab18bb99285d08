"""A report as values: sections of paragraphs, facts, tables and pictures, before anyone lays them out.

The text and the PDF print the same values. A fact that is None prints as "Not recorded"; every string may come
from a drive or a stranger and is escaped where it is printed, never here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from casedb.records import Instant, SectorRange, SpeedSample
from report.statement_template import StatementTemplate
from report.wording import say


def known(value: str | None) -> str | None:
    """The value where there is something to print, None for blanks alone."""
    return value if value and value.strip() else None


class ReportKind(Enum):
    """Which document is issued."""

    ACQUISITION = "acquisition"
    CUSTODY = "custody"
    VERIFICATION = "verification"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    LABEL = "label"
    SUMMARY = "summary"


class Paper(Enum):
    """The sheet; the value is width and height in points (1/72 inch). The last two hold one label each."""

    A4 = (595.2756, 841.8898)
    LETTER = (612.0, 792.0)
    LABEL_62X29 = (175.7480, 82.2047)
    LABEL_100X50 = (283.4646, 141.7323)

    @property
    def is_label(self) -> bool:
        """Whether the sheet is one label."""
        return self in {Paper.LABEL_62X29, Paper.LABEL_100X50}


class Tone(Enum):
    """How loudly something is said; the words alone must carry the meaning."""

    PLAIN = "plain"
    GOOD = "good"
    CAUTION = "caution"
    BAD = "bad"
    FAINT = "faint"


@dataclass(frozen=True)
class Letterhead:
    """The laboratory as it wants to be printed; `logo` holds the bytes of a PNG or JPEG picture."""

    agency: str | None = None
    address: tuple[str, ...] = ()
    accreditation: str | None = None
    logo: bytes | None = None


@dataclass(frozen=True)
class Issue:
    """One issue of a report: its id, version, moment and issuer, and how it is to look.

    `supersedes` names the report that this one replaces, `amendment` the reason. `about` is the entry (of a
    verification, of a custody event) that it is made for, `entered` what was told for this report by name
    (report/entered.py), `checkpoint` a signed checkpoint as text, `stamped` when an authority time-stamped it,
    `statement` the text of a statement.
    """

    report_id: str
    issued: Instant
    issuer: str
    version: int = 1
    paper: Paper = Paper.A4
    letterhead: Letterhead = field(default_factory=Letterhead)
    supersedes: str | None = None
    amendment: str | None = None
    language: str = "en"
    about: int | None = None
    entered: Mapping[str, str] = field(default_factory=dict)
    checkpoint: str | None = None
    stamped: str | None = None
    statement: StatementTemplate | None = None


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Fact:
    """One thing known, or not: a label and its value. `code` asks for letters of one width (digests, paths)."""

    label: str
    value: str | None
    code: bool = False
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Facts:
    """Facts below each other, perhaps under a heading of their own; closer to each other where they are dense."""

    facts: tuple[Fact, ...]
    title: str | None = None
    dense: bool = False


@dataclass(frozen=True)
class Headline:
    """What the first page says loudest: one word or two, and a sentence of what they mean."""

    word: str
    meaning: str
    tone: Tone


def said_headline(headline: Headline) -> Headline:
    """A headline of a constant table, in the language of the document."""
    return replace(headline, word=say(headline.word), meaning=say(headline.meaning))


@dataclass(frozen=True)
class Column:
    """One column of a table. `share` is its part of the width; numbers stand to the right."""

    title: str
    share: int
    right: bool = False
    code: bool = False


def in_words(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Columns of a constant table, their titles in the language of the document."""
    return tuple(replace(column, title=say(column.title)) for column in columns)


@dataclass(frozen=True)
class Table:
    """Rows under columns; `left_out` says what was not printed and where it is."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    left_out: str | None = None


@dataclass(frozen=True)
class Commands:
    """Lines to be typed, each on a line of its own."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class SectorMap:
    """A picture of the whole medium and of the sectors in it that could not be read."""

    title: str
    alternative: str
    sector_count: int
    sector_size_bytes: int
    unreadable: Sequence[SectorRange]


@dataclass(frozen=True)
class SpeedCurve:
    """A picture of the reading speed over the medium, with the places that were slow."""

    title: str
    alternative: str
    sector_count: int
    sector_size_bytes: int
    samples: tuple[SpeedSample, ...]
    slow: tuple[SectorRange, ...] = ()


@dataclass(frozen=True)
class Moment:
    """One point of a timeline."""

    at: Instant
    label: str


@dataclass(frozen=True)
class Timeline:
    """A picture of what happened when."""

    title: str
    alternative: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Signer:
    """A line to be signed by hand: in which part, the name where it is known, the field for a digital signature."""

    part: str
    name: str | None = None
    field: str | None = None


@dataclass(frozen=True)
class Signatures:
    """Lines for name, date and signature."""

    signers: tuple[Signer, ...]


@dataclass(frozen=True)
class Label:
    """One label of an exhibit: short lines, a bar code (Code 128; None where it cannot say it) and a QR code."""

    title: str
    lines: tuple[tuple[str, str | None], ...]
    bar_code: str | None
    qr_code: str | None


@dataclass(frozen=True)
class Labels:
    """Labels, as many to a sheet as it holds."""

    labels: tuple[Label, ...]


@dataclass(frozen=True)
class QrCode:
    """A QR code of a text that is too long to be typed."""

    title: str
    alternative: str
    text: str


Picture = SectorMap | SpeedCurve | Timeline | QrCode
Block = Paragraph | Facts | Headline | Table | Commands | Picture | Signatures | Labels


@dataclass(frozen=True)
class Section:
    """One heading and what stands under it; `begins_page` keeps what stands before it to itself."""

    title: str
    blocks: tuple[Block, ...]
    begins_page: bool = False


@dataclass(frozen=True)
class Running:
    """What every page carries: case, exhibit (None: the whole case), the ledger's size and root, classification."""

    case_number: str
    exhibit_reference: str | None
    ledger_size: int
    ledger_root: str
    classification: str | None = None


@dataclass(frozen=True)
class Report:
    """One whole document, ready to be laid out."""

    kind: ReportKind
    title: str
    issue: Issue
    running: Running
    head: Facts
    sections: tuple[Section, ...]
