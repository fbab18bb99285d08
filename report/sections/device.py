"""The source as the device and the kernel describe it."""

import hashlib

from casedb.records import ExternalReport, SourceFacts
from report.document import Block, Column, Fact, Facts, Section, Table, in_words
from report.phrases import bytes_text, yes_or_no
from report.terms import term
from report.wording import english, say

_TITLES = {"image": english("Source as stated by the source image")}
_TITLE = english("Source as reported by the device")
_COLUMNS = (
    Column(english("Program"), 3),
    Column(english("Command line"), 5, code=True),
    Column(english("SHA-256 of its output"), 9, code=True),
)


def device_section(source: SourceFacts) -> Section:
    """The section about the source as it was found."""
    blocks: list[Block] = [Facts(_identity(source)), Facts(_geometry(source))]
    if source.reports:
        blocks.append(reports_table(say("What other programs said of the source"), source.reports))
    return Section(say(_TITLES.get(source.kind, _TITLE)), tuple(blocks))


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
    return Table(title, in_words(_COLUMNS), rows, say("The manifest beside the image keeps each output whole."))


def _identity(source: SourceFacts) -> tuple[Fact, ...]:
    """What tells this device from another."""
    return (
        Fact(say("Path"), source.path, code=True),
        Fact(say("Kind"), term(source.kind)),
        Fact(say("Part of"), source.partition_of),
        Fact(say("Model"), source.model),
        Fact(say("Serial number"), source.serial, code=True),
        Fact(say("World wide name"), source.wwn, code=True),
        Fact(say("Firmware"), source.firmware),
        Fact(say("Interface"), source.bus),
    )


def _geometry(source: SourceFacts) -> tuple[Fact, ...]:
    """How large it is and what it is made of. Hidden areas are not looked for, and it says so."""
    sectors = source.size_bytes // source.sector_size_bytes if source.sector_size_bytes else None
    physical = source.physical_sector_size_bytes
    return (
        Fact(say("Capacity"), bytes_text(source.size_bytes)),
        Fact(say("Sectors"), None if sectors is None else str(sectors)),
        Fact(say("Logical sector size"), bytes_text(source.sector_size_bytes)),
        Fact(say("Physical sector size"), None if physical is None else bytes_text(physical)),
        Fact(say("Removable"), yes_or_no(source.removable)),
        Fact(say("Rotating"), yes_or_no(source.rotational)),
        Fact(say("Signatures found"), ", ".join(source.signatures) or None),
        Fact(say("Hidden areas (HPA, DCO)"), None),
    )
