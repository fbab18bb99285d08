"""The blocks of a report as elements of HTML; whatever was told is escaped, and shown in its own direction."""

from collections.abc import Callable
from html import escape

from report.document import (
    Block,
    Commands,
    Fact,
    Facts,
    Headline,
    Labels,
    Paragraph,
    QrCode,
    SectorMap,
    Signatures,
    SpeedCurve,
    Table,
    Timeline,
    Tone,
    known,
)
from report.escape import visible
from report.interchange.html_pictures import map_svg, speed_svg, timeline_svg
from report.phrases import NOT_RECORDED
from report.wording import say


def shown_html(text: str) -> str:
    """A text that is printed and never read as markup; what cannot be seen is its number."""
    return escape(visible(text))


def element(name: str, text: str, tone: Tone = Tone.PLAIN) -> str:
    """An element with nothing but this text; its words run in their own direction."""
    return f'<{name} dir="auto"{_class(tone)}>{shown_html(text)}</{name}>'


def block_html(block: Block) -> list[str]:
    """The lines of one block.

    Raises:
        TypeError: a block that no record has, such as a label, which is a bug of ours.
    """
    for kind, render in _RENDERERS:
        if isinstance(block, kind):
            return render(block)
    raise TypeError(f"no such block: {block!r}")


def _class(tone: Tone) -> str:
    """How loudly something is said, for the style."""
    return "" if tone is Tone.PLAIN else f' class="{tone.value}"'


def _paragraph(block: Paragraph) -> list[str]:
    """Running text."""
    return [element("p", block.text, block.tone)]


def _headline(block: Headline) -> list[str]:
    """The headline in a box of its own."""
    return [
        f'<div class="headline {block.tone.value}">{element("strong", block.word)}',
        f"{element('p', block.meaning)}</div>",
    ]


def _facts(block: Facts) -> list[str]:
    """Facts below each other."""
    title = [element("h3", block.title)] if block.title else []
    return [*title, "<dl>", *(_fact(fact) for fact in block.facts), "</dl>"]


def _fact(fact: Fact) -> str:
    """One fact; a missing one says so."""
    value = known(fact.value)
    inner = shown_html(value or say(NOT_RECORDED))
    marked = f"<code>{inner}</code>" if fact.code and value else inner
    tone = fact.tone if value else Tone.FAINT
    return f'<dt dir="auto">{shown_html(fact.label)}</dt><dd dir="auto"{_class(tone)}>{marked}</dd>'


def _table(block: Table) -> list[str]:
    """A table with a head."""
    heads = "".join(f'<th scope="col">{shown_html(column.title)}</th>' for column in block.columns)
    lines = ["<table>", element("caption", block.title), f"<thead><tr>{heads}</tr></thead>", "<tbody>"]
    for row in block.rows:
        cells = zip(block.columns, row, strict=True)
        lines.append(f"<tr>{''.join(_cell(cell, right=column.right) for column, cell in cells)}</tr>")
    return [*lines, "</tbody>", "</table>", *([element("p", block.left_out)] if block.left_out else [])]


def _cell(cell: str | None, *, right: bool) -> str:
    """One cell."""
    return f'<td dir="auto"{" class=right" if right else ""}>{shown_html(known(cell) or say(NOT_RECORDED))}</td>'


def _commands(block: Commands) -> list[str]:
    """Lines to be typed."""
    return [f"<pre>{chr(10).join(shown_html(line) for line in block.lines)}</pre>"]


def _signatures(block: Signatures) -> list[str]:
    """Who is to sign; a page is not signed."""
    return [element("p", f"{item.part}: {item.name or say(NOT_RECORDED)}") for item in block.signers]


def _labels(block: Labels) -> list[str]:
    """Labels in words."""
    facts = (Fact(name, value) for label in block.labels for name, value in label.lines)
    return _facts(Facts(tuple(facts)))


def _qr_code(block: QrCode) -> list[str]:
    """The text of a QR code."""
    return [element("p", block.alternative), *_commands(Commands(tuple(block.text.split("\n"))))]


def _picture(block: SectorMap | SpeedCurve | Timeline) -> list[str]:
    """A picture with its words below."""
    if isinstance(block, SectorMap):
        drawn = map_svg(block)
    else:
        drawn = speed_svg(block) if isinstance(block, SpeedCurve) else timeline_svg(block)
    return ["<figure>", *drawn, element("figcaption", block.alternative), "</figure>"]


_RENDERERS: tuple[tuple[type | tuple[type, ...], Callable[..., list[str]]], ...] = (
    (Paragraph, _paragraph),
    (Headline, _headline),
    (Facts, _facts),
    (Table, _table),
    (Commands, _commands),
    ((SectorMap, SpeedCurve, Timeline), _picture),
    (QrCode, _qr_code),
    (Signatures, _signatures),
    (Labels, _labels),
)
