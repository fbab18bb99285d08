"""An image that was made elsewhere: every fact with who states it, and what disagrees."""

from casedb.records import ImportedImage, StatedDigest, StatedFact, Verification
from report.document import Block, Column, Fact, Facts, Paragraph, Section, Table, Tone, in_words
from report.phrases import bytes_text, digest_name, digest_order, format_text, instant_text
from report.sections.verification import verdict_headline
from report.wording import english, say

IMPORTED = english(
    "This image was not made in this case. What follows is stated by the image itself, by a manifest or logs that"
    " came with it, or by a person, as the last column says; it was not observed here unless it says so."
)
NOT_READ = english("The image was recorded without being read: nothing here proves what it holds.")
ORIGINAL_LOGS = english("The logs are kept whole in the case folder, and their digests are in the ledger.")
_FACTS = (Column(english("Fact"), 24), Column(english("As stated"), 52), Column(english("Stated by"), 24))
_DIGESTS = (
    Column(english("Algorithm"), 10),
    Column(english("Stated by"), 22),
    Column(english("Hash value"), 54, code=True),
    Column(english("Computed"), 14),
)
_LOGS = (Column(english("File"), 30), Column(english("Program"), 16), Column(english("SHA-256"), 54, code=True))


def import_summary_section(imported: ImportedImage, verification: Verification | None) -> Section:
    """The summary of a report about an image that was made elsewhere."""
    result = verification.result if verification is not None else None
    facts = (
        Fact(say("Image"), imported.path, code=True),
        Fact(say("Format"), format_text(imported.image.format)),
        Fact(say("Size of the data"), bytes_text(imported.image.media_size_bytes)),
        Fact(say("Made with"), _first(imported, "program")),
        Fact(say("Acquisition started"), _first(imported, "started")),
        Fact(say("Acquisition finished"), _first(imported, "finished")),
        Fact(say("Examiner"), _first(imported, "examiner")),
        Fact(say("Unreadable sectors"), _first(imported, "bad_sectors")),
        Fact(say("Disagreements"), str(len(imported.warnings)), tone=_caution(bool(imported.warnings))),
    )
    digests = tuple(
        Fact(digest_name(name), imported.digests[name], code=True) for name in digest_order(imported.digests)
    )
    blocks: list[Block] = [verdict_headline(result), Paragraph(say(IMPORTED), Tone.CAUTION), Facts(facts)]
    blocks.append(
        Facts(digests, say("Hash values computed when it was imported")) if digests else Paragraph(say(NOT_READ))
    )
    return Section(say("Summary"), tuple(blocks))


def import_section(imported: ImportedImage) -> Section:
    """The section with all that is stated of an image made elsewhere."""
    head = (
        Fact(say("Recorded"), _recorded_text(imported)),
        Fact(say("First segment file"), imported.first_segment, code=True),
        Fact(say("SHA-256 of its manifest"), imported.manifest_sha256, code=True),
    )
    blocks: list[Block] = [Paragraph(say(IMPORTED)), Facts(head)]
    blocks += [Paragraph(warning, Tone.CAUTION) for warning in imported.warnings]
    blocks.append(Table(say("Facts and who states them"), in_words(_FACTS), tuple(map(_row, imported.facts))))
    stated = imported.image.digests
    if stated:
        rows = tuple(_digest_row(imported, item) for item in stated)
        blocks.append(Table(say("Hash values stated of its data"), in_words(_DIGESTS), rows))
    if imported.logs:
        logs = tuple((log.file, log.program, log.sha256) for log in imported.logs)
        blocks += [Table(say("Logs that came with it"), in_words(_LOGS), logs), Paragraph(say(ORIGINAL_LOGS))]
    return Section(say("Image made elsewhere"), tuple(blocks))


def _row(fact: StatedFact) -> tuple[str | None, ...]:
    """One fact."""
    return fact.label, fact.text, fact.origin


def _recorded_text(imported: ImportedImage) -> str:
    """When the image was recorded, and by which entry."""
    return say("{at}, ledger entry {entry}", at=instant_text(imported.recorded), entry=imported.sequence)


def _first(imported: ImportedImage, name: str) -> str | None:
    """What is stated first of a fact, and by whom."""
    return next((f"{item.text} [{item.origin}]" for item in imported.facts if item.name == name), None)


def _digest_row(imported: ImportedImage, item: StatedDigest) -> tuple[str | None, ...]:
    """One stated hash value, and whether the data that was read has it."""
    computed = imported.digests.get(item.algorithm)
    agrees = computed == item.hex_digest.lower()
    same = say("not computed") if computed is None else say("same") if agrees else say("DIFFERENT")
    return digest_name(item.algorithm), item.origin, item.hex_digest, same


def _caution(needed: bool) -> Tone:
    """The tone of a fact that is good news or bad."""
    return Tone.CAUTION if needed else Tone.PLAIN
