"""The manifest beside an image against the one that the case's ledger recorded."""

from typing import TYPE_CHECKING

from image.findings import Finding, finding

if TYPE_CHECKING:
    from casedb.records import Acquisition


def recorded_findings(manifest_sha256: str | None, acquisition: "Acquisition") -> tuple[Finding, ...]:
    """What is wrong with the manifest of this SHA-256, None where none was found, as that of the acquisition."""
    recorded = acquisition.manifest_sha256
    if recorded is None or recorded == manifest_sha256:
        return ()
    entry = f"ledger entry {acquisition.finished_sequence}"
    if manifest_sha256 is None:
        return (finding("recorded-manifest-missing", f"{entry} recorded a manifest that was not found"),)
    detail = f"the manifest is not the one of {entry}"
    return (finding("recorded-manifest-differs", detail, expected=recorded, found=manifest_sha256),)
