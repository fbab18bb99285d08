"""What is not as it was when an interrupted job was begun."""

from image.job import Job
from workflow.station import host_facts, program_sha256, program_version


def changes_since(then: Job, now: Job, source_path: str) -> tuple[str, ...]:
    """What is not as it was when the job was begun, each in a phrase."""
    host = host_facts()
    pairs = (
        ("the source's name", then.source.path, source_path),
        ("the host", then.host.hostname, host.hostname),
        ("the operator", then.host.operator, host.operator),
        ("the program's version", then.tool.version, program_version()),
        ("the SHA-256 of the program", then.tool.program_sha256, program_sha256()),
        ("what happens at an unreadable sector", then.parameters.on_error, now.parameters.on_error),
        ("how the drive is rescued", then.parameters.rescue, now.parameters.rescue),
        ("the retries", then.parameters.retries, now.parameters.retries),
    )
    return tuple(f"{name} was {before} and is {after}" for name, before, after in pairs if before != after)
