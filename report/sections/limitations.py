"""What the reader must not take the report for: limits that follow from the record itself."""

from collections.abc import Iterator, Mapping

from casedb.records import Manifest
from report.document import Block, Fact, Facts, Paragraph, Section
from report.phrases import told_text
from report.sections.imported import IMPORTED
from report.sections.reading import unreadable_count, unreadable_text
from report.statements import (
    HIDDEN_AREAS,
    LIMIT_NO_BLOCKER,
    LIMIT_NO_VERIFICATION,
    LIMIT_RANGE,
    LIMIT_SOLID_STATE,
    LIMIT_UNREAD,
    NO_LIMITATION,
)
from report.subject import Subject
from report.wording import say


def limitations_section(subject: Subject, entered: Mapping[str, str]) -> Section:
    """The section with the deviations that the laboratory entered and the limits that the record shows."""
    blocks: list[Block] = [Facts((Fact(say("Deviations from the method"), told_text(entered.get("deviations"))),))]
    told = list(_limits(subject))
    blocks += [Paragraph(text) for text in told or [say(NO_LIMITATION)]]
    return Section(say("Deviations and limitations"), tuple(blocks))


def _limits(subject: Subject) -> Iterator[str]:
    """The limits, one sentence or two each."""
    manifest = subject.manifest
    if subject.imported is not None:
        yield say(IMPORTED)
    if manifest is None:
        return
    yield from _source_limits(manifest)
    if unreadable_count(manifest):
        yield say(LIMIT_UNREAD, unread=unreadable_text(manifest))
    if subject.verification is None:
        yield say(LIMIT_NO_VERIFICATION)


def _source_limits(manifest: Manifest) -> Iterator[str]:
    """What was not read of the source, and what may have changed on it."""
    source, asked = manifest.job.source, manifest.job.parameters
    if manifest.job.converted_from is not None:
        return
    yield say(HIDDEN_AREAS)
    if source.rotational is False:
        yield say(LIMIT_SOLID_STATE)
    if manifest.job.protection.blocker is None and source.kind != "file":
        yield say(LIMIT_NO_BLOCKER)
    sectors = source.size_bytes // source.sector_size_bytes if source.sector_size_bytes else 0
    if asked.start_sector or asked.sector_count < sectors:
        last = asked.start_sector + asked.sector_count - 1
        yield say(LIMIT_RANGE, first=asked.start_sector, last=last, sectors=sectors)
