"""The facts of an image made elsewhere, gathered from all who state them, and what they disagree in. Pure."""

from collections.abc import Iterable, Iterator

from casedb.records import Case, Exhibit
from image.description import ImageDescription
from image.ewf.header import VALUE_CHARACTERS, CaseHeader
from image.imported import (
    COMPUTED,
    FACT_LABELS,
    IMAGE_HEADER,
    MANIFEST,
    Disagreement,
    StatedFact,
)
from image.job import CaseFields, SourceFacts
from image.manifest import Manifest
from image.sectors import count_sectors

THE_CASE, THE_LABEL = "the case", "the exhibit's label"
COMPARED = (
    "case_number",
    "exhibit_reference",
    "model",
    "serial",
    "size_bytes",
    "sector_size_bytes",
    "sector_count",
    "bad_sectors",
    "examiner",
)
"""Facts that must be the same whoever states them."""
_PARTLY = frozenset({"model"})
"""Where one may say more than the other: programs add maker or revision to a name."""
_HEADER_NAMES = {
    "program": "program_version",
    "system": "system_version",
    "case_number": "case_number",
    "exhibit_reference": "exhibit_reference",
    "examiner": "examiner",
    "description": "description",
    "notes": "notes",
    "model": "model",
    "serial": "serial",
    "device_label": "device_label",
}


def facts_of(name_values: Iterable[tuple[str, object]], origin: str) -> Iterator[StatedFact]:
    """The facts of one origin; what it does not state is left out."""
    for name, value in name_values:
        text = str(value)[:VALUE_CHARACTERS].strip() if value is not None else ""
        if text and name in FACT_LABELS:
            yield StatedFact(name, text, origin)


def facts_of_image(description: ImageDescription) -> tuple[StatedFact, ...]:
    """What the image states in its own structure; the size of a raw image is that of its files."""
    header = description.header
    is_stated = header is not None or description.media_type is not None
    found = [*_header_facts(header)] if header is not None else []
    found.append(("media_type", description.media_type))
    if description.unreadable:
        found.append(("bad_sectors", count_sectors(description.unreadable)))
    sizes: list[tuple[str, object]] = [("size_bytes", description.media_size_bytes)]
    if is_stated:
        sizes.append(("sector_size_bytes", description.sector_size_bytes))
    return (*facts_of(found, IMAGE_HEADER), *facts_of(sizes, IMAGE_HEADER if is_stated else COMPUTED))


def _header_facts(header: CaseHeader) -> Iterator[tuple[str, object]]:
    """What an EWF header states; its date is local time somewhere where it has no offset."""
    for name, field in _HEADER_NAMES.items():
        yield name, getattr(header, field)
    yield "started", header.acquired.isoformat() if header.acquired is not None else None


def facts_of_manifest(manifest: Manifest) -> tuple[StatedFact, ...]:
    """What a manifest of ours states."""
    job = manifest.job
    found: list[tuple[str, object]] = [
        ("program", f"{job.tool.name} {job.tool.version}"),
        ("host", job.host.hostname),
        ("system", job.host.system),
        *_matter(job.case),
        *_drive(job.source),
        ("started", job.started),
        ("finished", manifest.finished),
        ("bad_sectors", count_sectors(manifest.read.unreadable)),
        ("write_blocker", job.protection.blocker),
    ]
    return tuple(facts_of(found, MANIFEST))


def _matter(case: CaseFields) -> Iterator[tuple[str, object]]:
    """What was said of the matter."""
    for name in ("case_number", "exhibit_reference", "examiner", "description", "notes"):
        yield name, getattr(case, name)


def _drive(source: SourceFacts) -> Iterator[tuple[str, object]]:
    """What the drive said of itself."""
    yield from (("source", source.path), ("model", source.model), ("serial", source.serial))
    yield from (("interface", source.bus), ("sector_size_bytes", source.sector_size_bytes))


def facts_of_record(case: Case, exhibit: Exhibit) -> tuple[StatedFact, ...]:
    """What the case says already, to compare with; it is not part of the import."""
    case_facts = [("case_number", case.number), ("exhibit_reference", exhibit.reference)]
    label = [("model", exhibit.model), ("serial", exhibit.serial)]
    return (*facts_of(case_facts, THE_CASE), *facts_of(label, THE_LABEL))


def disagreements(facts: Iterable[StatedFact]) -> tuple[Disagreement, ...]:
    """Each value of a fact that is not the one stated first."""
    known = tuple(facts)
    found: list[Disagreement] = []
    for name in COMPARED:
        stated = [item for item in known if item.name == name]
        seen = stated[:1]
        for item in stated[1:]:
            if not any(_same(name, item.value, other.value) for other in seen):
                found.append(Disagreement(name, seen[0], item))
                seen.append(item)
    return tuple(found)


def _same(name: str, one: str, other: str) -> bool:
    """Whether two values say the same, but for spaces and upper case."""
    first, second = ("".join(value.split()).casefold() for value in (one, other))
    return first == second or (name in _PARTLY and (first in second or second in first))
