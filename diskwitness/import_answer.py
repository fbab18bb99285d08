"""An imported image as screens and JSON tell it: each fact with who states it."""

from casedb.json_values import Json, json_value
from casedb.records import ImportedImage
from diskwitness.fact_lines import digest_facts, fact_lines
from image.imported import StatedFact
from report.phrases import bytes_text, digest_name


def import_lines(imported: ImportedImage) -> list[str]:
    """An imported image for a person."""
    head: list[tuple[str, object]] = [
        ("Imported image", f"ledger entry {imported.sequence}"),
        ("Image", imported.path),
        ("Format", imported.image.format),
        ("Media", bytes_text(imported.image.media_size_bytes)),
        ("SHA-256 of its manifest", imported.manifest_sha256),
    ]
    lines = fact_lines([item for item in head if item[1] is not None] + digest_facts(imported.digests))
    lines += [f"  {line}" for line in fact_lines(map(_stated, imported.facts))]
    lines += [
        f"  {digest_name(item.algorithm)} stated by {item.origin}: {item.hex_digest}"
        for item in imported.image.digests
    ]
    lines += [f"  Came with: {log.file} ({log.program or 'program not known'})" for log in imported.logs]
    return lines + [f"  DISAGREEMENT: {warning}" for warning in imported.warnings]


def _stated(fact: StatedFact) -> tuple[str, object]:
    """One fact, its value followed by who states it."""
    return fact.label, f"{fact.text}  [{fact.origin}]"


def import_json(imported: ImportedImage) -> dict[str, Json]:
    """An imported image for scripts."""
    return {
        "ledger_entry": imported.sequence,
        "exhibit": imported.exhibit,
        "path": imported.path,
        "first_segment": imported.first_segment,
        "facts": json_value(imported.facts),
        "disagreements": json_value(imported.warnings),
        "stated_digests": json_value(imported.image.digests),
        "logs": json_value(imported.logs),
        "manifest_sha256": imported.manifest_sha256,
    }
