"""Who writes into a case."""

from casedb.records import Role
from casedb.submissions import Actor
from workflow.station import host_facts, program_sha256, program_version


def case_actor(clock_offset_ms: int | None = None) -> Actor:
    """Who writes entries: the account at the keyboard, this machine, this program; how far its clock is ahead."""
    host = host_facts()
    return Actor(
        None,
        host.operator,
        Role.EXAMINER,
        host.hostname,
        program_version(),
        program_sha256(),
        clock_offset_ms=clock_offset_ms,
    )
