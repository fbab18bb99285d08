"""What a page is filled with: strips that are never cut, and the rule by which they are put on pages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from report.pdf.sheet import Sheets


@dataclass(frozen=True)
class Slab:
    """A strip of `height` points as wide as the text, drawn downwards from a height on the page.

    `before` is the space above it, none at the top of a page; `keep` holds it together with the next one;
    `repeat` is drawn above it when it begins a page; `outline` is its entry in the document's outline;
    `begins_page` puts it on a new one.
    """

    height: float
    draw: Callable[[Sheets, float], None]
    before: float = 0.0
    keep: bool = False
    repeat: "Slab | None" = None
    outline: str | None = None
    begins_page: bool = False


@dataclass(frozen=True)
class Placed:
    """A slab and how far below the top of the text its own top lies."""

    slab: Slab
    depth: float


def fill_pages(slabs: Sequence[Slab], page_height: float) -> list[list[Placed]]:
    """The slabs on pages of this height; those that belong together are parted only when no page holds them."""
    pages: list[list[Placed]] = [[]]
    used = 0.0
    for unit in _units(slabs):
        if pages[-1] and (unit[0].begins_page or used + _unit_height(unit, used) > page_height):
            pages.append([])
            used = 0.0
        for slab in unit:
            if pages[-1] and used + slab.before + slab.height > page_height:
                pages.append([])
                used = 0.0
            used = _place(pages[-1], slab, used)
    return pages


def with_space(slabs: Sequence[Slab], before: float) -> list[Slab]:
    """The same slabs with this space above the first."""
    return [replace(slabs[0], before=before), *slabs[1:]] if slabs else []


def kept_with_next(slabs: Sequence[Slab]) -> list[Slab]:
    """The same slabs, all of which stay together with what follows."""
    return [replace(slab, keep=True) for slab in slabs]


def end_kept_with_next(slabs: Sequence[Slab], count: int) -> list[Slab]:
    """The same slabs, the last of which, so many, stay together with what follows."""
    return [*slabs[: max(0, len(slabs) - count)], *kept_with_next(slabs[-count:])]


def held_at_ends(slabs: Sequence[Slab]) -> list[Slab]:
    """The same slabs, never with only the first at the end of a page or only the last at the top of one."""
    ends = {0, len(slabs) - 2}
    return [
        replace(slab, keep=slab.keep or (index in ends and index < len(slabs) - 1))
        for index, slab in enumerate(slabs)
    ]


def _units(slabs: Sequence[Slab]) -> Iterator[list[Slab]]:
    """The slabs in groups that stay together."""
    unit: list[Slab] = []
    for slab in slabs:
        unit.append(slab)
        if not slab.keep:
            yield unit
            unit = []
    if unit:
        yield unit


def _unit_height(unit: list[Slab], used: float) -> float:
    """The height of a group behind what the page holds already."""
    total = sum(slab.before + slab.height for slab in unit)
    return total if used else total - unit[0].before


def _place(page: list[Placed], slab: Slab, used: float) -> float:
    """Put a slab on a page, its repeated head first when it begins the page, and tell how much is used."""
    if not page and slab.repeat is not None:
        page.append(Placed(slab.repeat, 0.0))
        used = slab.repeat.height
    depth = used + (slab.before if page else 0.0)
    page.append(Placed(slab, depth))
    return depth + slab.height
