"""The end-of-job hook: a program of the laboratory that is told how a job ended.

Its own failure is told and never changes a verdict or an exit code.
"""

import os
from dataclasses import asdict, dataclass

from image.tools import ToolError, find_tool, run_tool
from workflow.laboratory import Hook

MAXIMUM_OUTPUT_BYTES = 1024 * 1024
KEPT_ENVIRONMENT = ("HOME", "USER", "LOGNAME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY")


@dataclass(frozen=True)
class JobOutcome:
    """How a job ended, as the hook finds it in its environment: DISKWITNESS_VERDICT and so on."""

    command: str
    exit_code: int
    verdict: str | None = None
    image: str | None = None
    exhibit: str | None = None
    case: str | None = None


def run_hook(hook: Hook, outcome: JobOutcome, answer: bytes) -> str | None:
    """Run the hook with the job's JSON answer on its stdin; what went wrong with it, or None.

    It is started through `env`, which sets its variables and leaves it the only run of the program.
    """
    if not hook.command:
        return None
    program, *arguments = hook.command
    path = find_tool(program)
    if path is None:
        return f"the hook was not run: no such program: {program}"
    settings = [f"{name}={value}" for name, value in _environment(outcome).items()]
    try:
        run = run_tool(
            "env",
            [*settings, str(path), *arguments],
            timeout_seconds=hook.timeout_seconds,
            stdin=answer,
            maximum_output_bytes=MAXIMUM_OUTPUT_BYTES,
        )
    except ToolError as error:
        return f"the hook failed: {error}"
    if run.exit_status == 0:
        return None
    last = (run.stderr.strip() or run.stdout.strip()).rpartition("\n")[2][:200]
    return f"the hook {program} ended with exit status {run.exit_status}" + (f": {last}" if last else "")


def _environment(outcome: JobOutcome) -> dict[str, str]:
    """The variables that the hook gets."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    told = {f"DISKWITNESS_{name.upper()}": value for name, value in asdict(outcome).items() if value is not None}
    return kept | {name: str(value) for name, value in told.items()}
