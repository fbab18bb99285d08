"""What happens when a job has ended: its checkpoint is time-stamped, the laboratory's hook is told."""

from pathlib import Path

from casedb.json_values import json_value
from diskwitness.answer import Answer
from image.errors import UsageError
from workflow.laboratory import Hook, Timestamps


def time_stamp(answer: Answer, settings: Timestamps, case: Path | None) -> bool:
    """Have the last checkpoint of the case signed by the configured authority; what fails becomes a warning.

    Whether nothing waits for a timestamp now.
    """
    if case is None or settings.url is None:
        return False
    from diskwitness.timestamp_text import timestamp_text
    from workflow.clock import SystemClock
    from workflow.timestamping import try_to_stamp

    stamping = try_to_stamp(case, settings, SystemClock())
    if stamping.timestamp is not None:
        answer.facts["timestamp"] = json_value(stamping.timestamp)
        answer.say(f"Time-stamped: {timestamp_text(stamping.timestamp)}")
    if stamping.problem is not None:
        answer.warn(f"not yet time-stamped: {stamping.problem}")
    return stamping.problem is None


def stamp_recorded(answer: Answer, case: Path) -> bool:
    """What `time_stamp` does, by the laboratory's configuration; one that cannot be read becomes a warning too."""
    from workflow.laboratory import read_laboratory

    try:
        settings = read_laboratory().timestamps
    except UsageError as error:
        answer.warn(f"not time-stamped: {error}")
        return False
    return time_stamp(answer, settings, case)


def call_hook(answer: Answer, hook: Hook, exhibit: str | None, case: Path | None) -> None:
    """Run the hook with the answer as it stands; its failure becomes a warning and nothing else."""
    if not hook.command:
        return
    import json

    from workflow.hook import JobOutcome, run_hook

    verdict, image = answer.facts.get("verdict"), answer.facts.get("image")
    outcome = JobOutcome(
        command=answer.command,
        exit_code=int(answer.exit_code),
        verdict=str(verdict) if verdict else None,
        image=str(image["path"]) if isinstance(image, dict) else None,
        exhibit=exhibit,
        case=str(case) if case else None,
    )
    told = json.dumps(answer.as_object(), ensure_ascii=True, default=json_value)
    complaint = run_hook(hook, outcome, told.encode() + b"\n")
    if complaint:
        answer.warn(complaint)
