"""The image that this one was converted from, as it states itself, and its hash values against those computed."""

from casedb.records import Job, Manifest, SourceImage, StatedDigest
from report.document import Block, Column, Fact, Facts, Paragraph, Section, Table, Tone
from report.phrases import bytes_text, counted, digest_name, digest_order, format_text, told_text
from report.statements import ACCEPTED_DAMAGE, CONVERTED

_COLUMNS = (
    Column("Algorithm", 10),
    Column("Stated by", 22),
    Column("Hash value", 54, code=True),
    Column("Computed", 14),
)


def origin_section(job: Job, manifest: Manifest | None = None) -> Section | None:
    """The section about the source image; None where a drive or file was read."""
    origin = job.converted_from
    if origin is None:
        return None
    blocks: list[Block] = [Paragraph(CONVERTED)]
    if origin.accepts_damage:
        blocks.append(Paragraph(ACCEPTED_DAMAGE, Tone.CAUTION))
    blocks += [Facts(_facts(origin)), Facts(_matter(origin), "What it says of the matter and the drive")]
    if origin.digests:
        rows = tuple(_row(item, manifest) for item in _ordered(origin.digests))
        blocks.append(Table("Hash values stated of its data", _COLUMNS, rows))
    return Section("Source image", tuple(blocks))


def _facts(origin: SourceImage) -> tuple[Fact, ...]:
    """What the source image is."""
    files = f"{counted(origin.segment_count, 'segment file')}, together {bytes_text(origin.stored_bytes)}"
    link = origin.case_link
    return (
        Fact("First segment file", origin.path, code=True),
        Fact("Format", format_text(origin.format)),
        Fact("Files", files),
        Fact("Size of the data", bytes_text(origin.media_size_bytes)),
        Fact("Set identifier", origin.set_identifier, code=True),
        Fact("Made with", origin.program),
        Fact("Made on", origin.system),
        Fact("Unreadable sectors it names", str(origin.unreadable_sectors)),
        Fact("SHA-256 of its manifest", origin.manifest_sha256, code=True),
        Fact(
            "Acquired by", f"ledger {link.ledger_id}, entry {link.started_sequence}" if link is not None else None
        ),
    )


def _matter(origin: SourceImage) -> tuple[Fact, ...]:
    """What it says of the matter and of the drive."""
    case = origin.case
    return (
        Fact("Case number", case.case_number),
        Fact("Exhibit reference", case.exhibit_reference),
        Fact("Examiner", case.examiner),
        Fact("Description", told_text(case.description)),
        Fact("Notes", told_text(case.notes)),
        Fact("Date of acquisition", origin.acquired),
        Fact("Model", origin.model),
        Fact("Serial number", origin.serial, code=True),
        Fact("Device label", origin.device_label),
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
        return "not computed"
    if manifest is not None and manifest.job.parameters.padded_bytes:
        return "see events"
    return "same" if computed == item.hex_digest else "DIFFERENT"
