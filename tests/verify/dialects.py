"""Small images of every dialect of E01: carried ones, which ewfacquire made, and ones put together after the rules.

What ewfacquire cannot write is put together from a carried image as the specification describes it.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from image.ewf.range_sections import encode_error2
from image.ewf.sections import DESCRIPTOR_BYTES, VOLUME_BYTES
from image.sectors import SectorRange
from tests.image.ewf.editing import LAST, EditedSection, changed, put_together, take_apart
from tests.verify.evidence import Evidence

FOLDER = Path(__file__).resolve().parents[1] / "data" / "ewfacquire"
CARRIED = sorted(path.name for path in FOLDER.iterdir() if path.suffix.lower() in (".e01", ".s01"))
LARGE = (b"diskwitness\n" * 4096)[:40960].ljust(65536, b"\0")
SMALL = (b"diskwitness\n" * 342)[:4096]
ZEROS_FIRST = bytes(8192) + SMALL[:512]
MEDIA = {
    "encase6-empty-block.E01": ZEROS_FIRST,
    "encase6-none.E01": SMALL,
    "ewfx-sha256.e01": SMALL,
    "ftk-none.E01": SMALL,
    "smart-best.s01": ZEROS_FIRST,
}
"""What the carried images hold; the others hold `LARGE`."""

Edit = Callable[[list[EditedSection]], list[EditedSection]]


@dataclass(frozen=True)
class Built:
    """A dialect put together: the carried image it is made of, how, and what is noted of it."""

    base: str
    edit: Edit
    notes: tuple[str, ...] = ()


def without_sizes(sections: list[EditedSection]) -> list[EditedSection]:
    """Expert Witness 1.35 does not set the section size (specification, "Section descriptor")."""
    sized = [item for item in sections if item.kind not in LAST]
    return [replace(item, size_shift=-DESCRIPTOR_BYTES - len(item.contents)) for item in sized] + sections[
        len(sized) :
    ]


def as_old_ftk(sections: list[EditedSection]) -> list[EditedSection]:
    """FTK Imager before 2.9: `disk` instead of `volume`, and a last section that states its size."""
    renamed = [replace(item, kind="disk") if item.kind == "volume" else item for item in sections]
    return [replace(item, size_shift=DESCRIPTOR_BYTES) if item.kind in LAST else item for item in renamed]


def as_logicube(sections: list[EditedSection]) -> list[EditedSection]:
    """Old Logicube devices store 0 as the checksum of data (specification, "Data section")."""
    return changed(sections, "data", {VOLUME_BYTES - 4: bytes(4)})


def with_identifier(sections: list[EditedSection]) -> list[EditedSection]:
    """EnCase 5 to 7 and linen write a set identifier, which ewfacquire 20140813 and Guymager leave empty."""
    for kind in ("volume", "data"):
        sections = changed(sections, kind, {64: bytes(range(1, 17))}, VOLUME_BYTES - 4)
    return sections


def without_table2(sections: list[EditedSection]) -> list[EditedSection]:
    """A set without the copies of its tables."""
    return [item for item in sections if item.kind != "table2"]


def with_error2(sections: list[EditedSection]) -> list[EditedSection]:
    """An acquisition that met sectors it could not read."""
    error2 = EditedSection("error2", encode_error2([SectorRange(100, 4), SectorRange(120, 1)]))
    index = next(index for index, item in enumerate(sections) if item.kind == "digest")
    return [*sections[:index], error2, *sections[index:]]


BUILT = {
    "built-ew135.E01": Built("encase1.E01", without_sizes, ("size-absent",)),
    "built-old-ftk.E01": Built("ftk.E01", as_old_ftk),
    "built-logicube.E01": Built("encase6.E01", as_logicube, ("checksum-absent",)),
    "built-identifier.E01": Built("encase6.E01", with_identifier),
    "built-no-table2.E01": Built("encase5.E01", without_table2),
    "built-error2.E01": Built("encase6.E01", with_error2),
}
NAMES = [*CARRIED, *BUILT]


def media_of(name: str) -> bytes:
    """What an image holds."""
    return MEDIA.get(BUILT[name].base if name in BUILT else name, LARGE)


def notes_of(name: str) -> tuple[str, ...]:
    """The codes of what is noted of a sound image."""
    return BUILT[name].notes if name in BUILT else ()


def placed(name: str, folder: Path) -> Evidence:
    """The image in a folder of its own."""
    first = folder / name
    built = BUILT.get(name)
    shutil.copy(FOLDER / (built.base if built else name), first)
    first.chmod(0o644)
    if built:
        header, sections = take_apart(first)
        put_together(first, header, built.edit(sections))
    return Evidence(folder, first, media_of(name))
