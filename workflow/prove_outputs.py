"""The end of an acquisition: what was made is read back and verified, and a log is put beside it."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from acquire.output_files import replace_whole
from acquire.result import OutputState
from image.errors import DestinationError, DiskwitnessError, SourceError
from image.manifest import Manifest
from image.manifest_file import encode_record
from image.progress import Listener
from image.sidecars import Sidecar
from image.times import Clock
from report.log import render_log
from verify.request import FILES_LIMIT_SECONDS
from verify.verdict import VerificationResult
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired, OutputVerified

if TYPE_CHECKING:
    from casedb.case_store import CaseStore

UNASKED_LIMIT_SECONDS = 600.0
"""So long the files that hold unread sectors are looked for where nobody asked for it."""
VERIFICATION_KIND = "diskwitness verification"


@dataclass(frozen=True)
class VerificationRecord:
    """`JB1.verification.json`: the verdict in a word, and the result it comes from."""

    verdict: str
    result: VerificationResult
    kind: str = VERIFICATION_KIND
    version: int = 1


def load_verifier(order: AcquisitionOrder) -> None:
    """Load what will verify, before the first sector is read: the program must not change half way."""
    if order.verify:
        import_module("workflow.verify_exhibit")
        import_module("verify.verification")
        if order.second_opinion:
            import_module("verify.second_opinion")
        if order.files is not False:
            import_module("verify.files.of_verification")


def prove_outputs(
    order: AcquisitionOrder,
    acquired: ExhibitAcquired,
    store: "CaseStore | None",
    clock: Clock,
    listener: Listener,
    stop: threading.Event,
) -> ExhibitAcquired:
    """Verify each complete output from its medium, record it, and write the files that stand beside it.

    Nothing is raised for what goes wrong here: the image is whole, so each error is told beside it.
    """
    manifest = acquired.result.manifest
    if manifest is None:
        return acquired
    errors: list[DiskwitnessError] = list(acquired.errors)
    verified: list[OutputVerified] = []
    for output in acquired.result.outputs:
        if output.state is not OutputState.COMPLETE:
            continue
        first = output.path.with_name(manifest.segments[0].file)
        proof = OutputVerified(output.path, first, None)
        if order.verify:
            proof = _verified(order, proof, bool(manifest.read.unreadable), clock, listener, stop)
            errors += [proof.error] if proof.error else []
        errors += _kept(proof, manifest, _recording(store, acquired, order))
        errors += _checkpoint_kept(proof.path, store)
        verified.append(proof)
    return replace(acquired, verifications=tuple(verified), errors=tuple(errors))


def _verified(
    order: AcquisitionOrder,
    proof: OutputVerified,
    has_unread: bool,
    clock: Clock,
    listener: Listener,
    stop: threading.Event,
) -> OutputVerified:
    """The output with its verification, or with why there is none."""
    from workflow.verify_exhibit import VerifyOptions, search_error, verify_file

    options = VerifyOptions(
        algorithms=order.algorithms,
        from_medium=True,
        second_opinion=order.second_opinion,
        files=has_unread if order.files is None else order.files,
        files_limit_seconds=UNASKED_LIMIT_SECONDS if order.files is None else FILES_LIMIT_SECONDS,
    )
    try:
        result = verify_file(proof.first_segment, options, clock, listener, stop)
        return replace(proof, result=result, error=search_error(result))
    except SourceError as error:  # its first segment, which we wrote, is not to be seen any more
        return replace(proof, error=DestinationError(error.what, error.where, error.do))
    except DiskwitnessError as error:
        return replace(proof, error=error)


def _recording(
    store: "CaseStore | None", acquired: ExhibitAcquired, order: AcquisitionOrder
) -> Callable[[VerificationResult], object] | None:
    """What enters a verification in the ledger, or None without a case."""
    link = acquired.job.case_link
    if store is None or link is None:
        return None
    return lambda result: store.record_verification(result, order.exhibit, link.started_sequence)


def _kept(
    proof: OutputVerified, manifest: Manifest, record: Callable[[VerificationResult], object] | None
) -> list[DiskwitnessError]:
    """Record the verification and write log and result beside the image; what could not be done."""
    errors: list[DiskwitnessError] = []
    steps: list[Callable[[], object]] = []
    if proof.result is not None:
        result = proof.result
        if record is not None:
            steps.append(lambda: record(result))
        contents = encode_record(VerificationRecord(result.verdict.value, result))
        steps.append(lambda: _write_beside(proof.path, Sidecar.VERIFICATION, contents))
    log = render_log(manifest, proof.result).encode("utf-8", "backslashreplace")
    steps.append(lambda: _write_beside(proof.path, Sidecar.LOG, log))
    for step in steps:
        try:
            step()
        except DiskwitnessError as error:
            errors.append(error)
    return errors


def _checkpoint_kept(output: Path, store: "CaseStore | None") -> list[DiskwitnessError]:
    """Put the ledger's last checkpoint beside the image; what could not be done."""
    last = store.last_checkpoint() if store is not None else None
    if last is None:
        return []
    try:
        _write_beside(output, Sidecar.CHECKPOINT, last.note.encode())
    except DiskwitnessError as error:
        return [error]
    return []


def _write_beside(output: Path, kind: Sidecar, contents: bytes) -> None:
    """Write one file of the image, whole and read-only; one that an earlier run wrote stays as it is."""
    path = kind.beside(output)
    try:
        if path.is_file() and not path.is_symlink():
            return
        if os.path.lexists(path):
            what = "the file cannot be written (something else has its name)"
            raise DestinationError(what, str(path), "Move that away, and repeat the command with --resume")
        replace_whole(path, contents, 0o444)
    except OSError as error:
        raise DestinationError(f"the file cannot be written ({error.strerror or error})", str(path)) from error
