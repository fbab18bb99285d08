"""The image that this one was converted from, as it states itself, and its hash values against those computed."""

from casedb.records import Job, Manifest, SourceImage, StatedDigest
from report.document import Block, Column, Fact, Facts, Paragraph, Section, Table, Tone, in_words
from report.phrases import bytes_text, digest_name, digest_order, format_text, segment_files_text, told_text
from report.statements import ACCEPTED_DAMAGE, CONVERTED
from report.wording import english, say

_COLUMNS = (
    Column(english("Algorithm"), 10),
    Column(english("Stated by"), 22),
    Column(english("Hash value"), 54, code=True),
    Column(english("Computed"), 14),
)


def origin_section(job: Job, manifest: Manifest | None = None) -> Section | None:
    """The section about the source image; None where a drive or file was read."""
    origin = job.converted_from
    if origin is None:
        return None
    blocks: list[Block] = [Paragraph(say(CONVERTED))]
    if origin.accepts_damage:
        blocks.append(Paragraph(say(ACCEPTED_DAMAGE), Tone.CAUTION))
    blocks += [Facts(_facts(origin)), Facts(_matter(origin), say("What it says of the matter and the drive"))]
    if origin.digests:
        rows = tuple(_row(item, manifest) for item in _ordered(origin.digests))
        blocks.append(Table(say("Hash values stated of its data"), in_words(_COLUMNS), rows))
    return Section(say("Source image"), tuple(blocks))


def _facts(origin: SourceImage) -> tuple[Fact, ...]:
    """What the source image is."""
    files, size = segment_files_text(origin.segment_count), bytes_text(origin.stored_bytes)
    return (
        Fact(say("First segment file"), origin.path, code=True),
        Fact(say("Format"), format_text(origin.format)),
        Fact(say("Files"), say("{files}, together {size}", files=files, size=size)),
        Fact(say("Size of the data"), bytes_text(origin.media_size_bytes)),
        Fact(say("Set identifier"), origin.set_identifier, code=True),
        Fact(say("Made with"), origin.program),
        Fact(say("Made on"), origin.system),
        Fact(say("Unreadable sectors it names"), str(origin.unreadable_sectors)),
        Fact(say("SHA-256 of its manifest"), origin.manifest_sha256, code=True),
        Fact(
            say("Acquired by"),
            _link_text(origin),
        ),
    )


def _link_text(origin: SourceImage) -> str | None:
    """Which entry of which ledger acquired it."""
    link = origin.case_link
    if link is None:
        return None
    return say("ledger {ledger}, entry {entry}", ledger=link.ledger_id, entry=link.started_sequence)


def _matter(origin: SourceImage) -> tuple[Fact, ...]:
    """What it says of the matter and of the drive."""
    case = origin.case
    return (
        Fact(say("Case number"), case.case_number),
        Fact(say("Exhibit reference"), case.exhibit_reference),
        Fact(say("Examiner"), case.examiner),
        Fact(say("Description"), told_text(case.description)),
        Fact(say("Notes"), told_text(case.notes)),
        Fact(say("Date of acquisition"), origin.acquired),
        Fact(say("Model"), origin.model),
        Fact(say("Serial number"), origin.serial, code=True),
        Fact(say("Device label"), origin.device_label),
    )


def _ordered(digests: tuple[StatedDigest, ...]) -> tuple[StatedDigest, ...]:
    """The strongest first."""
    places = {name: place for place, name in enumerate(digest_order(item.algorithm for item in digests))}
    return tuple(sorted(digests, key=lambda item: places[item.algorithm]))


def _row(item: StatedDigest, manifest: Manifest | None) -> tuple[str | None, ...]:
    """One stated hash value, and whether the data that was read has it."""
    return digest_name(item.algorithm), item.origin, item.hex_digest, _compared(item, manifest)


def _compared(item: StatedDigest, manifest: Manifest | None) -> str:
    """How a stated hash value compares; where zeros were added behind the data, the event of the job says it."""
    computed = manifest.media.digests.get(item.algorithm) if manifest is not None else None
    if computed is None:
        return say("not computed")
    if manifest is not None and manifest.job.parameters.padded_bytes:
        return say("see events")
    return say("same") if computed == item.hex_digest else say("DIFFERENT")
