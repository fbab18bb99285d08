"""Cases whose checkpoints a real authority signs: entries bear the time of the machine, as its tokens do."""

import base64
from pathlib import Path

from casedb.store import CaseStore, create_case, open_case
from casedb.timestamp_token import read_token, token_request
from casedb.timestamps import TimestampRecorded, imprint_of
from tests.casedb.building import ACTOR, NEW_CASE, fill, key_environment
from tests.sim.time_authority import TimeAuthority
from workflow.clock import SystemClock

NONCE = 0xF00D_0000_0000_0001


def timely_case(folder: Path) -> Path:
    """A closed case with a bit of everything, written now."""
    with create_case(folder, NEW_CASE, ACTOR, SystemClock(), key_environment(folder)) as store:
        fill(store)
    return folder


def opened(folder: Path) -> CaseStore:
    """The case, to be written to now."""
    return open_case(folder, actor=ACTOR, clock=SystemClock(), environment=key_environment(folder))


def timestamp(note: str, size: int, authority: TimeAuthority) -> TimestampRecorded:
    """What an authority says of a checkpoint now."""
    answer = authority.answer(token_request(imprint_of(note), NONCE))
    content = read_token(answer)
    token = base64.b64encode(answer).decode()
    return TimestampRecorded(size, token, f"{NONCE:016x}", content.stamped, content.authority)


def stamp(folder: Path, authority: TimeAuthority) -> TimestampRecorded:
    """Have the checkpoint that waits signed and recorded."""
    with opened(folder) as store:
        waiting = store.waiting_checkpoint()
        assert waiting is not None
        facts = timestamp(waiting.note, waiting.size, authority)
        store.record_timestamp(facts)
    return facts
