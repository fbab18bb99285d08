"""The questions put to the record about images made elsewhere, about files attached, and where images lie now."""

from collections.abc import Sequence

from casedb.import_intake import ImageImported
from casedb.ledger_reading import RowSource, instants_in, read_entry, read_facts, record_from
from casedb.records import Attachment, ImportedImage
from image.manifest import Manifest


def read_imports(rows: RowSource, exhibit: str) -> tuple[ImportedImage, ...]:
    """The imported images of an exhibit, in the order of their entries."""
    found = list(rows.query("SELECT sequence FROM imports WHERE exhibit = ? ORDER BY sequence", [exhibit]))
    return tuple(read_import(rows, row["sequence"]) for row in found)


def read_import(rows: RowSource, sequence: int) -> ImportedImage:
    """The image that the entry of this number imported.

    Raises:
        CaseError: it imported none, or its payload is not what was recorded.
    """
    facts, entry = read_facts(rows, sequence, ImageImported), read_entry(rows, sequence)
    manifest = facts.manifest
    return ImportedImage(
        sequence=sequence,
        exhibit=entry.exhibit or "",
        recorded=entry.at,
        path=current_paths(rows, sequence, (facts.path,))[0],
        first_segment=facts.image.path.rpartition("/")[2],
        image=facts.image,
        facts=facts.facts,
        warnings=facts.warnings,
        logs=facts.logs,
        segments=facts.segments if manifest is None else manifest.segments,
        digests=(facts.digests or {}) if manifest is None else manifest.media.digests,
        manifest_sha256=facts.manifest_sha256,
    )


def read_imported_manifest(rows: RowSource, sequence: int) -> tuple[Manifest, str | None, str] | None:
    """The manifest of ours that came with an import, its SHA-256 and path; None where none did."""
    sql = "SELECT 1 FROM imports WHERE sequence = ? AND has_manifest = 1"
    if next(rows.query(sql, [sequence]), None) is None:
        return None
    facts = read_facts(rows, sequence, ImageImported)
    return (facts.manifest, facts.manifest_sha256, facts.path) if facts.manifest is not None else None


def find_import(rows: RowSource, paths: Sequence[str]) -> ImportedImage | None:
    """The last image imported that lies, or lay, at one of these paths."""
    sql = (
        "SELECT sequence FROM imports WHERE path = ? UNION "
        "SELECT imports.sequence FROM imports JOIN relocations ON acquisition = imports.sequence "
        "WHERE relocations.path = ?"
    )
    found = sorted({row["sequence"] for path in paths for row in rows.query(sql, [path, path])})
    return read_import(rows, found[-1]) if found else None


def current_paths(rows: RowSource, acquisition: int, paths: Sequence[str]) -> tuple[str, ...]:
    """Where images lie now that were made or imported at these paths."""
    sql = "SELECT old_path, path FROM relocations WHERE acquisition = ? ORDER BY sequence"
    now = list(paths)
    for move in rows.query(sql, [acquisition]):
        now = [move["path"] if path == move["old_path"] else path for path in now]
    return tuple(now)


def read_attachments(rows: RowSource, exhibit: str | None = None) -> tuple[Attachment, ...]:
    """The files attached to an exhibit, or to any, in the order of their entries."""
    if exhibit is None:
        found = rows.query("SELECT * FROM attachments ORDER BY sequence")
    else:
        found = rows.query("SELECT * FROM attachments WHERE exhibit = ? ORDER BY sequence", [exhibit])
    return tuple(record_from(Attachment, row, instants_in(row, "recorded")) for row in found)
