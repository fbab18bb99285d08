"""Outputs at which nothing is left to read: what the interrupted job did not get to is done."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from acquire.result import AcquisitionResult, OutputResult, OutputState
from acquire.resume_look import Look, Remains
from image.errors import CaseError, DestinationError
from image.manifest import Manifest
from image.sectors import SectorRange
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired
from workflow.prove_outputs import prove_outputs
from workflow.ready_job import Hands
from workflow.resume_ledger import require_link
from workflow.resume_order import carried_order

if TYPE_CHECKING:
    from casedb.case_store import CaseStore


def prove_complete(
    order: AcquisitionOrder, looks: list[Look], store: "CaseStore | None", hands: Hands
) -> ExhibitAcquired:
    """Verify images that are complete, and write what is missing beside them.

    Raises:
        UsageError: something that was given differs from what they were made with.
    """
    manifest, contents = _manifest(looks[0]), looks[0].manifest_bytes
    acquisition = require_link(store, manifest.job, order.exhibit)
    order = carried_order(order, manifest.job)
    if acquisition is not None:
        order = order.of_exhibit(acquisition.exhibit)
    finish_images(looks, store, hands.tell)
    outputs = tuple(OutputResult(look.output, OutputState.COMPLETE) for look in looks)
    result = AcquisitionResult(outputs, manifest, contents, manifest.findings)
    parameters = manifest.job.parameters
    sectors = SectorRange(parameters.start_sector, parameters.sector_count)
    acquired = ExhibitAcquired(manifest.job, sectors, None, result)
    return prove_outputs(order, acquired, store, hands.clock, hands.listener, hands.stop)


def finish_images(looks: list[Look], store: "CaseStore | None", tell: Callable[[str], None]) -> None:
    """Record whole images and give their manifests their names; those that have them are only told.

    Raises:
        CaseError: the ledger holds another manifest of this acquisition, or cannot hold this one.
        DestinationError: a manifest cannot get its name.
    """
    unnamed = [look for look in looks if look.remains is Remains.UNNAMED]
    for look in unnamed:
        _record(store, look, [str(item.output) for item in unnamed if item.manifest_bytes == look.manifest_bytes])
        try:
            if look.held is not None:
                look.held.become_manifest()
        except OSError as error:
            what = f"the manifest cannot get its name ({error.strerror or error})"
            raise DestinationError(what, str(look.output), "Make the folder writable, and resume") from error
    for look in looks:
        tell(f"{look.output}: the image is complete; nothing is left to read")


def _record(store: "CaseStore | None", look: Look, paths: list[str]) -> None:
    """Enter the end of the acquisition in the ledger, unless it stands there."""
    manifest = _manifest(look)
    link = manifest.job.case_link
    if store is None or link is None:
        return
    digest = hashlib.sha256(look.manifest_bytes).hexdigest()
    acquisition = require_link(store, manifest.job, None)
    recorded = acquisition.manifest_sha256 if acquisition is not None else None
    if recorded is None:
        store.finish_acquisition(link, manifest, digest, paths)
    elif recorded != digest:
        what = "the ledger holds another manifest of this acquisition"
        raise CaseError(what, str(look.output), f"It should have the SHA-256 {recorded}")


def _manifest(look: Look) -> Manifest:
    """The manifest of a complete image."""
    assert look.manifest is not None, f"{look.remains} has a manifest"
    return look.manifest
