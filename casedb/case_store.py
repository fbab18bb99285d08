"""What can be told to an open case. Everything goes through the ledger."""

from collections.abc import Sequence
from dataclasses import replace

from casedb import queries, report_queries, told_queries
from casedb.amendment_writer import AmendmentWriter
from casedb.checkpointing import Signer
from casedb.entry import EntryKind
from casedb.facts import CaseClosed, CaseReopened
from casedb.import_store import ImportStore
from casedb.intake import (
    AcquisitionFinished,
    AcquisitionResumed,
    AcquisitionStarted,
    AcquisitionStopped,
    verification_facts,
)
from casedb.ledger_reading import read_ledger_id
from casedb.records import (
    Acquisition,
    AcquisitionState,
    Exhibit,
    IssuedReport,
    ReportSignature,
    Verification,
    VerificationResult,
)
from casedb.references import require_usable_reference, require_usable_text
from casedb.submissions import NewExhibit, NewReport, NewSignature
from casedb.timestamp_queries import read_timestamp_status
from casedb.timestamps import TimestampRecorded
from image.errors import CaseError, UsageError
from image.job import CaseLink, Job
from image.manifest import Manifest


class CaseStore(ImportStore, AmendmentWriter):
    """An open case: what is asked of it and what is told to it. Close it, or use it with `with`."""

    def add_exhibit(self, exhibit: NewExhibit) -> Exhibit:
        """Add a physical thing.

        Raises:
            UsageError: the reference is taken or cannot be one, or the parent is not there.
        """
        require_usable_reference(exhibit.reference)
        require_usable_text("description", exhibit.description)
        if exhibit.parent is not None:
            self.exhibit(exhibit.parent)
        with self._recording(f"exhibit {exhibit.reference!r}") as ledger:
            if told_queries.read_exhibit(self._rows, exhibit.reference) is not None:
                raise UsageError(f"exhibit {exhibit.reference!r} is already in this case", str(self.folder))
            ledger.append(EntryKind.EXHIBIT_ADDED, exhibit, exhibit.reference)
        return self.exhibit(exhibit.reference)

    def start_acquisition(self, job: Job, exhibit: str | None, paths: Sequence[str]) -> CaseLink:
        """Record that an acquisition starts, before its first sector is read.

        `paths` are those of its outputs without extension, as this process sees them: absolute, or relative to the
        current folder. The record keeps them relative to the case folder where they lie in it.

        Raises:
            UsageError: no such exhibit.
        """
        if exhibit is not None:
            self.exhibit(exhibit)
        facts = AcquisitionStarted(job, self._recorded(paths))
        with self._recording("the start of the acquisition") as ledger:
            sequence = ledger.append(EntryKind.ACQUISITION_STARTED, facts, exhibit)
        return CaseLink(self.head().ledger_id, sequence)

    def finish_acquisition(
        self, link: CaseLink, manifest: Manifest, manifest_sha256: str, paths: Sequence[str]
    ) -> Acquisition:
        """Record that an image is whole: its manifest, and the SHA-256 of exactly the manifest's bytes."""
        facts = AcquisitionFinished(link.started_sequence, manifest, manifest_sha256, self._recorded(paths))
        return self._go_on(link, EntryKind.ACQUISITION_FINISHED, facts)

    def stop_acquisition(self, link: CaseLink, reason: str) -> Acquisition:
        """Record that an acquisition ended before its end, and why; it may still be finished later."""
        facts = AcquisitionStopped(link.started_sequence, reason)
        return self._go_on(link, EntryKind.ACQUISITION_STOPPED, facts)

    def resume_acquisition(self, link: CaseLink, facts: AcquisitionResumed) -> Acquisition:
        """Record that an acquisition that ended early goes on; paths are as `start_acquisition` takes them."""
        told = replace(facts, started_sequence=link.started_sequence, paths=self._recorded(facts.paths))
        return self._go_on(link, EntryKind.ACQUISITION_RESUMED, told)

    def _go_on(self, link: CaseLink, kind: EntryKind, facts: object) -> Acquisition:
        """Append what became of an acquisition that this ledger started and that is not complete."""
        with self._recording(f"{kind.value} (started by entry {link.started_sequence})") as ledger:
            if link.ledger_id != read_ledger_id(self._rows):
                what = f"the acquisition belongs to another case (ledger {link.ledger_id})"
                raise CaseError(what, str(self.folder), "Open the case that it was started in")
            acquisition = queries.read_acquisition(self._rows, link.started_sequence)
            if acquisition.state is AcquisitionState.REDACTED:
                raise CaseError("how the acquisition ended was redacted", f"entry {acquisition.finished_sequence}")
            if acquisition.state is AcquisitionState.COMPLETE:
                raise CaseError("the acquisition is already complete", f"entry {acquisition.finished_sequence}")
            ledger.append(kind, facts, acquisition.exhibit)
            return queries.read_acquisition(self._rows, link.started_sequence)

    def record_verification(
        self, result: VerificationResult, exhibit: str | None, acquisition: int | None
    ) -> Verification:
        """Record a verification, of an exhibit's image and of the acquisition that made it where they are known.

        Raises:
            UsageError: no such exhibit.
        """
        if exhibit is not None:
            self.exhibit(exhibit)
        if acquisition is not None:
            self.require_image(acquisition)
        with self._recording(f"the verification of {result.image_path}") as ledger:
            facts = verification_facts(result, acquisition)
            sequence = ledger.append(EntryKind.VERIFICATION_RECORDED, facts, exhibit)
            return queries.read_verification(self._rows, sequence)

    def record_report(self, report: NewReport) -> IssuedReport:
        """Record that a report was issued.

        Raises:
            UsageError: no such exhibit, or the report's id is taken.
        """
        if report.exhibit is not None:
            self.exhibit(report.exhibit)
        with self._recording(f"report {report.report_id!r}") as ledger:
            if report_queries.is_report_issued(self._rows, report.report_id):
                raise UsageError(f"report {report.report_id!r} was already issued", str(self.folder))
            ledger.append(EntryKind.REPORT_ISSUED, report, report.exhibit)
        issued, _ = self.report(report.report_id)
        return issued

    def record_signature(self, exhibit: str | None, signature: NewSignature) -> ReportSignature:
        """Record that someone signed a report."""
        what = f"the {signature.role}'s signature under report {signature.report_id!r}"
        with self._recording(what) as ledger:
            ledger.append(EntryKind.REPORT_SIGNED, signature, exhibit)
        return self.report_signatures(signature.report_id)[-1]

    def close_case(self, reason: str | None = None) -> None:
        """Record that the matter is done; from then on nothing of it can be told."""
        with self._recording("the closing of the case") as ledger:
            ledger.append(EntryKind.CASE_CLOSED, CaseClosed(reason))

    def reopen_case(self, reason: str) -> None:
        """Record that the closed case goes on, and why.

        Raises:
            UsageError: a reason that says nothing.
            CaseError: the case is not closed.
        """
        require_usable_text("reason", reason)
        with self._recording("the reopening of the case") as ledger:
            closing = queries.read_closing(self._rows)
            if closing is None or not closing.is_closed:
                raise CaseError("the case is not closed", str(self.folder))
            ledger.append(EntryKind.CASE_REOPENED, CaseReopened(reason))

    def rotate_key(self, new: Signer) -> int | None:
        """Let this key sign in the place of the workstation's; the number of the entry, None where it does already.

        Raises:
            CaseError: not recorded, or the workstation's key may not sign here.
        """
        with self._recording("the new key") as ledger:
            return ledger.rotate_key(new)

    def record_timestamp(self, facts: TimestampRecorded) -> int:
        """Record an authority's answer for a checkpoint of this ledger; the number of the entry.

        Where a timestamp covers it already, by another process meanwhile, that one's number.

        Raises:
            CaseError: not recorded, or there is no such checkpoint.
        """
        what = f"the timestamp of checkpoint {facts.checkpoint_size}"
        with self._recording(what) as ledger:
            last = read_timestamp_status(self._rows).last
            if last is not None and last.checkpoint_size >= facts.checkpoint_size:
                return last.sequence
            return ledger.append(EntryKind.TIMESTAMP_RECORDED, facts)

    def introduce_key(self) -> None:
        """See that this workstation's key may sign here; one that the ledger does not know is told to it.

        Raises:
            CaseError: not recorded, or the key may not sign.
        """
        with self._recording("this workstation's key") as ledger:
            ledger.introduce_key()

    def sign_head(self) -> str:
        """A checkpoint over all entries as of now, signed by this workstation; appends nothing.

        Raises:
            CaseError: the case is open for reading only, the ledger does not know this workstation's key, or the
                last checkpoint is not that of this ledger.
        """
        if self._ledger is None:
            raise CaseError("nothing can be signed", str(self.folder), "The case is open for reading only")
        return self._ledger.sign_head()
