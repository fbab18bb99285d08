"""An image that was made elsewhere: every fact with who states it, and what disagrees."""

from casedb.records import ImportedImage, StatedDigest, StatedFact, Verification
from report.document import Block, Column, Fact, Facts, Paragraph, Section, Table, Tone
from report.phrases import bytes_text, digest_name, digest_order, format_text, instant_text
from report.sections.verification import verdict_headline

IMPORTED = (
    "This image was not made in this case. What follows is stated by the image itself, by a manifest or logs that"
    " came with it, or by a person, as the last column says; it was not observed here unless it says so."
)
NOT_READ = "The image was recorded without being read: nothing here proves what it holds."
ORIGINAL_LOGS = "The logs are kept whole in the case folder, and their digests are in the ledger."
_FACTS = (Column("Fact", 24), Column("As stated", 52), Column("Stated by", 24))
_DIGESTS = (
    Column("Algorithm", 10),
    Column("Stated by", 22),
    Column("Hash value", 54, code=True),
    Column("Computed", 14),
)
_LOGS = (Column("File", 30), Column("Program", 16), Column("SHA-256", 54, code=True))


def import_summary_section(imported: ImportedImage, verification: Verification | None) -> Section:
    """The summary of a report about an image that was made elsewhere."""
    result = verification.result if verification is not None else None
    facts = (
        Fact("Image", imported.path, code=True),
        Fact("Format", format_text(imported.image.format)),
        Fact("Size of the data", bytes_text(imported.image.media_size_bytes)),
        Fact("Made with", _first(imported, "program")),
        Fact("Acquisition started", _first(imported, "started")),
        Fact("Acquisition finished", _first(imported, "finished")),
        Fact("Examiner", _first(imported, "examiner")),
        Fact("Unreadable sectors", _first(imported, "bad_sectors")),
        Fact("Disagreements", str(len(imported.warnings)), tone=_caution(bool(imported.warnings))),
    )
    digests = tuple(
        Fact(digest_name(name), imported.digests[name], code=True) for name in digest_order(imported.digests)
    )
    blocks: list[Block] = [verdict_headline(result), Paragraph(IMPORTED, Tone.CAUTION), Facts(facts)]
    blocks.append(Facts(digests, "Hash values computed when it was imported") if digests else Paragraph(NOT_READ))
    return Section("Summary", tuple(blocks))


def import_section(imported: ImportedImage) -> Section:
    """The section with all that is stated of an image made elsewhere."""
    head = (
        Fact("Recorded", f"{instant_text(imported.recorded)}, ledger entry {imported.sequence}"),
        Fact("First segment file", imported.first_segment, code=True),
        Fact("SHA-256 of its manifest", imported.manifest_sha256, code=True),
    )
    blocks: list[Block] = [Paragraph(IMPORTED), Facts(head)]
    blocks += [Paragraph(warning, Tone.CAUTION) for warning in imported.warnings]
    blocks.append(Table("Facts and who states them", _FACTS, tuple(map(_row, imported.facts))))
    stated = imported.image.digests
    if stated:
        rows = tuple(_digest_row(imported, item) for item in stated)
        blocks.append(Table("Hash values stated of its data", _DIGESTS, rows))
    if imported.logs:
        logs = tuple((log.file, log.program, log.sha256) for log in imported.logs)
        blocks += [Table("Logs that came with it", _LOGS, logs), Paragraph(ORIGINAL_LOGS)]
    return Section("Image made elsewhere", tuple(blocks))


def _row(fact: StatedFact) -> tuple[str | None, ...]:
    """One fact."""
    return fact.label, fact.text, fact.origin


def _first(imported: ImportedImage, name: str) -> str | None:
    """What is stated first of a fact, and by whom."""
    return next((f"{item.text} [{item.origin}]" for item in imported.facts if item.name == name), None)


def _digest_row(imported: ImportedImage, item: StatedDigest) -> tuple[str | None, ...]:
    """One stated hash value, and whether the data that was read has it."""
    computed = imported.digests.get(item.algorithm)
    same = "not computed" if computed is None else "same" if computed == item.hex_digest.lower() else "DIFFERENT"
    return digest_name(item.algorithm), item.origin, item.hex_digest, same


def _caution(needed: bool) -> Tone:
    """The tone of a fact that is good news or bad."""
    return Tone.CAUTION if needed else Tone.PLAIN
