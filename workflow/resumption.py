"""An acquisition that goes on: what was left of it, what is asked for now, and the source, opened again."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from acquire.request import AcquisitionRequest
from acquire.resume import Interrupted
from acquire.source import OpenedSource
from acquire.source_range import SourceRange
from image.job import Job
from image.read_record import JobEvent
from workflow.acquisition_order import AcquisitionOrder
from workflow.acquisition_plan import AcquisitionPlan, make_header
from workflow.ready_job import Hands
from workflow.resume_changes import changes_since
from workflow.resume_ledger import record_resumption

if TYPE_CHECKING:
    from casedb.case_store import CaseStore


@dataclass(frozen=True)
class Resumption:
    """What goes on with what: the job as it was left, the order, and the source with the plan of the rest."""

    order: AcquisitionOrder
    opened: OpenedSource
    plan: AcquisitionPlan
    interrupted: Interrupted
    store: "CaseStore | None"
    hands: Hands

    @property
    def path(self) -> str:
        """The source, as it is called now."""
        return self.opened.facts.path

    @property
    def outputs(self) -> tuple[Path, ...]:
        """Where it stands, without extension."""
        return tuple(look.output for look in self.interrupted.looks)

    @property
    def source(self) -> SourceRange:
        """The sectors of the source that are imaged."""
        return SourceRange(self.opened.media, self.plan.sectors)

    def request(self, job: Job) -> AcquisitionRequest:
        """The request of this job."""
        return AcquisitionRequest(self.outputs, self.plan.layout, job, make_header(job))

    def changes(self, job: Job) -> tuple[str, ...]:
        """What is not as it was, in a phrase each."""
        return changes_since(self.interrupted.job, job, self.path)

    def recorded(self, job: Job, event: JobEvent) -> Job:
        """The job, when the ledger knows that it goes on."""
        link = record_resumption(self.store, self.interrupted, event.at, self.path, self.interrupted.ending)
        return replace(job, case_link=link)
