"""The hash values: of the data as read, as computed again, and as the image itself stores them."""

from casedb.records import Manifest, VerificationResult
from report.document import Block, Column, Paragraph, Section, Table, Tone, in_words
from report.phrases import bytes_text, digest_name, digest_order
from report.sections.reading import fill_statement
from report.statements import NO_SHA256, NO_ZERO_FILL, RELIED_ON
from report.wording import english, say, say_number

_COLUMNS = (
    Column(english("Algorithm"), 12),
    Column(english("Origin"), 25),
    Column(english("Hash value"), 63, code=True),
)
_AS_READ = english("read from the source")
_AGAIN = english("computed again from the image")
_STORED = english("stored in the image")


def digests_section(manifest: Manifest, verification: VerificationResult | None) -> Section:
    """The section with every hash value of the whole stream and what it covers."""
    algorithms = digest_order((*manifest.media.digests, *(verification.digests if verification else ())))
    rows = tuple(row for name in algorithms for row in _rows(name, manifest, verification))
    covered = say(
        "The hash values cover {size} of data, from sector 0 of the image on.",
        size=bytes_text(manifest.media.size_bytes),
    )
    blocks: list[Block] = [
        Table(say("Hash values of the whole data"), in_words(_COLUMNS), rows),
        Paragraph(covered),
    ]
    blocks.append(zero_fill_paragraph(manifest))
    padded = manifest.job.parameters.padded_bytes
    if padded:
        blocks.append(Paragraph(padding_text(padded), Tone.CAUTION))
    blocks.append(Paragraph(say(RELIED_ON) if "sha256" in algorithms else say(NO_SHA256)))
    return Section(say("Hash values"), tuple(blocks))


def zero_fill_paragraph(manifest: Manifest) -> Paragraph:
    """What the hash values cover where sectors could not be read, and where all could."""
    if manifest.read.unreadable:
        return Paragraph(fill_statement(manifest), Tone.CAUTION)
    return Paragraph(say(NO_ZERO_FILL))


def padding_text(padded_bytes: int) -> str:
    """What was added behind a source that ends inside a sector."""
    return say_number(
        "The source ends inside a sector. To fill that sector {count} zero byte were added; "
        "the image and its hash values include them.",
        "The source ends inside a sector. To fill that sector {count} zero bytes were added; "
        "the image and its hash values include them.",
        padded_bytes,
    )


def _rows(
    algorithm: str, manifest: Manifest, verification: VerificationResult | None
) -> tuple[tuple[str | None, ...], ...]:
    """One algorithm's values; those of the verification say whether they are the same."""
    name, read = digest_name(algorithm), manifest.media.digests.get(algorithm)
    rows: list[tuple[str | None, ...]] = [(name, say(_AS_READ), read)]
    if verification is not None:
        again = verification.digests.get(algorithm)
        stored = verification.stored_digests.get(algorithm)
        rows += [(name, _compared(say(_AGAIN), again, read), again)] if again is not None else []
        rows += [(name, _compared(say(_STORED), stored, read), stored)] if stored is not None else []
    return tuple(rows)


def _compared(origin: str, value: str, read: str | None) -> str:
    """Where a value is from and whether it is the one that was read."""
    if read is None:
        return origin
    if value.lower() == read.lower():
        return say("{origin}: same", origin=origin)
    return say("{origin}: DIFFERENT", origin=origin)
