"""The source as the device and the kernel describe it."""

import hashlib

from casedb.records import ExternalReport, SourceFacts
from report.document import Block, Column, Fact, Facts, Section, Table
from report.phrases import bytes_text, yes_or_no

_TITLES = {"image": "Source as stated by the source image"}
_COLUMNS = (
    Column("Program", 3),
    Column("Command line", 5, code=True),
    Column("SHA-256 of its output", 9, code=True),
)


def device_section(source: SourceFacts) -> Section:
    """The section about the source as it was found."""
    blocks: list[Block] = [Facts(_identity(source)), Facts(_geometry(source))]
    if source.reports:
        blocks.append(reports_table("What other programs said of the source", source.reports))
    return Section(_TITLES.get(source.kind, "Source as reported by the device"), tuple(blocks))


def reports_table(title: str, reports: tuple[ExternalReport, ...]) -> Table:
    """What other programs printed, by its digest."""
    rows = tuple(
        (
            f"{item.program} {item.version}",
            " ".join((item.program, *item.arguments)),
            hashlib.sha256(item.output.encode("utf-8", "surrogatepass")).hexdigest(),
        )
        for item in reports
    )
    return Table(title, _COLUMNS, rows, "The manifest beside the image keeps each output whole.")


def _identity(source: SourceFacts) -> tuple[Fact, ...]:
    """What tells this device from another."""
    return (
        Fact("Path", source.path, code=True),
        Fact("Kind", source.kind),
        Fact("Part of", source.partition_of),
        Fact("Model", source.model),
        Fact("Serial number", source.serial, code=True),
        Fact("World wide name", source.wwn, code=True),
        Fact("Firmware", source.firmware),
        Fact("Interface", source.bus),
    )


def _geometry(source: SourceFacts) -> tuple[Fact, ...]:
    """How large it is and what it is made of. Hidden areas are not looked for, and it says so."""
    sectors = source.size_bytes // source.sector_size_bytes if source.sector_size_bytes else None
    physical = source.physical_sector_size_bytes
    return (
        Fact("Capacity", bytes_text(source.size_bytes)),
        Fact("Sectors", None if sectors is None else str(sectors)),
        Fact("Logical sector size", bytes_text(source.sector_size_bytes)),
        Fact("Physical sector size", None if physical is None else bytes_text(physical)),
        Fact("Removable", yes_or_no(source.removable)),
        Fact("Rotating", yes_or_no(source.rotational)),
        Fact("Signatures found", ", ".join(source.signatures) or None),
        Fact("Hidden areas (HPA, DCO)", None),
    )
