"""What happens when a long job has ended: the laboratory's hook is told."""

from pathlib import Path

from diskwitness.answer import Answer
from diskwitness.json_values import json_value
from workflow.laboratory import Hook


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
