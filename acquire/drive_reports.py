"""What the drive says of itself when it was read, beside what it said before."""

from acquire.drive_counters import compare_counters
from acquire.read_history import ReadHistory
from acquire.request import JobHooks
from image.job import Job

SECONDS_TO_ANSWER = 15.0
SECONDS_TO_ANSWER_STOPPED = 5.0
"""Who has stopped a job does not want to wait for a drive that may be dying."""


def note_drive_reports(hooks: JobHooks, history: ReadHistory, job: Job, timeout_seconds: float) -> None:
    """Ask the drive once more, and note its answer and how its counters changed; silence leaves all as it was."""
    reports = hooks.ask_drive(timeout_seconds)
    if reports:
        history.add_reports_after(reports, compare_counters(job.source.reports, reports))
