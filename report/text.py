"""A report as plain text: the same values as the PDF, for terminals, logs and comparison."""

import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from report.document import (
    Block,
    Column,
    Commands,
    Fact,
    Facts,
    Headline,
    Label,
    Labels,
    Letterhead,
    Paragraph,
    Picture,
    QrCode,
    Report,
    Section,
    SectorMap,
    Signatures,
    SpeedCurve,
    Table,
    Timeline,
    Tone,
    known,
)
from report.escape import visible
from report.phrases import NOT_RECORDED, ledger_text
from report.wording import say, speaking

_WIDTH = 100
_LABEL_WIDTH = 40
_WIDEST_COLUMN = 70
_MARKS = {Tone.CAUTION: "! ", Tone.BAD: "!! "}


def render_text(report: Report) -> str:
    """Print a report as plain text of about 100 columns; digests and file names are never broken."""
    with speaking(report.issue.language):
        return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> list[str]:
    """The lines of the document."""
    running = report.running
    return [
        *_letterhead(report.issue.letterhead),
        *underlined(report.title, "="),
        *_facts(report.head),
        ledger_text(running.ledger_size, running.ledger_root[:16]),
        "",
        *render_sections(report.sections),
        say("END OF REPORT"),
    ]


def render_sections(sections: Iterable[Section]) -> list[str]:
    """The lines of numbered sections, an empty one after each block."""
    lines: list[str] = []
    for number, section in enumerate(sections, start=1):
        lines += underlined(f"{number} {section.title}", "-")
        for block in section.blocks:
            lines += _block(block)
            lines.append("")
    return lines


def printed(value: str | None) -> str:
    """A value as it is printed; a missing one says so."""
    return visible(known(value) or say(NOT_RECORDED))


def _letterhead(letterhead: Letterhead) -> list[str]:
    """The laboratory's name and address."""
    stated = [visible(line) for line in (letterhead.agency, *letterhead.address) if line]
    if letterhead.accreditation:
        stated.append(say("Accreditation {text}", text=visible(letterhead.accreditation)))
    return [*stated, ""] if stated else []


def underlined(text: str, stroke: str) -> list[str]:
    """A heading."""
    shown = visible(text)
    return [shown, stroke * _columns(shown), ""]


def _block(block: Block) -> list[str]:
    """The lines of one block."""
    for kind, render in _RENDERERS:
        if isinstance(block, kind):
            return render(block)
    raise TypeError(f"no such block: {block!r}")


def _paragraph(block: Paragraph) -> list[str]:
    """Running text, marked where it is a caution."""
    return _wrapped(_MARKS.get(block.tone, "") + visible(block.text))


def _headline(block: Headline) -> list[str]:
    """The headline in a line of its own."""
    return [f"*** {visible(block.word)} ***", "", *_wrapped(visible(block.meaning))]


def _facts(block: Facts) -> list[str]:
    """Facts below each other, the values in one column."""
    title = [visible(block.title), ""] if block.title else []
    return [*title, *(line for fact in block.facts for line in _fact(fact))]


def _fact(fact: Fact) -> list[str]:
    """One fact; long values go on under themselves."""
    value = _MARKS.get(fact.tone, "") + (printed(fact.value))
    label = _padded(f"  {visible(fact.label)}: ", _LABEL_WIDTH)
    lines = _wrapped(value, _WIDTH - _LABEL_WIDTH) or [""]
    return [f"{label if index == 0 else ' ' * _LABEL_WIDTH}{line}".rstrip() for index, line in enumerate(lines)]


def _table(block: Table) -> list[str]:
    """A table in columns as wide as their widest cell."""
    cells = [[printed(cell) for cell in row] for row in block.rows]
    widths = [
        min(max(_columns(column.title), *(_columns(row[index]) for row in cells), 0), _WIDEST_COLUMN)
        for index, column in enumerate(block.columns)
    ]
    head = _row([column.title for column in block.columns], block.columns, widths)
    rule = _row(["-" * width for width in widths], block.columns, widths)
    rows = [_row(row, block.columns, widths) for row in cells]
    return [visible(block.title), "", head, rule, *rows, *([block.left_out] if block.left_out else [])]


def _row(cells: list[str], columns: tuple[Column, ...], widths: list[int]) -> str:
    """One row of a table."""
    shown = (
        _padded(cell, width, right=column.right) for cell, column, width in zip(cells, columns, widths, strict=True)
    )
    return ("  " + "  ".join(shown)).rstrip()


def _commands(block: Commands) -> list[str]:
    """Lines to be typed."""
    return [f"    {visible(line)}" for line in block.lines]


def _picture(block: Picture) -> list[str]:
    """What a picture shows, in words."""
    return _wrapped(visible(f"[{block.title}] {block.alternative}"))


def _signatures(block: Signatures) -> list[str]:
    """Lines to be signed by hand."""
    lines: list[str] = []
    for signer in block.signers:
        name = f"{signer.part}: {visible(signer.name)}" if signer.name else f"{signer.part}: {'_' * 30}"
        date, hand = say("Date"), say("Signature")
        lines += [name, f"  {date}: {'_' * 16}  {hand}: {'_' * 40}", ""]
    return lines[:-1]


def _labels(block: Labels) -> list[str]:
    """The labels below each other, their codes in words."""
    return [line for label in block.labels for line in (*_label(label), "")][:-1]


def _label(label: Label) -> list[str]:
    """One label."""
    facts = [line for name, value in label.lines for line in _fact(Fact(name, value))]
    codes = [f"  [{say('bar code')}] {printed(label.bar_code)}"]
    codes += [f"  [{say('QR code')}] {visible(line)}" for line in (label.qr_code or "").split("\n") if line]
    return [visible(label.title), *facts, *codes]


def _wrapped(text: str, width: int = _WIDTH) -> list[str]:
    """Text in lines of this width; a word longer than that stays whole."""
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _padded(text: str, width: int, *, right: bool = False) -> str:
    """Text with blanks up to this many columns, before it or behind it."""
    blanks = " " * max(width - _columns(text), 0)
    return blanks + text if right else text + blanks


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for wide letters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(_letter_columns(text))


def _letter_columns(text: str) -> Iterator[int]:
    """The columns of each letter."""
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in {"W", "F"}
        yield 0 if unicodedata.combining(letter) else 2 if wide else 1


_RENDERERS: tuple[tuple[type | tuple[type, ...], Callable[..., list[str]]], ...] = (
    (Paragraph, _paragraph),
    (Headline, _headline),
    (Facts, _facts),
    (Table, _table),
    (Commands, _commands),
    ((SectorMap, SpeedCurve, Timeline, QrCode), _picture),
    (Signatures, _signatures),
    (Labels, _labels),
)
